import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../kernel/index.ts';
import { type OpenCollect, openCollect } from '../../testing/open-collect.ts';
import { archiveOf, type WorkbookCsv, workbookCsv } from './as-csv.ts';
import { zipEntries } from './zip.ts';

/** Made by two other programs: ExcelJS 4.4.0 (title and note in merged cells, totals, signature, hidden and empty sheets) and openpyxl 3.1.5 (two filled sheets). */
const fixture = (name: string): Buffer => readFileSync(join(projectRoot(), 'server/collect/files/xlsx/fixtures', name));
const csvOf = async (archive: Buffer): Promise<{ text: string; codes: string[] }> => {
  const opened = await workbookCsv(archive);
  if ('code' in opened) return { text: '', codes: [opened.code] };
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.csv()) pieces.push(piece);
  return { text: Buffer.concat(pieces).toString('utf8'), codes: codesOf(opened) };
};
const codesOf = (opened: WorkbookCsv): string[] => opened.notes().map((each) => (each.kind === 'refused' ? each.code : ''));

let open: OpenCollect | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

describe('a workbook as rows', () => {
  it('titles, notes, totals and signatures are passed over; dates, rich text, entities and numbers are text; rows keep their numbers', async () => {
    const { text, codes } = await csvOf(fixture('exceljs.xlsx'));
    expect(codes).toEqual([]);
    const lines = text.split('\r\n');
    expect(lines.slice(0, 3)).toEqual(['', '', '']);
    expect(lines[3]).toMatch(/^登记编号,类型,.*,受理时间,办结时间$/);
    expect(lines[4]).toContain('"等了“两个小时”， 没人解释, 很着急 <急>&",2026-10-03 09:15:30,2026-10-05');
    expect(lines[5]).toContain('表扬,窗口,M00100002,测试乙,15400000002,');
    expect(lines[5]).toContain(',医生耐心细致,2026-10-04 20:00:00,');
    expect(lines.slice(6).join('')).toBe('');
  });

  it('the first filled sheet is read, and the others are named', async () => {
    const { text, codes } = await csvOf(fixture('openpyxl.xlsx'));
    expect(text).toBe('评价编号,平台,类型,评分,内容,发布时间\r\nW1,微博,评价,5,很好，推荐,2025-03-01 08:30:00\r\nW2,抖音,评价,2.5,等太久,1950-02-03\r\n');
    expect(codes).toEqual(['collect.xlsx-sheets']);
  });

  it('an id whose digits a spreadsheet has lost stays recognisable as one', async () => {
    const archive = await rewritten(fixture('openpyxl.xlsx'), (xml) =>
      xml.replace('<v>5</v>', '<v>4.4030819990110154E+17</v>').replace('<v>2.5</v>', '<v>0.30000000000000004</v>'),
    );
    const { text } = await csvOf(archive);
    expect(text).toContain('4.4030819990110154E+17');
    expect(text).toContain(',0.3,');
  });
});

describe('a workbook that cannot be read is one sentence', () => {
  it('cut short, damaged inside, protected, without content, and no workbook at all', async () => {
    const whole = fixture('exceljs.xlsx');
    expect((await csvOf(whole.subarray(0, whole.length - 400))).codes).toEqual(['collect.xlsx-broken']);
    const scratched = Buffer.from(whole);
    scratched.fill(0x5a, 60, 2600);
    expect((await csvOf(scratched)).codes).toEqual(['collect.xlsx-broken']);
    const locked = Buffer.from(whole);
    for (let at = locked.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = locked.indexOf('PK\x01\x02', at + 4, 'latin1'))
      locked.writeUInt16LE(locked.readUInt16LE(at + 8) | 1, at + 8);
    expect((await csvOf(locked)).codes).toEqual(['collect.xlsx-encrypted']);
    expect((await csvOf(await rewritten(fixture('openpyxl.xlsx'), (xml) => xml.replace(/<sheetData>[\s\S]*<\/sheetData>/, '<sheetData/>')))).codes).toEqual([
      'collect.xlsx-empty',
    ]);
    expect((await csvOf(await rewritten(fixture('openpyxl.xlsx'), (xml) => xml.replace('<sheetData>', '<sheetData><row><c><')))).codes).toEqual([
      'collect.xlsx-broken',
    ]);
    expect((await csvOf(Buffer.from('PK\x03\x04'))).codes).toEqual(['collect.xlsx-broken']);
  });

  it('more bytes than a workbook may have are counted, not held', async () => {
    const piece = Buffer.alloc(16 * 1024 * 1024);
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 9; i++) yield piece;
    };
    expect(await archiveOf(endless())).toBeNull();
  });

  it('whatever byte is wrong, it is read or refused, never more', async () => {
    const whole = fixture('openpyxl.xlsx');
    for (let at = 0; at < whole.length; at += 37) {
      const wrong = Buffer.from(whole);
      wrong[at] = (wrong[at] as number) ^ 0x41;
      for (const code of (await csvOf(wrong)).codes) expect(code).toMatch(/^collect\.xlsx-/);
    }
  });
});

