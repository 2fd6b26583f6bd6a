/**
 * From deliveries in the raw zone to facts in the manifest, against DuckDB's own CSV → Parquet of the same rows, the middle of five times, three before
 * and two after (aim: 25 % without identifying columns, 4 % with). Four tables: charges that tell of nobody; the same by record number, which links
 * 20,000 patients; the same with name, id, phone on each row; a register of new patients, every row another. The peer reads one file and writes one;
 * ours decrypts, makes keys, checks codes, seals details, links people, files by month, syncs, and moves the cursor in one transaction per chunk.
 * Taking the file in at the door is not measured here.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createCollect } from '../../server/collect/index.ts';
import { createGovern } from '../../server/govern/index.ts';
import { watchLag } from '../lake/lag.ts';
import { openStand, say, seconds } from '../lake/stand.ts';
import { ANONYMOUS_CHARGE_HEADER, ANONYMOUS_CHARGE_MAPPING, anonymousChargeRow, NAMED_CHARGE_HEADER, namedChargeRow, writeCharges } from './charges.ts';
import { PATIENT_HEADER, patientRow } from './patients.ts';

const ROWS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const stand = await openStand();
const { platform, lake, folder } = stand;
const collect = await createCollect({ platform, lake });
const govern = await createGovern({ platform, lake, collect });

interface Table {
  readonly rowOf?: (i: number) => string;
  readonly header?: string;
  /** Absent: the one the header is recognised by. */
  readonly mapping?: string;
}

async function compare(name: string, rows: number, { rowOf, header, mapping }: Table = {}): Promise<void> {
  const csv = join(folder, `${name}.csv`);
  const bytes = await writeCharges(csv, rows, rowOf, header);
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  const peers: { time: number; cpu: number }[] = [];
  const runPeer = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      const started = process.cpuUsage();
      const took = await seconds(() =>
        connection.run(`copy (select * from read_csv('${csv}')) to '${join(folder, 'peer.parquet')}' (format parquet, compression zstd)`),
      );
      peers.push({ time: took, cpu: cpuSeconds(started) });
    }
  };
  await runPeer(3);
  const door = await seconds(async () => {
    const report = await collect.ingest({ paths: [csv], source: null, mapping: mapping ?? null, by: 'bench' });
    if (report.accepted !== rows) throw new Error(`${report.accepted} of ${rows} rows accepted`);
  });
  const started = process.cpuUsage();
  const lag = watchLag();
  const filed = await seconds(() => govern.pipeline.drain());
  const longestLagMs = lag();
  const used = cpuSeconds(started);
  await runPeer(2);
  connection.closeSync();
  const middle = (of: 'time' | 'cpu'): number => peers.map((each) => each[of]).toSorted((x, y) => x - y)[2] ?? Number.NaN;
  const [peer, peerCpu] = [middle('time'), middle('cpu')];
  say(`DuckDB CSV → Parquet, ${name}, ${rows} rows`, { perSecond: rows / peer, megabytes: bytes / 1e6, cpuSeconds: peerCpu });
  say(`the door, ${name}`, { perSecond: rows / door, ratio: peer / door });
  // Work against work: on a shared machine the time of either says little.
  say(`raw → facts, ${name}`, { perSecond: rows / filed, ratio: peer / filed, cpuSeconds: used, cpuRatio: peerCpu / used, longestLagMs });
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(since);
  return (used.user + used.system) / 1e6;
}

const anonymousMapping = join(folder, 'anonymous.json');
writeFileSync(anonymousMapping, JSON.stringify(ANONYMOUS_CHARGE_MAPPING));

await compare('charges without identifying columns', ROWS, { rowOf: anonymousChargeRow, header: ANONYMOUS_CHARGE_HEADER, mapping: anonymousMapping });
await compare('charges by record number', ROWS);
await compare('charges with identifying columns', ROWS, { rowOf: namedChargeRow, header: NAMED_CHARGE_HEADER });
await compare('patients with identifying columns', Math.max(1, Math.round(ROWS / 10)), { rowOf: patientRow, header: PATIENT_HEADER });
await govern.pipeline.stop();
await collect.close();
await stand.close();
