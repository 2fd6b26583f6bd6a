/** Metrics and indices over a large hospital, against DuckDB asked the plain question of the same files. */
import { DuckDBInstance } from '@duckdb/node-api';
import { median, openLargeHospital, ROWS, rounded, say, timed } from './large-hospital.ts';

const ROUNDS = 5;
const hospital = await openLargeHospital();
const system = { kind: 'system', room: 'bench', orgId: 'demo', purpose: 'operations' } as const;
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const plain = await instance.connect();
const files = (fact: 'encounter' | 'charge' | 'survey_answer') =>
  `read_parquet([${hospital
    .filesOf(fact)
    .map((path) => `'${path}'`)
    .join(', ')}])`;

/** The question as someone would type it, over source codes and all versions. */
const QUESTIONS: readonly { id: string; by: string; plain: (from: string, to: string) => string }[] = [
  {
    id: 'outpatient-visits',
    by: 'department',
    plain: (from, to) =>
      `select department_code, count(*) from ${files('encounter')} where class = 'outpatient' and day between '${from}' and '${to}' group by 1`,
  },
  {
    id: 'drug-share',
    by: 'department',
    plain: (from, to) =>
      `select department_code, sum(case when category = 'drug' then amount_fen end) / sum(amount_fen) from ${files('charge')} where day between '${from}' and '${to}' group by 1`,
  },
  {
    id: 'distinct-patients',
    by: 'class',
    plain: (from, to) => `select class, count(distinct record_key) from ${files('encounter')} where day between '${from}' and '${to}' group by 1`,
  },
];
for (const { id, by, plain: sql } of QUESTIONS) {
  const [ours, theirs]: [number[], number[]] = [[], []];
  // A different range each time, so that no answer comes from memory.
  for (let round = 0; round < ROUNDS; round += 1) {
    const [from, to] = [`2025-04-0${round + 1}`, `2026-03-1${round}`];
    ours.push((await timed(() => hospital.analyze.metrics.answer(system, id, { from, to, by }))).ms);
    theirs.push((await timed(() => plain.runAndReadAll(sql(from, to)))).ms);
  }
  say({
    bench: `metric ${id} by ${by}, one year`,
    ...rounded({ rows: ROWS, ms: median(ours), duckdbMs: median(theirs), ratio: median(theirs) / median(ours) }),
  });
}
const again = await timed(() => hospital.analyze.metrics.answer(system, 'drug-share', { from: '2025-04-01', to: '2026-03-10', by: 'department' }));
say({ bench: 'the same question again', ...rounded({ ms: again.ms }) });
const full = await timed(() => hospital.analyze.indices.refresh({ isFull: true }));
say({ bench: 'indices, every day', ...rounded({ rows: ROWS, days: full.value, ms: full.ms }) });
say({ bench: 'indices, nothing new', ...rounded({ ms: (await timed(() => hospital.analyze.indices.refresh())).ms }) });
say({ bench: 'overview, 90 days, cold', ...rounded({ ms: (await timed(() => hospital.analyze.overview(system, 90))).ms }) });
say({ bench: 'overview, 90 days, again', ...rounded({ ms: (await timed(() => hospital.analyze.overview(system, 90))).ms }) });
plain.closeSync();
await hospital.close();
