import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monthText } from './calendar.ts';
import { ALL_FOLDERS, type Part } from './doors/parts.ts';
import { hospitalOf } from './hospital-file.ts';
import { playAtSpeed, playLive } from './live.ts';
import { checkLiveMonths, loadDemo, NEWEST_MONTHS } from './load-demo.ts';
import { isHistory } from './month.ts';
import { writeTruth } from './truth/write.ts';
import { type Credentials, Uploader } from './upload.ts';
import { createWorld, type SimulateOptions, SimulatorError } from './world.ts';

export interface SimulateProgress {
  /** Messages, resources, rows and events said so far. */
  readonly loaded: number;
  /** An estimate until done. */
  readonly expected: number;
  readonly isDone: boolean;
  readonly month: string;
  /** The month is being made; nothing of it is handed over yet. */
  readonly isMaking: boolean;
}
export interface SimulateTarget {
  /** Folder for files: `deliver/<YYYY-MM>/<source>/`, `events/<YYYY-MM>/`, `mqtt/`, `dicom/`, `exports/<YYYY-MM>/<source>/`, `truth/`, `hospital.json`. */
  readonly out?: string;
  /** Address of a running server. */
  readonly to?: string;
  readonly credentials?: Credentials;
  /** Months to make, by index (0 the first); all when absent. For splitting a run over processes: only the one with month 0 writes truth about people. */
  readonly only?: readonly number[];
  /** After delivering to a server, go on at the pace of the clock. Resolves when stopped. */
  readonly live?: { readonly from: string | null; readonly isStopped: () => boolean };
  /** The newest so many months leave by the interfaces, the older ones as the tables a hospital hands over when it starts; see docs/simulator.md. */
  readonly liveMonths?: number;
  /** To a server: oldest day first, so many days a second, instead of whole months with the newest first. */
  readonly daysPerSecond?: number;
  readonly onProgress?: (progress: SimulateProgress) => void;
}
export interface SimulateResult {
  readonly items: number;
  readonly bytes: number;
  readonly rejected: number;
  /** Items by source. */
  readonly sources: Readonly<Record<string, number>>;
}

/** Items per patient and month, measured; only progress bars rest on it. */
const ITEMS_PER_PATIENT_MONTH = 6.4;
/** Rows per patient and month of the history, registers included; a row is one fact, where a message may hold several. */
const ROWS_PER_PATIENT_MONTH = 9.4;

/** Makes the hospital and hands it over, to a folder or to a running server, the newest month first. Same seed and end, same bytes. */
export async function simulate(options: SimulateOptions & SimulateTarget): Promise<SimulateResult> {
  const { out, to, onProgress, liveMonths } = options;
  checkLiveMonths(liveMonths);
  if ((out === undefined) === (to === undefined)) throw new SimulatorError('simulate: give either --out DIR or --to URL.');
  const { daysPerSecond } = options;
  if (daysPerSecond !== undefined && (to === undefined || !(daysPerSecond > 0)))
    throw new SimulatorError('speed: is a number of days a second above 0, with --to URL.');
  if (daysPerSecond !== undefined && liveMonths !== undefined)
    throw new SimulatorError('live-months: day by day everything leaves by the interfaces; leave out --speed or --live-months.');
  const world = createWorld(options);
  const uploader = to === undefined ? null : new Uploader(to, options.credentials ?? { username: '', password: '', writeKey: '' });
  await uploader?.signIn();
  await uploader?.putDimensions(hospitalOf(world).dimensions);
  if (out !== undefined) {
    const isFirst = options.only === undefined || options.only.includes(0);
    if (isFirst) writeJson(join(out, 'hospital.json'), hospitalOf(world));
    if (isFirst) writeTruth(world, join(out, 'truth'));
  }
  const indices = options.only ?? Array.from({ length: world.months }, (_, i) => i);
  const pastMonths = indices.filter((index) => isHistory(world, index, liveMonths)).length;
  const expected = Math.round(world.patients * ((indices.length - pastMonths) * ITEMS_PER_PATIENT_MONTH + pastMonths * ROWS_PER_PATIENT_MONTH));
  const sources: Record<string, number> = {};
  let [items, bytes, rejected, month, isNewest] = [0, 0, 0, '', true];
  const oldestOfNewest = monthText(world.firstMonth + world.months - NEWEST_MONTHS);
  const hand = async (part: Part): Promise<void> => {
    if (out !== undefined) writePart(folderOf(out, part), part.fileName, part.body);
    if (part.kind === 'truth') return;
    if (uploader !== null) rejected += (await uploader.send(part)).rejected;
    items += part.items;
    bytes += part.body.length;
    sources[part.source] = (sources[part.source] ?? 0) + part.items;
    month = part.month;
    onProgress?.({ loaded: items, expected: Math.max(expected, items), isDone: false, month, isMaking: false });
  };
  const given = {
    ...(out === undefined ? {} : { folders: ALL_FOLDERS, isByMonth: true }),
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(liveMonths === undefined ? {} : { liveMonths }),
    onMaking: (making: string) => onProgress?.({ loaded: items, expected: Math.max(expected, items), isDone: false, month: making, isMaking: true }),
  };
  if (options.daysPerSecond !== undefined) await playAtSpeed(world, { ...pace(options), daysPerSecond: options.daysPerSecond, send: hand });
  else
    for await (const part of loadDemo({ ...world.options, ...given })) {
      // The newest months are what people open first: the server files them before older ones compete for it.
      if (isNewest && part.kind !== 'truth' && part.month < oldestOfNewest) {
        isNewest = false;
        await uploader?.untilFiled();
      }
      await hand(part);
    }
  onProgress?.({ loaded: items, expected: items, isDone: true, month, isMaking: false });
  if (options.live !== undefined && uploader !== null) {
    const from = options.live.from === null ? world.cut : createWorld({ ...world.options, end: options.live.from }).cut;
    await playLive(world, { from, send: (part) => uploader.send(part), ...pace(options), now: Date.now });
  }
  return { items, bytes, rejected, sources };
}

const pace = ({ live }: SimulateTarget) => ({
  now: () => performance.now(),
  sleep: (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds)),
  isStopped: live?.isStopped ?? (() => false),
});

/** `deliver` and `exports` go by month and source, the history by source, so that files in order of name are a table's months in a row; the others by month. */
function folderOf(out: string, { folder, month, source }: Part): string {
  if (folder === 'truth') return join(out, 'truth');
  if (folder === 'history') return join(out, 'deliver', 'history', source);
  return folder === 'deliver' || folder === 'exports' ? join(out, folder, month, source) : join(out, folder, month);
}

function writePart(folder: string, name: string, body: Buffer): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), body);
}
function writeJson(file: string, value: unknown): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}