describe('ingest', () => {
  it('takes a workbook by the mapping its header fits, once', async () => {
    open = await openCollect();
    const path = open.file('投诉.xlsx', fixture('exceljs.xlsx'));
    const options = { paths: [path], source: 'complaint', mapping: null, by: 'cli' };
    expect(await open.collect.ingest(options)).toEqual({ accepted: 2, duplicate: 0, rejected: 0, rejections: [] });
    expect(await open.collect.ingest(options)).toEqual({ accepted: 0, duplicate: 2, rejected: 0, rejections: [] });
    const stored = await open.stored();
    expect(stored.map((each) => [each.type, each.items, each.meta['mapping']])).toEqual([['csv', 2, 'complaints@1']]);
    const [record] = stored;
    if (record === undefined) throw new Error('nothing stored');
    const { facts } = await open.collect.read(record);
    expect(facts.filter((each) => each.fact === 'complaint').map((each) => [each.fact, each.localId, each.occurredAt])).toEqual([
      ['complaint', 'T000001', '2026-10-03T01:15:30.000Z'],
      ['complaint', 'T000002', '2026-10-04T12:00:00.000Z'],
    ]);
  });

  it('an upload that repeats a file is a duplicate; a bad row is named by its row in the sheet; further sheets are refused', async () => {
    open = await openCollect();
    const upload = (bytes: Buffer) =>
      (open as OpenCollect).collect.ingestStream({
        name: 'reviews.xlsx',
        bytes: (async function* () {
          yield bytes;
        })(),
        source: 'review',
        mapping: null,
        by: 'user',
      });
    const wrong = await rewritten(fixture('openpyxl.xlsx'), (xml) => xml.replace('<v>2.5</v>', '<v>多</v>'));
    const first = await upload(wrong);
    expect(first).toMatchObject({ accepted: 1, rejected: 2 });
    expect(first.rejections.map((each) => [each.code, each.line])).toEqual([
      ['collect.csv-number', 3],
      ['collect.xlsx-sheets', null],
    ]);
    expect(await upload(wrong)).toMatchObject({ accepted: 0, duplicate: 1, rejected: 2 });
  });

  it('a broken workbook is refused in one sentence and leaves a row in the log', async () => {
    open = await openCollect();
    const path = open.file('表.xlsx', fixture('exceljs.xlsx').subarray(0, 5000));
    const report = await open.collect.ingest({ paths: [path], source: null, mapping: null, by: 'cli' });
    expect(report).toMatchObject({ accepted: 0, duplicate: 0, rejected: 1 });
    expect(report.rejections[0]?.code).toBe('collect.xlsx-broken');
    expect(report.rejections[0]?.reason).toMatch(/^[^\n]+\.$/);
    expect(await open.stored()).toEqual([]);
  });
});

/** The same archive with the sheets' text changed and every entry stored. */
async function rewritten(archive: Buffer, change: (xml: string) => string): Promise<Buffer> {
  const entries: [string, Buffer][] = [];
  for (const [name, entry] of zipEntries(archive)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of entry.bytes(1 << 24)) pieces.push(piece);
    const body = Buffer.concat(pieces);
    entries.push([name, name.startsWith('xl/worksheets/sheet') ? Buffer.from(change(body.toString('utf8'))) : body]);
  }
  return storedZip(entries);
}

function storedZip(entries: readonly (readonly [string, Buffer])[]): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, body] of entries) {
    const about = Buffer.alloc(26);
    about.writeUInt32LE(crc32(body), 10);
    about.writeUInt32LE(body.length, 14);
    about.writeUInt32LE(body.length, 18);
    about.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    files.push(Buffer.from('PK\x03\x04'), about, Buffer.from(name), body);
    directory.push(Buffer.from('PK\x01\x02\x14\0'), about, place, Buffer.from(name));
    at += 30 + name.length + body.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...files, ...directory, Buffer.from('PK\x05\x06'), end]);
}
