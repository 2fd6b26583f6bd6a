/**
 * From deliveries in the raw zone to facts in the manifest, against DuckDB's own CSV → Parquet of the same rows (aim: 25 % without identifying
 * columns, 4 % with: the same charges, each row naming its patient). A register of new patients, every row another, is measured beside. The peer reads one file and writes one; ours decrypts, makes keys, checks codes, seals details, links people, files by
 * month, syncs, and moves the cursor in one transaction per chunk. Taking the file in at the door is not measured here.
 */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createCollect } from '../../server/collect/index.ts';
import { createGovern } from '../../server/govern/index.ts';
import { watchLag } from '../lake/lag.ts';
import { openStand, say, seconds } from '../lake/stand.ts';
import { NAMED_CHARGE_HEADER, namedChargeRow, writeCharges } from './charges.ts';
import { PATIENT_HEADER, patientRow } from './patients.ts';

const ROWS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const stand = await openStand();
const { platform, lake, folder } = stand;
const collect = await createCollect({ platform, lake });
const govern = await createGovern({ platform, lake, collect });

async function compare(name: string, rows: number, rowOf?: (i: number) => string, header?: string): Promise<void> {
  const csv = join(folder, `${name}.csv`);
  const bytes = await writeCharges(csv, rows, rowOf, header);
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  const peerStarted = process.cpuUsage();
  const peer = await seconds(() =>
    connection.run(`copy (select * from read_csv('${csv}')) to '${join(folder, 'peer.parquet')}' (format parquet, compression zstd)`),
  );
  const peerCpu = cpuSeconds(peerStarted);
  say(`DuckDB CSV → Parquet, ${name}, ${rows} rows`, { perSecond: rows / peer, megabytes: bytes / 1e6, cpuSeconds: peerCpu });
  const door = await seconds(async () => {
    const report = await collect.ingest({ paths: [csv], source: null, mapping: null, by: 'bench' });
    if (report.accepted !== rows) throw new Error(`${report.accepted} of ${rows} rows accepted`);
  });
  say(`the door, ${name}`, { perSecond: rows / door, ratio: peer / door });
  const started = process.cpuUsage();
  const lag = watchLag();
  const filed = await seconds(() => govern.pipeline.drain());
  const longestLagMs = lag();
  const used = cpuSeconds(started);
  // Work against work: on a shared machine the time of either says little.
  say(`raw → facts, ${name}`, { perSecond: rows / filed, ratio: peer / filed, cpuSeconds: used, cpuRatio: peerCpu / used, longestLagMs });
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(since);
  return (used.user + used.system) / 1e6;
}

await compare('charges without identifying columns', ROWS);
await compare('charges with identifying columns', ROWS, namedChargeRow, NAMED_CHARGE_HEADER);
await compare('patients with identifying columns', Math.max(1, Math.round(ROWS / 10)), patientRow, PATIENT_HEADER);
await govern.pipeline.stop();
await collect.close();
await stand.close();
