/**
 * How fast and how flat: patients and items per second and peak memory at 10,000 and 200,000 patients, each in a process of its own.
 * A month costs the same wherever it lies, so one month of the large hospital stands for its twenty-four; `BENCH_MONTHS` makes more.
 * The physical limit named is writing the same bytes to the same disk in one stream.
 */
import { fork } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDemo } from '../../simulator/index.ts';

const SIZES = [10_000, 200_000];
const MONTHS_IN_ALL = 24;
const MONTHS = Math.min(MONTHS_IN_ALL, Number(process.env['BENCH_MONTHS'] ?? 1));
/** Statements that become facts, per item said: a bill's lines, a report's results, an admission's diagnoses (counted on a 2,000-patient run). */
const FACTS_PER_ITEM = 1.5;
/** Issue of the simulator: 200,000 patients × 24 months in 15 minutes on two cores. */
const BUDGET_SECONDS = 900;

interface Measured {
  patients: number;
  seconds: number;
  items: number;
  bytes: number;
  peakMb: number;
  diskSeconds: number;
}

async function measure(patients: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-bench-simulator-'));
  try {
    let [items, bytes] = [0, 0];
    const only = Array.from({ length: MONTHS }, (_, i) => MONTHS_IN_ALL - 1 - i);
    const begin = performance.now();
    for await (const part of loadDemo({ patients, months: MONTHS_IN_ALL, seed: 'bench', end: '2026-11-30', only })) {
      mkdirSync(join(folder, part.month), { recursive: true });
      writeFileSync(join(folder, part.month, part.fileName), part.body);
      items += part.items;
      bytes += part.body.length;
    }
    const seconds = (performance.now() - begin) / 1000;
    const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
    const block = Buffer.alloc(4 * 1024 * 1024, 120);
    const start = performance.now();
    const handle = openSync(join(folder, 'stream'), 'w');
    for (let left = bytes; left > 0; left -= block.length) writeSync(handle, block, 0, Math.min(left, block.length));
    closeSync(handle);
    return { patients, seconds, items, bytes, peakMb, diskSeconds: (performance.now() - start) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const child = (patients: number): Promise<Measured> =>
  new Promise((done, failed) => {
    const process_ = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, BENCH_SIZE: String(patients) } });
    process_.on('message', (found) => done(found as Measured));
    process_.on('exit', (code) => failed(new Error(`measuring process ended with ${code}`)));
  });

const size = process.env['BENCH_SIZE'];
if (size !== undefined) {
  const found = await measure(Number(size));
  process.send?.(found);
  process.disconnect?.();
} else {
  const results: Measured[] = [];
  for (const patients of SIZES) {
    const found = await child(patients);
    results.push(found);
    const perPatientMonth = (found.seconds * 1e6) / (found.patients * MONTHS);
    console.log(
      JSON.stringify({
        patients: found.patients,
        months: MONTHS,
        seconds: Number(found.seconds.toFixed(2)),
        patientMonthsPerSecond: Math.round((found.patients * MONTHS) / found.seconds),
        microsecondsPerPatientMonth: Math.round(perPatientMonth),
        itemsPerSecond: Math.round(found.items / found.seconds),
        factsPerSecond: Math.round((found.items * FACTS_PER_ITEM) / found.seconds),
        megabytesPerSecond: Math.round(found.bytes / 1e6 / found.seconds),
        peakMemoryMb: found.peakMb,
        ratioToPlainDiskStream: Number((found.diskSeconds / found.seconds).toFixed(3)),
      }),
    );
  }
  const [small, large] = results as [Measured, Measured];
  const wholeSeconds = (large.seconds / MONTHS) * MONTHS_IN_ALL;
  console.log(
    JSON.stringify({
      timePerPatientLargeToSmall: Number((large.seconds / large.patients / (small.seconds / small.patients)).toFixed(2)),
      memoryLargeToSmall: Number((large.peakMb / small.peakMb).toFixed(2)),
      wholeRunSecondsOneProcess: Math.round(wholeSeconds),
      wholeRunSecondsTwoProcesses: Math.round(wholeSeconds / 2),
      ratioToBudget: Number((wholeSeconds / 2 / BUDGET_SECONDS).toFixed(2)),
    }),
  );
}
