/**
 * Opening one patient: the timeline of people at random, against DuckDB asked for the same person's rows straight from the same files.
 * What the product adds is the winning versions, the person, the department, scope, paging and audit.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { median, openLargeHospital, PEOPLE, p95, ROWS, rounded, say, timed } from './large-hospital.ts';

const OPENED = 40;
const hospital = await openLargeHospital();
const people = Array.from({ length: OPENED }, (_, at) => hospital.recordKeyOf(Math.floor((PEOPLE * (at + 0.5)) / OPENED)));

const ours: number[] = [];
let lines = 0;
await hospital.analyze.patients.timeline(hospital.viewer, people[0] ?? '', {});
for (const person of people) {
  const { ms, value } = await timed(() => hospital.analyze.patients.timeline(hospital.viewer, person, { limit: 50 }));
  ours.push(ms);
  lines += value.rows.length;
}

const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const plain = await instance.connect();
const facts = ['encounter', 'observation', 'charge', 'survey_answer'] as const;
const lists = facts.map(
  (fact) =>
    `[${hospital
      .filesOf(fact)
      .map((path) => `'${path}'`)
      .join(', ')}]`,
);
const theirs: number[] = [];
for (const person of [people[0] ?? '', ...people]) {
  const sql = lists
    .map((list) => `select fact_key, occurred_at, department_code from read_parquet(${list}) where record_key = '${person}'::uuid`)
    .join(' union all ');
  theirs.push((await timed(() => plain.runAndReadAll(`select * from (${sql}) order by occurred_at desc limit 50`))).ms);
}
plain.closeSync();
const peer = theirs.slice(1);
say({
  bench: 'patient timeline',
  ...rounded({ rows: ROWS, people: PEOPLE, linesEach: lines / OPENED, medianMs: median(ours), p95Ms: p95(ours), duckdbMedianMs: median(peer) }),
  ...rounded({ ratio: median(peer) / median(ours) }),
  peer: 'DuckDB over the same files, same person, no versions, links or scope',
});
const { ms } = await timed(() => hospital.analyze.patients.list(hospital.viewer, { limit: 50 }));
say({ bench: 'patient list, first page', ...rounded({ rows: ROWS, ms }) });
await hospital.close();
