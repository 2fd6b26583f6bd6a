/**
 * How fast and how flat: patients, items and facts per second and peak memory at 10,000 and 200,000 patients, each in a process of its own, all doors.
 * A month costs the same wherever it lies, so one month of the large hospital stands for its twenty-four (`BENCH_MONTHS` makes more). `BENCH_WHOLE=1` makes
 * all of them (or `BENCH_MONTHS` of them), in two processes as `--jobs 2` does; the bytes are made and summed up, and not kept: they are about 25 GB.
 * The physical limit named is writing the same bytes to the same disk in one stream.
 */
import { fork } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { ALL_FOLDERS, loadDemo } from '../../simulator/index.ts';
import { factsIn } from './count-facts.ts';

const SIZES = [10_000, 200_000];
const MONTHS_IN_ALL = 24;
const MONTHS = Math.min(MONTHS_IN_ALL, Number(process.env['BENCH_MONTHS'] ?? 1));
const JOBS = 2;
/** 200,000 patients × 24 months in 15 minutes on two cores. */
const BUDGET_SECONDS = 900;

interface Task {
  patients: number;
  only: number[];
  isKept: boolean;
}
interface Measured {
  patients: number;
  months: number;
  seconds: number;
  cpuSeconds: number;
  items: number;
  facts: number;
  bytes: number;
  crc: number;
  peakMb: number;
  /** Null when the bytes were not written. */
  diskSeconds: number | null;
}

async function measure({ patients, only, isKept }: Task): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-bench-simulator-'));
  try {
    let [items, facts, bytes, crc] = [0, 0, 0, 0];
    const before = process.cpuUsage();
    const begin = performance.now();
    for await (const part of loadDemo({ patients, months: MONTHS_IN_ALL, seed: 'bench', end: '2026-11-30', only, folders: ALL_FOLDERS })) {
      if (isKept) {
        mkdirSync(join(folder, part.month), { recursive: true });
        writeFileSync(join(folder, part.month, part.fileName), part.body);
      } else crc = crc32(part.body, crc);
      if (part.kind !== 'truth') items += part.items;
      facts += factsIn(part);
      bytes += part.body.length;
    }
    const seconds = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(before);
    const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
    const diskSeconds = isKept ? streamed(join(folder, 'stream'), bytes) : null;
    return { patients, months: only.length, seconds, cpuSeconds: (user + system) / 1e6, items, facts, bytes, crc, peakMb, diskSeconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function streamed(file: string, bytes: number): number {
  const block = Buffer.alloc(4 * 1024 * 1024, 120);
  const start = performance.now();
  const handle = openSync(file, 'w');
  for (let left = bytes; left > 0; left -= block.length) writeSync(handle, block, 0, Math.min(left, block.length));
  closeSync(handle);
  return (performance.now() - start) / 1000;
}

const child = (task: Task): Promise<Measured> =>
  new Promise((done, failed) => {
    const process_ = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, BENCH_TASK: JSON.stringify(task) } });
    process_.on('message', (found) => done(found as Measured));
    process_.on('exit', (code) => failed(new Error(`measuring process ended with ${code}`)));
  });

const fixed = (value: number, digits = 2): number => Number(value.toFixed(digits));
function report({ patients, months, seconds, cpuSeconds, items, facts, bytes, peakMb, diskSeconds }: Measured): void {
  const patientMonths = patients * months;
  console.log(
    JSON.stringify({
      patients,
      months,
      seconds: fixed(seconds),
      cpuSeconds: fixed(cpuSeconds),
      patientMonthsPerSecond: Math.round(patientMonths / seconds),
      microsecondsOfCpuPerPatientMonth: Math.round((cpuSeconds * 1e6) / patientMonths),
      itemsPerSecond: Math.round(items / seconds),
      factsPerSecond: Math.round(facts / seconds),
      factsPerPatientMonth: fixed(facts / patientMonths),
      megabytesPerSecond: Math.round(bytes / 1e6 / seconds),
      peakMemoryMb: peakMb,
      ratioToPlainDiskStream: diskSeconds === null ? null : fixed(diskSeconds / seconds, 3),
    }),
  );
}

const given = process.env['BENCH_TASK'];
if (given !== undefined) {
  const found = await measure(JSON.parse(given) as Task);
  process.send?.(found);
  process.disconnect?.();
} else if (process.env['BENCH_WHOLE'] === '1') {
  const begin = performance.now();
  const count = process.env['BENCH_MONTHS'] === undefined ? MONTHS_IN_ALL : MONTHS;
  const months = Array.from({ length: count }, (_, i) => MONTHS_IN_ALL - 1 - i);
  const shares = Array.from({ length: JOBS }, (_, job) => months.filter((month) => month % JOBS === job));
  const found = await Promise.all(shares.map((only) => child({ patients: 200_000, only, isKept: false })));
  const seconds = (performance.now() - begin) / 1000;
  const sum = (of: (each: Measured) => number): number => found.reduce((all, each) => all + of(each), 0);
  console.log(
    JSON.stringify({
      patients: 200_000,
      months: count,
      processes: JOBS,
      seconds: fixed(seconds, 0),
      cpuSeconds: fixed(
        sum((each) => each.cpuSeconds),
        0,
      ),
      items: sum((each) => each.items),
      facts: sum((each) => each.facts),
      gigabytes: fixed(sum((each) => each.bytes) / 1e9, 1),
      factsPerSecond: Math.round(sum((each) => each.facts) / seconds),
      factsPerPatientMonth: fixed(sum((each) => each.facts) / (200_000 * count)),
      peakMemoryMbOfEach: found.map((each) => each.peakMb),
      crc32: found.map((each) => each.crc.toString(16)),
      cpuSecondsOfTwentyFourMonths: fixed((sum((each) => each.cpuSeconds) / count) * MONTHS_IN_ALL, 0),
      ratioToBudget: fixed((seconds / count / BUDGET_SECONDS) * MONTHS_IN_ALL),
    }),
  );
} else {
  const only = Array.from({ length: MONTHS }, (_, i) => MONTHS_IN_ALL - 1 - i);
  const results: Measured[] = [];
  for (const patients of SIZES) {
    const found = await child({ patients, only, isKept: true });
    results.push(found);
    report(found);
  }
  const [small, large] = results as [Measured, Measured];
  const wholeCpu = (large.cpuSeconds / MONTHS) * MONTHS_IN_ALL;
  console.log(
    JSON.stringify({
      cpuPerPatientLargeToSmall: fixed(large.cpuSeconds / large.patients / (small.cpuSeconds / small.patients)),
      memoryLargeToSmall: fixed(large.peakMb / small.peakMb),
      wholeRunCpuSeconds: Math.round(wholeCpu),
      wholeRunSecondsOnTwoFreeCores: Math.round(wholeCpu / JOBS),
      ratioToBudget: fixed(wholeCpu / JOBS / BUDGET_SECONDS),
    }),
  );
}
