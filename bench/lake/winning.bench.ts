/** What "the winning version of each fact" costs over plain Parquet: the same questions to the same files, without and with versions decided. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openStand, say, seconds } from './stand.ts';

const ROWS = Number(process.env['BENCH_ROWS'] ?? 3_000_000);
const CORRECTED = 500;
const ROUNDS = 5;
const BATCHES = 6;
const PER_BATCH = Math.floor(ROWS / BATCHES);
const stand = await openStand();
const { lake, platform } = stand;
let position = 0;

/** Charges made by number; a second version of a number corrects it. */
async function put(from: number, count: number, version: number): Promise<void> {
  const batch = lake.beginFacts();
  await batch.addFrom(
    'charge',
    `select cast(md5('f' || i) as uuid) as fact_key, ${version} as version, i as position, false as is_deleted, 'demo' as org_id, 'main' as campus_id, 'his' as source,
       cast(md5('p' || (i % 40000)) as uuid) as record_key, null as encounter_key, timestamp '2025-01-01' + to_seconds(cast(hash(i) % 30000000 as bigint)) as occurred_at,
       timestamp '2026-01-01' as received_at, date '2025-01-01' as day, 'second' as time_precision, 'bench@1' as edition, 'C' || (i % 500) as code,
       'D' || (i % 20) as department_code, null as staff_code, 'drug' as category, 1 as quantity, 0.5 as unit_price, i % 1000 as amount_fen, null as payment_type
     from range(${from}, ${from + count}) t(i)`,
  );
  const files = await batch.close();
  const stream = { orgId: 'bench', campusId: 'main', source: 'his', lane: 'bulk' } as const;
  await platform.db.tx((tx) => lake.commit(tx, { stream, from: position, to: ++position, files, edition: 'bench@1' }));
}
for (let i = 0; i < BATCHES; i++) await put(i * PER_BATCH, PER_BATCH, 1);

const plain = await (await DuckDBInstance.create(':memory:', { threads: '2', enable_external_file_cache: 'false' })).connect();
const everyFile = (): string => {
  const root = join(stand.folder, 'data/facts');
  const paths = readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.parquet'));
  return `read_parquet([${paths.map((name) => `'${join(root, name)}'`).join(', ')}], hive_partitioning = false)`;
};
const [{ key } = { key: '' }] = await lake.warehouse.query<{ key: string }>('select record_key as key from fact_charge limit 1');
const QUESTIONS = {
  'sum by department': (facts: string) => `select department_code, sum(amount_fen) as fen from ${facts} group by 1`,
  'one record': (facts: string) => `select code, amount_fen from ${facts} where record_key = cast('${key}' as uuid)`,
};
const best = async (work: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) times.push(await seconds(work));
  return Math.min(...times);
};
async function compare(state: string, files: string): Promise<void> {
  for (const [name, question] of Object.entries(QUESTIONS)) {
    const ours = await best(() => lake.warehouse.query(question('fact_charge')));
    const peer = await best(() => plain.runAndReadAll(question(files)));
    say(`${name}, ${state}`, { rows: ROWS, ms: ours * 1000, duckdbMs: peer * 1000, ratio: peer / ours });
  }
}
await compare(`${BATCHES} files a month, not compacted`, everyFile());
const compaction = await seconds(() => lake.compact({ minFiles: 1 }));
say('compaction', { rows: ROWS, rowsPerSecond: ROWS / compaction });
const compacted = (await platform.db.query<{ path: string }>('select path from lake.live_fact_file')).map(
  ({ path }) => `'${join(stand.folder, 'data/facts', path)}'`,
);
const files = `read_parquet([${compacted.join(', ')}], hive_partitioning = false)`;
await compare('compacted', files);
await put(0, CORRECTED, 2);
await compare(`compacted, then ${CORRECTED} corrected`, files);
plain.closeSync();
await stand.close();
