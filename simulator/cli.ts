/** `xinglin simulate …`: results to standard output, progress to standard error, one clear line on bad input. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { type SimulateProgress, simulate } from './simulate.ts';
import { writeRecords } from './truth/records-file.ts';
import { createWorld, type SimulateOptions, SimulatorError } from './world.ts';

const USAGE = `xinglin simulate --patients N --months M --seed S --end YYYY-MM-DD (--out DIR | --to URL | --records FILE) [--json]

  --patients N   people with a record in the hospital, 8 to 5000000 (default 2000)
  --months M     calendar months, the last one that of --end (default 12)
  --seed S       any text; same seed and end, same bytes (default 1)
  --end DATE     last day simulated, or an instant with its zone
  --live-months K  the newest K months leave by the interfaces, the older ones as table exports, as hospitals
                 hand over their history (default: all months by the interfaces)
  --out DIR      write files: deliver/<YYYY-MM>/<source>/, events/, mqtt/, dicom/, exports/, truth/, hospital.json
  --to URL       hand over to a running server, newest month first; signs in with
                 XINGLIN_SIMULATE_USER and XINGLIN_SIMULATE_PASSWORD
  --records FILE write the records of all people as each system holds them, and FILE.truth.csv who they
                 are, without playing a visit
  --jobs N       processes that share the months of --out (default 1)
  --speed D      with --to: hand over day by day, oldest first, D days a second (0.5: a day every two seconds)
  --live         with --to: after delivering, go on at the pace of the clock
  --live-only    with --to: only go on from --end, catching up first
  --json         progress and result as lines of JSON on standard output
`;

const FLAGS = ['patients', 'months', 'seed', 'end', 'out', 'to', 'jobs', 'only', 'records', 'speed', 'live-months'] as const;
const SWITCHES = ['json', 'live', 'live-only'] as const;
type Switch = (typeof SWITCHES)[number];
type Flag = (typeof FLAGS)[number];

function parse(argv: readonly string[]): { flags: Partial<Record<Flag, string>>; switches: ReadonlySet<Switch> } {
  const flags: Partial<Record<Flag, string>> = {};
  const switches = new Set<Switch>();
  for (let i = 0; i < argv.length; i++) {
    const [word, inline] = (argv[i] as string).split(/=(.*)/s, 2) as [string, string | undefined];
    const toggle = SWITCHES.find((each) => word === `--${each}`);
    if (toggle !== undefined) {
      switches.add(toggle);
      continue;
    }
    const flag = FLAGS.find((each) => word === `--${each}`);
    if (flag === undefined) throw new SimulatorError(`simulate: does not know ${JSON.stringify(word)}; see xinglin simulate --help.`);
    const value = inline ?? argv[++i];
    if (value === undefined || value === '') throw new SimulatorError(`${flag}: needs a value.`);
    flags[flag] = value;
  }
  return { flags, switches };
}

const number = (name: string, text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw new SimulatorError(`${name}: must be a whole number.`);
  return Number(text);
};

/** Never throws: a refusal is one line on standard error and exit code 1. */
export async function runSimulate(argv: readonly string[]): Promise<void> {
  if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(USAGE);
    return;
  }
  try {
    const { flags, switches } = parse(argv);
    const isJson = switches.has('json');
    if (flags.end === undefined) throw new SimulatorError('end: needs a day, such as --end 2026-11-20.');
    const months = number('months', flags.months, 12);
    const options: SimulateOptions = { patients: number('patients', flags.patients, 2000), months, seed: flags.seed ?? '1', end: flags.end };
    if (flags.records !== undefined) {
      const written = writeRecords(createWorld(options), resolve(flags.records));
      process.stdout.write(`${isJson ? JSON.stringify(written) : `${written.records} records of ${written.people} people; who they are: ${written.truth}`}\n`);
      return;
    }
    const jobs = number('jobs', flags.jobs, 1);
    if (jobs > 1 && flags.out !== undefined) {
      createWorld(options);
      const total = await shareOut(argv, months, jobs);
      process.stdout.write(`${isJson ? JSON.stringify(total) : `${total.items} items, ${(total.bytes / 1e6).toFixed(1)} MB`}\n`);
      return;
    }
    const env = process.env;
    const isLive = switches.has('live') || switches.has('live-only');
    const result = await simulate({
      ...options,
      ...(flags.out === undefined ? {} : { out: resolve(flags.out) }),
      ...(flags.to === undefined ? {} : { to: flags.to }),
      ...(flags.only === undefined ? {} : { only: flags.only.split(',').map(Number) }),
      ...(switches.has('live-only') ? { only: [] } : {}),
      ...(flags['live-months'] === undefined ? {} : { liveMonths: number('live-months', flags['live-months'], 0) }),
      ...(flags.speed === undefined ? {} : { daysPerSecond: Number(flags.speed) }),
      ...(isLive ? { live: { from: null, isStopped: untilSignal() } } : {}),
      credentials: {
        username: env['XINGLIN_SIMULATE_USER'] ?? '',
        password: env['XINGLIN_SIMULATE_PASSWORD'] ?? '',
        writeKey: env['XINGLIN_SIMULATE_WRITE_KEY'] ?? 'simulator',
      },
      onProgress: isJson ? jsonProgress() : progressLine(),
    });
    if (isJson && flags.only !== undefined) process.stdout.write(`${JSON.stringify({ result })}\n`);
    if (isJson) return;
    process.stderr.write('\n');
    process.stdout.write(`${result.items} items, ${(result.bytes / 1e6).toFixed(1)} MB, ${result.rejected} rejected\n`);
  } catch (error) {
    if (!(error instanceof SimulatorError) && (error as { code?: string }).code === undefined) throw error;
    process.stderr.write(`xinglin: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function untilSignal(): () => boolean {
  let isStopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      if (isStopped) process.exit(130);
      isStopped = true;
      // A tick may be sleeping; there is nothing to finish.
      setTimeout(() => process.exit(0), 200).unref();
    });
  }
  return () => isStopped;
}

/** Runs this command again in `jobs` processes, each with its share of the months, newest first; months need nothing from one another. */
async function shareOut(argv: readonly string[], months: number, jobs: number): Promise<{ items: number; bytes: number }> {
  const own = process.argv.slice(1, process.argv.indexOf('simulate') + 1);
  const command = own.length > 0 ? own : process.argv.slice(1, 2);
  const rest = argv.filter((word, i) => !/^--(jobs|json)/.test(word) && argv[i - 1] !== '--jobs');
  const shares = Array.from({ length: Math.min(jobs, months) }, (_, job) =>
    Array.from({ length: months }, (__, i) => months - 1 - i).filter((month) => month % jobs === job),
  );
  const totals = await Promise.all(shares.map((share) => runShare([...process.execArgv, ...command, ...rest, '--json', '--only', share.join(',')])));
  return totals.reduce((sum, each) => ({ items: sum.items + each.items, bytes: sum.bytes + each.bytes }));
}

function runShare(args: readonly string[]): Promise<{ items: number; bytes: number }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, XINGLIN_NO_BUILD: '1' } });
    let last = '';
    child.stdout.on('data', (chunk: Buffer) => {
      last = (last + chunk.toString()).split('\n').slice(-2).join('\n');
    });
    child.on('error', failed);
    child.on('exit', (code) => {
      if (code !== 0) failed(new SimulatorError(`jobs: a process ended with code ${code ?? 'unknown'}.`));
      else done((JSON.parse(last.trim()) as { result: { items: number; bytes: number } }).result);
    });
  });
}

/** At most a few lines a second: a demo start reads them, a terminal is rewritten. */
const PROGRESS_EVERY_MS = 300;

function jsonProgress(): (progress: SimulateProgress) => void {
  let last = 0;
  return ({ loaded, expected, isDone, month, isMaking }) => {
    const now = performance.now();
    if (!isDone && !isMaking && now - last < PROGRESS_EVERY_MS) return;
    last = now;
    process.stdout.write(`${JSON.stringify({ loaded, expected, isDone, month, ...phaseOf(month, isDone, isMaking) })}\n`);
  };
}

function phaseOf(month: string, isDone: boolean, isMaking: boolean): { phaseZh: string; phaseEn: string } {
  if (isDone) return { phaseZh: '演示医院已送达', phaseEn: 'the demo hospital is delivered' };
  if (isMaking) return { phaseZh: `正在生成 ${month} 的历史导出`, phaseEn: `making the exports of ${month}` };
  return { phaseZh: `正在送达 ${month} 的数据`, phaseEn: `delivering ${month}` };
}

function progressLine(): (progress: SimulateProgress) => void {
  let last = 0;
  return ({ loaded, expected, isDone, month }) => {
    const now = performance.now();
    if (process.stderr.isTTY !== true || (!isDone && now - last < PROGRESS_EVERY_MS)) return;
    last = now;
    process.stderr.write(`\r\x1b[K${month}  ${loaded} / ${expected}`);
  };
}
