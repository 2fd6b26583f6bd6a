import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawDelivery } from '@xinglin/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryIndex } from './content-index.ts';
import { delivery, ENOUGH, failingFiles, HIS, removeFolders, testZone } from './testing.ts';

afterAll(removeFolders);

const folderOf = (folder: string): string => join(folder, 'demo/main/his/live');
const segments = (folder: string): string[] => readdirSync(folderOf(folder)).map((name) => join(folderOf(folder), name));
const texts = (records: readonly { body: Uint8Array }[]): string[] => records.map((record) => Buffer.from(record.body).toString());
const many = (count: number, size = 0): RawDelivery[] => Array.from({ length: count }, (_, i) => delivery(`message ${i} ${'x'.repeat(size)}`));

describe('append and read', () => {
  it('gives positions from 1 on and reads back what was handed over', async () => {
    const { zone } = await testZone();
    const given = delivery(randomBytes(5000), { meta: { mapping: 'his@3', charset: 'GB18030', line: 7 }, items: 12, type: 'csv' });
    expect(await zone.append([delivery('one'), given])).toEqual([
      { outcome: 'accepted', position: 1 },
      { outcome: 'accepted', position: 2 },
    ]);
    const [first, second] = await zone.read(HIS, 0, ENOUGH);
    expect(Buffer.from(first?.body ?? []).toString()).toBe('one');
    expect(second).toMatchObject({ position: 2, type: 'csv', items: 12, meta: given.meta, stream: HIS, sha256: zone.hashOf(given) });
    expect(Buffer.from(second?.body ?? []).equals(given.body)).toBe(true);
    await zone.close();
  });

  it('keeps to the limits of a read, and gives at least one', async () => {
    const { zone } = await testZone();
    await zone.append(many(10, 100));
    expect(await zone.read(HIS, 3, { records: 2, bytes: 1e9 })).toHaveLength(2);
    expect(await zone.read(HIS, 3, { records: 100, bytes: 1 })).toHaveLength(1);
    expect(await zone.read(HIS, 3, { records: 100, bytes: 250 })).toHaveLength(3);
    expect(await zone.read(HIS, 10, ENOUGH)).toEqual([]);
    await zone.close();
  });

  it('large deliveries, which are packed on the thread pool, keep their place between small ones, and a page its limits', async () => {
    const { zone } = await testZone();
    const sizes = Array.from({ length: 60 }, (_, i) => [10, 20_000, 900, 150_000, 3_000][i % 5] ?? 0);
    const given = sizes.map((size, i) => delivery(`${i} ${'row of a file, '.repeat(size / 15)}`, { meta: { line: i } }));
    expect(await zone.append(given)).toEqual(given.map((_, i) => ({ outcome: 'accepted', position: i + 1 })));
    for (const limit of [ENOUGH, { records: 7, bytes: 1e9 }, { records: 1000, bytes: 1 }, { records: 1000, bytes: 160_000 }]) {
      const read: string[] = [];
      for (let after = 0; after < given.length; ) {
        const page = await zone.read(HIS, after, limit);
        expect(page.map((record) => record.position)).toEqual(page.map((_, i) => after + 1 + i));
        expect(page.length).toBeLessThanOrEqual(limit.records);
        expect(page.slice(0, -1).reduce((sum, record) => sum + record.body.length, 0)).toBeLessThan(limit.bytes);
        read.push(...texts(page));
        after += page.length;
      }
      expect(read).toEqual(texts(given));
    }
    await zone.close();
  });

  it('a body that packs into nothing between others that do not pack at all', async () => {
    const { zone } = await testZone();
    const given = Array.from({ length: 24 }, (_, i) => delivery(i % 2 === 0 ? Buffer.alloc(300_000, `${i} `) : randomBytes(i % 4 === 1 ? 60_000 : 4_000)));
    await zone.append(given);
    const read = await zone.read(HIS, 0, ENOUGH);
    expect(read.map(({ body }, i) => Buffer.compare(body, given[i]?.body ?? Buffer.alloc(0)))).toEqual(given.map(() => 0));
    await zone.close();
  });

  it('holds nothing readable on disk', async () => {
    const { zone, folder } = await testZone();
    await zone.append([delivery('PID|1||110101199003070000||张三'), delivery('another', { meta: { file: 'secret-name' } })]);
    await zone.close();
    for (const path of segments(folder)) {
      const bytes = readFileSync(path);
      for (const needle of ['PID', '110101199003070000', '张三', 'secret-name']) expect(bytes.includes(needle)).toBe(false);
    }
  });

  it('closes segments by size and reads across them', async () => {
    const { zone, folder } = await testZone({ segmentBytes: 20_000 });
    for (let i = 0; i < 10; i++) await zone.append(Array.from({ length: 20 }, (_, j) => delivery(randomBytes(400), { meta: { i, j } })));
    expect(segments(folder).length).toBeGreaterThan(3);
    expect((await zone.read(HIS, 0, ENOUGH)).map((record) => record.position)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    await zone.close();
  });

  it('closes a segment some time after its first record, with an index at its end', async () => {
    const { zone, folder } = await testZone({ segmentSeconds: 0.02 });
    await zone.append([delivery('one')]);
    const isClosed = (): boolean => segments(folder).every((path) => readFileSync(path).subarray(-4).toString() === 'XLEN');
    while (!isClosed()) await new Promise((resolve) => setTimeout(resolve, 10));
    await zone.append([delivery('two')]);
    expect(segments(folder)).toHaveLength(2);
    expect(texts(await zone.read(HIS, 0, ENOUGH))).toEqual(['one', 'two']);
    await zone.close();
  });

  it('goes on where it was after a clean stop', async () => {
    const { zone, folder, index } = await testZone();
    await zone.append(many(5));
    await zone.close();
    const again = await testZone({ folder, index });
    expect(await again.zone.append([delivery('new'), delivery('message 2 ')])).toEqual([{ outcome: 'accepted', position: 6 }, { outcome: 'duplicate' }]);
    expect(await again.zone.read(HIS, 0, ENOUGH)).toHaveLength(6);
    await again.zone.close();
  });

  it('tells listeners of a stream once its deliveries are stored', async () => {
    const { zone } = await testZone();
    const heard: string[] = [];
    zone.onAppend((stream) => heard.push(stream.source));
    await zone.append([delivery('one')]);
    expect(heard).toEqual(['his']);
    await zone.close();
  });

  it('refuses a delivery that is too large, misplaced or untyped, and stores none of its batch', async () => {
    const { zone } = await testZone();
    await expect(zone.append([delivery('fine'), delivery(Buffer.alloc(16 * 1024 * 1024 + 1))])).rejects.toMatchObject({ code: 'lake.delivery-too-large' });
    await expect(zone.append([delivery('x', { stream: { ...HIS, source: '../etc' } })])).rejects.toMatchObject({ code: 'lake.delivery-invalid' });
    await expect(zone.append([delivery('x', { type: 'xml' as never })])).rejects.toMatchObject({ code: 'lake.delivery-invalid' });
    expect(await zone.streams()).toEqual([]);
    await zone.close();
  });

  it('stores a body of 16 MiB', async () => {
    const { zone } = await testZone();
    const body = randomBytes(16 * 1024 * 1024);
    await zone.append([delivery('before'), delivery(body), delivery('after')]);
    const records = await zone.read(HIS, 0, ENOUGH);
    expect(Buffer.from(records[1]?.body ?? []).equals(body)).toBe(true);
    expect(texts(records.slice(2))).toEqual(['after']);
    await zone.close();
  });
});

describe('content is accepted once', () => {
  it('across calls, within one call, and while the first is still on its way', async () => {
    const { zone } = await testZone();
    expect(await zone.append([delivery('a'), delivery('a')])).toEqual([{ outcome: 'accepted', position: 1 }, { outcome: 'duplicate' }]);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => zone.append([delivery('b')])));
    expect(outcomes.flat().filter((each) => each.outcome === 'accepted')).toHaveLength(1);
    expect(zone.counts).toMatchObject({ accepted: 2, duplicate: 50 });
    await zone.close();
  });

  it('whatever file, line or lane it comes from', async () => {
    const { zone } = await testZone();
    await zone.append([delivery('a', { meta: { file: 'monday.csv', firstLine: 2 } })]);
    const again = delivery('a', { meta: { file: 'tuesday.csv', firstLine: 90 }, stream: { ...HIS, lane: 'bulk' } });
    expect(await zone.append([again])).toEqual([{ outcome: 'duplicate' }]);
    await zone.close();
  });

  it('but source, type, mapping edition and organisation make it another delivery', async () => {
    const { zone } = await testZone();
    const variants: RawDelivery[] = [
      delivery('a'),
      delivery('a', { stream: { ...HIS, source: 'lis' } }),
      delivery('a', { stream: { ...HIS, orgId: 'other' } }),
      delivery('a', { type: 'fhir' }),
      delivery('a', { meta: { mapping: 'm@1' } }),
      delivery('a', { meta: { mapping: 'm@2' } }),
    ];
    expect((await zone.append(variants)).every((each) => each.outcome === 'accepted')).toBe(true);
    await zone.close();
  });

  it('also when the index knows nothing of what was stored before a crash', async () => {
    const { zone, folder } = await testZone({ index: { ...memoryIndex(), add: async () => Promise.reject(new Error('database gone')) } });
    await zone.append(many(30));
    const reopened = await testZone({ folder, index: memoryIndex() });
    expect((await reopened.zone.append(many(30))).every((each) => each.outcome === 'duplicate')).toBe(true);
    await reopened.zone.close();
  });
});

