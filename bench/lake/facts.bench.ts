/**
 * Rows into fact files, against DuckDB's own CSV → Parquet of the same rows. The peer reads one CSV and writes one unsorted file; ours
 * checks every value, files by month, sorts by record key and syncs. Row by row is the way of messages, set-based the way of bulk files.
 */
import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { columnsOf, type FactRow } from '@xinglin/contracts';
import { factRow, keyFor } from '../../server/lake/testing.ts';
import { openStand, say, seconds } from './stand.ts';

const ROWS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const CHUNK = 10_000;
const stand = await openStand();
const PEOPLE = Array.from({ length: 20_000 }, (_, i) => keyFor(`person ${i}`));
const CODES = ['GLU', 'K', 'NA', 'CRP', 'HGB', 'ALT'];
const START = Date.parse('2025-01-01T00:00:00Z');
const template = factRow('charge', { category: 'laboratory', quantity: 1, payment_type: 'insured' });
const at = Object.fromEntries(columnsOf('charge').map(({ name }, i) => [name, i])) as Record<string, number>;

/** `hex` differs for every row, so keys are as hard to compress as real ones. */
function row(i: number): FactRow {
  const values = [...template];
  const occurred = START + ((i * 7919) % 31_536_000) * 1000;
  const hash = (BigInt(i) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
  const hex = hash.toString(16).padStart(16, '0') + ((hash * 31n) & 0xffffffffffffffffn).toString(16).padStart(16, '0');
  values[at['fact_key']!] = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  values[at['version']!] = occurred * 1000;
  values[at['position']!] = i;
  values[at['record_key']!] = PEOPLE[(i * 31) % PEOPLE.length]!;
  values[at['occurred_at']!] = BigInt(occurred) * 1000n;
  values[at['received_at']!] = BigInt(occurred) * 1000n;
  values[at['day']!] = new Date(occurred + 28_800_000).toISOString().slice(0, 10);
  values[at['code']!] = CODES[i % CODES.length]!;
  values[at['department_code']!] = `D${i % 30}`;
  values[at['staff_code']!] = `S${i % 400}`;
  values[at['unit_price']!] = (i % 5000) / 100;
  values[at['amount_fen']!] = i % 5000;
  return values;
}

// The same rows as a CSV, times as text, as a hospital would hand them over.
const csv = join(stand.folder, 'rows.csv');
const out = createWriteStream(csv);
const text = (value: FactRow[number]): string =>
  value === null ? '' : typeof value === 'bigint' ? new Date(Number(value / 1000n)).toISOString().slice(0, 19).replace('T', ' ') : String(value);
out.write(
  `${columnsOf('charge')
    .map(({ name }) => name)
    .join(',')}\n`,
);
for (let i = 0; i < ROWS; i += CHUNK) {
  let part = '';
  for (let j = i; j < Math.min(ROWS, i + CHUNK); j++) part += `${row(j).map(text).join(',')}\n`;
  if (!out.write(part)) await once(out, 'drain');
}
out.end();
await finished(out);

const plain = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const peer = await seconds(() =>
  plain.run(`copy (select * from read_csv('${csv}')) to '${join(stand.folder, 'peer.parquet')}' (format parquet, compression zstd)`),
);
say(`DuckDB CSV → Parquet, ${ROWS} rows of ${columnsOf('charge').length} columns`, { perSecond: ROWS / peer, megabytes: statSync(csv).size / 1e6 });

let making = 0;
const byRow = await seconds(async () => {
  const batch = stand.lake.beginFacts();
  for (let i = 0; i < ROWS; i += CHUNK) {
    const start = performance.now();
    const rows = Array.from({ length: Math.min(CHUNK, ROWS - i) }, (_, j) => row(i + j));
    making += (performance.now() - start) / 1000;
    await batch.add('charge', rows);
  }
  await batch.close();
});
// Making the rows is the pipeline's work and measured there.
say('facts row by row', { perSecond: ROWS / (byRow - making), ratio: peer / (byRow - making) });

// As parameters, in pieces of some bulk deliveries each.
const names = columnsOf('charge').map(({ name }) => name);
const select = `select ${names.map((name, i) => `nullif(p[${i + 1}], '') as "${name}"`).join(', ')} from (select string_split(unnest(string_split($1, chr(10))), ',') as p)`;
const pieces: string[] = [];
for (let i = 0; i < ROWS; i += CHUNK * 10) {
  const lines: string[] = [];
  for (let j = i; j < Math.min(ROWS, i + CHUNK * 10); j++) lines.push(row(j).map(text).join(','));
  pieces.push(lines.join('\n'));
}
const setBased = await seconds(async () => {
  const batch = stand.lake.beginFacts();
  for (const piece of pieces) await batch.addFrom('charge', select, [piece]);
  await batch.close();
});
say('facts set-based from CSV text', { perSecond: ROWS / setBased, ratio: peer / setBased });
await stand.close();
