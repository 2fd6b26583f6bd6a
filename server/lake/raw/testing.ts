/** For tests: a raw zone in a temporary folder, without a database, and a disk that can be told to fail. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawDelivery, StreamName } from '@xinglin/contracts';
import { SimulatedClock, silentLogger } from '../../kernel/index.ts';
import { type ContentIndex, memoryIndex } from './content-index.ts';
import { diskFiles, type RawFile, type RawFiles } from './files.ts';
import { type OpenRawZone, openRawZone, type RawZoneOptions } from './raw-zone.ts';

export const HIS: StreamName = { orgId: 'demo', campusId: 'main', source: 'his', lane: 'live' };
export const ENOUGH = { records: 1_000_000, bytes: 1e9 };
const key = createHash('sha256').update('a key for tests').digest();

export const delivery = (body: string | Uint8Array, more: Partial<RawDelivery> = {}): RawDelivery => ({
  ...{ stream: HIS, type: 'hl7v2', meta: {}, items: 1, body: typeof body === 'string' ? Buffer.from(body) : body },
  ...more,
});

const folders: string[] = [];
/** Temporary; `removeFolders` takes all of them away. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-raw-'));
  folders.push(folder);
  return folder;
}
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export async function testZone(
  options: Partial<RawZoneOptions> & { index?: ContentIndex } = {},
): Promise<{ zone: OpenRawZone; folder: string; index: ContentIndex }> {
  const folder = options.folder ?? newFolder();
  const index = options.index ?? memoryIndex();
  const clock = new SimulatedClock(new Date('2026-01-05T01:00:00Z'));
  const zone = await openRawZone({ ...{ folder, index, clock, log: silentLogger, keys: () => ({ id: 1, key }) }, ...options });
  return { zone, folder, index };
}

/** A disk that refuses writes or syncs with a code while one is set, after letting a few bytes through. */
export function failingFiles(): { files: RawFiles; fail: { write: string | null; sync: string | null; truncate: string | null; bytesBefore: number } } {
  const fail = { write: null as string | null, sync: null as string | null, truncate: null as string | null, bytesBefore: 0 };
  const wrap = (file: RawFile): RawFile => ({
    async write(bytes, offset) {
      if (fail.write !== null) {
        await file.write(bytes.subarray(0, fail.bytesBefore), offset);
        throw Object.assign(new Error('injected'), { code: fail.write });
      }
      await file.write(bytes, offset);
    },
    async sync() {
      if (fail.sync !== null) throw Object.assign(new Error('injected'), { code: fail.sync });
      await file.sync();
    },
    async truncate(bytes) {
      if (fail.truncate !== null) throw Object.assign(new Error('injected'), { code: fail.truncate });
      await file.truncate(bytes);
    },
    read: (into, offset) => file.read(into, offset),
    size: () => file.size(),
    close: () => file.close(),
  });
  const files: RawFiles = {
    ...diskFiles,
    create: async (path) => wrap(await diskFiles.create(path)),
    open: async (path, mode) => wrap(await diskFiles.open(path, mode)),
  };
  return { files, fail };
}