describe('a disk that fails', () => {
  for (const [code, refusal] of [
    ['ENOSPC', 'lake.disk-full'],
    ['EIO', 'lake.disk-failed'],
  ] as const) {
    it(`${code} acknowledges nothing, harms nothing stored, and later appends work`, async () => {
      const { files, fail } = failingFiles();
      const { zone, folder, index } = await testZone({ files });
      await zone.append(many(5));
      fail.write = code;
      fail.bytesBefore = 70;
      await expect(zone.append([delivery('lost 1'), delivery('lost 2')])).rejects.toMatchObject({ code: refusal });
      expect(await zone.read(HIS, 0, ENOUGH)).toHaveLength(5);
      fail.write = null;
      expect(await zone.append([delivery('later')])).toEqual([{ outcome: 'accepted', position: 6 }]);
      expect(await zone.append([delivery('lost 1')])).toEqual([{ outcome: 'accepted', position: 7 }]);
      await zone.close();
      const again = await testZone({ folder, index });
      expect(texts(await again.zone.read(HIS, 5, ENOUGH))).toEqual(['later', 'lost 1']);
      await again.zone.close();
    });
  }

  it('a failed sync refuses everything that waited, and none of it comes back after a restart', async () => {
    const { files, fail } = failingFiles();
    const { zone, folder, index } = await testZone({ files });
    await zone.append([delivery('kept')]);
    fail.sync = 'EIO';
    const asked = await Promise.allSettled(many(1200).map((each) => zone.append([each])));
    expect(asked.every((each) => each.status === 'rejected')).toBe(true);
    fail.sync = null;
    expect(await zone.append([delivery('after')])).toEqual([{ outcome: 'accepted', position: 2 }]);
    await zone.close();
    const again = await testZone({ folder, index });
    expect(texts(await again.zone.read(HIS, 0, ENOUGH))).toEqual(['kept', 'after']);
    await again.zone.close();
  });

  it('one that cannot even be cut back does not bring back what was refused', async () => {
    const { files, fail } = failingFiles();
    const { zone, folder, index } = await testZone({ files });
    await zone.append([delivery('kept')]);
    fail.sync = 'EIO';
    fail.truncate = 'EIO';
    await expect(zone.append([delivery('refused 1'), delivery('refused 2')])).rejects.toMatchObject({ code: 'lake.disk-failed' });
    fail.sync = null;
    fail.truncate = null;
    await zone.append([delivery('after')]);
    expect(texts(await zone.read(HIS, 0, ENOUGH))).toEqual(['kept', 'after']);
    await zone.close();
    const again = await testZone({ folder, index });
    expect(texts(await again.zone.read(HIS, 0, ENOUGH))).toEqual(['kept', 'after']);
    expect(again.zone.counts.corrupt).toBe(0);
    await again.zone.close();
    const anew = await testZone({ folder, index: memoryIndex() });
    expect(await anew.zone.append([delivery('refused 2'), delivery('after')])).toEqual([{ outcome: 'accepted', position: 3 }, { outcome: 'duplicate' }]);
    await anew.zone.close();
  });

  it('a duplicate of what could not be stored is refused with it', async () => {
    const { files, fail } = failingFiles();
    const { zone } = await testZone({ files });
    fail.write = 'ENOSPC';
    const both = await Promise.allSettled([zone.append([delivery('same')]), zone.append([delivery('same')])]);
    expect(both.map((each) => each.status)).toEqual(['rejected', 'rejected']);
    await zone.close();
  });
});

