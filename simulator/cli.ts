/** `xinglin simulate …`: results to standard output, progress to standard error, one clear line on bad input. */
import { resolve } from 'node:path';
import { type SimulateProgress, simulate } from './simulate.ts';
import { type SimulateOptions, SimulatorError } from './world.ts';

const USAGE = `xinglin simulate --patients N --months M --seed S --end YYYY-MM-DD (--out DIR | --to URL) [--json]

  --patients N   people with a record in the hospital, 8 to 5000000 (default 2000)
  --months M     calendar months, the last one that of --end (default 12)
  --seed S       any text; same seed and end, same bytes (default 1)
  --end DATE     last day simulated, or an instant with its zone
  --out DIR      write files: deliver/<YYYY-MM>/, truth/, hospital.json
  --to URL       hand over to a running server, newest month first; signs in with
                 XINGLIN_SIMULATE_USER and XINGLIN_SIMULATE_PASSWORD
  --json         progress and result as lines of JSON on standard output
`;

const FLAGS = ['patients', 'months', 'seed', 'end', 'out', 'to'] as const;
type Flag = (typeof FLAGS)[number];

function parse(argv: readonly string[]): { flags: Partial<Record<Flag, string>>; isJson: boolean } {
  const flags: Partial<Record<Flag, string>> = {};
  let isJson = false;
  for (let i = 0; i < argv.length; i++) {
    const [word, inline] = (argv[i] as string).split(/=(.*)/s, 2) as [string, string | undefined];
    if (word === '--json') {
      isJson = true;
      continue;
    }
    const flag = FLAGS.find((each) => word === `--${each}`);
    if (flag === undefined) throw new SimulatorError(`simulate: does not know ${JSON.stringify(word)}; see xinglin simulate --help.`);
    const value = inline ?? argv[++i];
    if (value === undefined || value === '') throw new SimulatorError(`${flag}: needs a value.`);
    flags[flag] = value;
  }
  return { flags, isJson };
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
    const { flags, isJson } = parse(argv);
    if (flags.end === undefined) throw new SimulatorError('end: needs a day, such as --end 2026-11-20.');
    const options: SimulateOptions = {
      patients: number('patients', flags.patients, 2000),
      months: number('months', flags.months, 12),
      seed: flags.seed ?? '1',
      end: flags.end,
    };
    const env = process.env;
    const result = await simulate({
      ...options,
      ...(flags.out === undefined ? {} : { out: resolve(flags.out) }),
      ...(flags.to === undefined ? {} : { to: flags.to }),
      credentials: {
        username: env['XINGLIN_SIMULATE_USER'] ?? '',
        password: env['XINGLIN_SIMULATE_PASSWORD'] ?? '',
        writeKey: env['XINGLIN_SIMULATE_WRITE_KEY'] ?? 'simulator',
      },
      onProgress: isJson ? jsonProgress() : progressLine(),
    });
    if (isJson) return;
    process.stderr.write('\n');
    process.stdout.write(`${result.items} items, ${(result.bytes / 1e6).toFixed(1)} MB, ${result.rejected} rejected\n`);
  } catch (error) {
    if (!(error instanceof SimulatorError) && (error as { code?: string }).code === undefined) throw error;
    process.stderr.write(`xinglin: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

/** At most a few lines a second: a demo start reads them, a terminal is rewritten. */
const PROGRESS_EVERY_MS = 300;

function jsonProgress(): (progress: SimulateProgress) => void {
  let last = 0;
  return ({ loaded, expected, isDone, month }) => {
    const now = performance.now();
    if (!isDone && now - last < PROGRESS_EVERY_MS) return;
    last = now;
    process.stdout.write(
      `${JSON.stringify({ loaded, expected, isDone, month, phaseZh: isDone ? '演示医院已送达' : `正在送达 ${month} 的数据`, phaseEn: isDone ? 'the demo hospital is delivered' : `delivering ${month}` })}\n`,
    );
  };
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
