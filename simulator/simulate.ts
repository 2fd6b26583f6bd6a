import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hospitalOf } from './hospital-file.ts';
import { loadDemo } from './load-demo.ts';
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
}
export interface SimulateTarget {
  /** Folder for files: `deliver/<YYYY-MM>/`, `truth/`, `hospital.json`. */
  readonly out?: string;
  /** Address of a running server. */
  readonly to?: string;
  readonly credentials?: Credentials;
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

/** Makes the hospital and hands it over, to a folder or to a running server, the newest month first. Same seed and end, same bytes. */
export async function simulate(options: SimulateOptions & SimulateTarget): Promise<SimulateResult> {
  const { out, to, onProgress } = options;
  if ((out === undefined) === (to === undefined)) throw new SimulatorError('simulate: give either --out DIR or --to URL.');
  const world = createWorld(options);
  const uploader = to === undefined ? null : new Uploader(to, options.credentials ?? { username: '', password: '', writeKey: '' });
  await uploader?.signIn();
  if (out !== undefined) {
    writeJson(join(out, 'hospital.json'), hospitalOf(world));
    writeTruth(world, join(out, 'truth'));
  }
  const expected = Math.round(world.patients * world.months * ITEMS_PER_PATIENT_MONTH);
  const sources: Record<string, number> = {};
  let [items, bytes, rejected, month] = [0, 0, 0, ''];
  for await (const part of loadDemo({ ...world.options, withTruth: out !== undefined })) {
    if (out !== undefined) writePart(part.kind === 'truth' ? join(out, 'truth') : join(out, 'deliver', part.month), part.fileName, part.body);
    if (part.kind === 'truth') continue;
    if (uploader !== null) rejected += (await uploader.send(part)).rejected;
    items += part.items;
    bytes += part.body.length;
    sources[part.source] = (sources[part.source] ?? 0) + part.items;
    month = part.month;
    onProgress?.({ loaded: items, expected: Math.max(expected, items), isDone: false, month });
  }
  onProgress?.({ loaded: items, expected: items, isDone: true, month });
  return { items, bytes, rejected, sources };
}

function writePart(folder: string, name: string, body: Buffer): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), body);
}
function writeJson(file: string, value: unknown): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}