describe('damage', () => {
  it('a torn tail is dropped and its position given out again', async () => {
    const { zone, folder } = await testZone();
    await zone.append(many(10, 50));
    const [path = ''] = segments(folder);
    truncateSync(path, statSync(path).size - 30);
    const again = await testZone({ folder });
    expect(await again.zone.read(HIS, 0, ENOUGH)).toHaveLength(9);
    expect(await again.zone.append([delivery('next')])).toEqual([{ outcome: 'accepted', position: 10 }]);
    await again.zone.close();
  });

  it('a tail that was acknowledged is kept as it lies, reported, and its position never given out again', async () => {
    const { zone, folder, index } = await testZone();
    await zone.append(many(10, 50));
    await zone.close();
    const [path = ''] = segments(folder);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.lastIndexOf('XLRC') + 40));
    const again = await testZone({ folder, index });
    expect(await again.zone.append([delivery('next')])).toEqual([{ outcome: 'accepted', position: 11 }]);
    const records = await again.zone.read(HIS, 8, ENOUGH);
    expect(records.map((record) => [record.position, record.gap ?? null])).toEqual([
      [9, null],
      [10, 'corrupt'],
      [11, null],
    ]);
    await again.zone.close();
  });

  for (const [place, at] of [
    ['payload', 105],
    ['header', 2],
    ['length', 13],
  ] as const) {
    it(`a record damaged in its ${place} is reported and the stream goes on`, async () => {
      const { zone, folder, index } = await testZone();
      await zone.append(many(10, 50));
      await zone.close();
      const [path = ''] = segments(folder);
      const bytes = readFileSync(path);
      let offset = 0;
      for (let i = 0; i < 4; i++) offset = bytes.indexOf('XLRC', offset + 1);
      bytes[offset + at] = (bytes[offset + at] ?? 0) ^ 0x55;
      writeFileSync(path, bytes);
      const again = await testZone({ folder, index });
      const records = await again.zone.read(HIS, 0, ENOUGH);
      expect(records.map((record) => record.position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(records.filter((record) => record.gap === 'corrupt').map((record) => record.position)).toEqual([4]);
      expect(again.zone.counts.corrupt).toBe(1);
      await again.zone.close();
    });
  }

  it('a record moved to another position or stream does not open', async () => {
    const { zone, folder, index } = await testZone();
    await zone.append([delivery('first one'), delivery('other one')]);
    await zone.close();
    const [path = ''] = segments(folder);
    const bytes = readFileSync(path);
    const first = bytes.indexOf('XLRC');
    const second = bytes.indexOf('XLRC', first + 1);
    const swapped = Buffer.concat([
      bytes.subarray(0, first),
      bytes.subarray(second, second + (second - first)),
      bytes.subarray(first, second),
      bytes.subarray(second + (second - first)),
    ]);
    swapped.writeUInt32LE(1, first + 20);
    swapped.writeUInt32LE(2, second + 20);
    writeFileSync(path, swapped);
    const again = await testZone({ folder, index });
    expect((await again.zone.read(HIS, 0, ENOUGH)).map((record) => record.gap)).toEqual(['corrupt', 'corrupt']);
    await again.zone.close();
  });
});

