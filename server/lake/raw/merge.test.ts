import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { delivery, ENOUGH, HIS, newFolder, removeFolders, testZone } from './testing.ts';

afterAll(removeFolders);

const folderOf = (folder: string): string => join(folder, 'demo/main/his/live');
const files = (folder: string): string[] => readdirSync(folderOf(folder));
const bodies = (records: readonly { position: number; body: Uint8Array }[]): string[] =>
  records.map((record) => `${record.position} ${Buffer.from(record.body).toString()}`);
const said = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `${from + i} message ${from + i}`);

/** A segment for each message, as a quiet stream makes them: opened, one append, closed. */
async function quiet(messages: number): Promise<string> {
  const folder = newFolder();
  let index: Awaited<ReturnType<typeof testZone>>['index'] | undefined;
  for (let i = 1; i <= messages; i += 1) {
    const t = await testZone({ folder, ...(index === undefined ? {} : { index }) });
    index = t.index;
    await t.zone.append([delivery(`message ${i}`)]);
    await t.zone.close();
  }
  return folder;
}

describe('small segments', () => {
  it('become one, and every position reads as before, also after a restart', async () => {
    const folder = await quiet(20);
    expect(files(folder)).toHaveLength(20);
    const { zone, index } = await testZone({ folder });
    expect(await zone.tidy()).toBe(18);
    expect(files(folder)).toHaveLength(2);
    expect(bodies(await zone.read(HIS, 0, ENOUGH))).toEqual(said(1, 21));
    expect(bodies(await zone.read(HIS, 12, { records: 3, bytes: 1e6 }))).toEqual(said(13, 16));
    await zone.append([delivery('message 21')]);
    await zone.close();
    const again = await testZone({ folder, index });
    expect(bodies(await again.zone.read(HIS, 0, ENOUGH))).toEqual(said(1, 22));
    expect(await again.zone.append([delivery('message 7')])).toEqual([{ outcome: 'duplicate' }]);
    await again.zone.close();
  });

  it('few, or large ones, are left as they lie', async () => {
    const folder = await quiet(8);
    const { zone } = await testZone({ folder });
    expect(await zone.tidy()).toBe(0);
    await zone.close();
    const large = await testZone({ folder: await quiet(20), segmentBytes: 400 });
    expect(await large.zone.tidy()).toBe(0);
    await large.zone.close();
  });

  it('are gone after a start when a crash left them beside the one made of them', async () => {
    const folder = await quiet(20);
    const before = mkdtempSync(join(tmpdir(), 'xinglin-before-'));
    for (const name of files(folder)) copyFileSync(join(folderOf(folder), name), join(before, name));
    const { zone } = await testZone({ folder });
    await zone.tidy();
    await zone.close();
    const [merged = '', last = ''] = files(folder);
    for (const name of readdirSync(before)) if (name !== merged && name !== last) copyFileSync(join(before, name), join(folderOf(folder), name));
    writeFileSync(join(folderOf(folder), `${merged}.merged`), '');
    const after = await testZone({ folder });
    expect(files(folder)).toEqual([merged, last]);
    expect(bodies(await after.zone.read(HIS, 0, ENOUGH))).toEqual(said(1, 21));
    await after.zone.close();
    rmSync(before, { recursive: true });
  });

  it('stay when the crash came before the one made of them was in place', async () => {
    const folder = await quiet(20);
    const [first = ''] = files(folder);
    writeFileSync(join(folderOf(folder), `${first}.merged`), '');
    writeFileSync(join(folderOf(folder), `${first}.new`), 'half written');
    const { zone } = await testZone({ folder });
    expect(files(folder)).toHaveLength(20);
    expect(bodies(await zone.read(HIS, 0, ENOUGH))).toEqual(said(1, 21));
    await zone.close();
  });

  it('that are damaged stay as they lie, and so do their neighbours', async () => {
    const folder = await quiet(20);
    const path = join(folderOf(folder), files(folder)[4] ?? '');
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('XLRC') + 120] = (bytes[bytes.indexOf('XLRC') + 120] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const { zone } = await testZone({ folder });
    await zone.tidy();
    const records = await zone.read(HIS, 0, ENOUGH);
    expect(records.map((each) => each.position)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(records.filter((each) => each.gap === 'corrupt').map((each) => each.position)).toEqual([5]);
    await zone.close();
  });

  it('can be read and erased while they are merged', async () => {
    const folder = await quiet(40);
    const { zone } = await testZone({ folder });
    const [, read, erased] = await Promise.all([zone.tidy(), zone.read(HIS, 0, ENOUGH), zone.erase(HIS, [3])]);
    expect(read.map((each) => each.position)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(erased).toBe(1);
    expect((await zone.read(HIS, 2, { records: 1, bytes: 1 }))[0]).toMatchObject({ position: 3, gap: 'erased' });
    await zone.close();
  });
});