describe('erasure', () => {
  it('leaves a tombstone with the hash at the position, and the content is still a duplicate', async () => {
    const { zone, folder, index } = await testZone({ segmentBytes: 5000 });
    const all = many(200, 40);
    for (let i = 0; i < all.length; i += 20) await zone.append(all.slice(i, i + 20));
    expect(segments(folder).length).toBeGreaterThan(2);
    expect(await zone.erase(HIS, [2, 3, 150, 200, 900])).toBe(4);
    expect(await zone.erase(HIS, [3])).toBe(0);
    const check = async (open: typeof zone) => {
      const records = await open.read(HIS, 0, ENOUGH);
      expect(records.map((record) => record.position)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
      expect(records.filter((record) => record.gap === 'erased').map((record) => record.position)).toEqual([2, 3, 150, 200]);
      expect(records[1]).toMatchObject({ sha256: open.hashOf(all[1] as RawDelivery), items: 0, meta: {}, type: 'hl7v2' });
      expect(records[1]?.body).toHaveLength(0);
      expect(await open.append([all[1] as RawDelivery])).toEqual([{ outcome: 'duplicate' }]);
    };
    await check(zone);
    await zone.append([delivery('goes on')]);
    await zone.close();
    const again = await testZone({ folder, index });
    expect(await again.zone.read(HIS, 200, ENOUGH)).toHaveLength(1);
    await again.zone.close();
    const anew = await testZone({ folder, index: memoryIndex() });
    expect(await anew.zone.append([all[2] as RawDelivery])).toEqual([{ outcome: 'duplicate' }]);
    await anew.zone.close();
  });
});
