import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ALL_CHANNELS } from '../behaviour/market.ts';
import { monthParts } from '../month.ts';
import { createWorld } from '../world.ts';
import { DESK_FILES, DESK_HEADERS, type DeskDoor, PLATFORM_FILES, PLATFORM_HEADERS, type PlatformDoor, WORKBOOKS, type WorkbookDoor } from './desk-headers.ts';
import type { Part } from './parts.ts';

const world = createWorld({ patients: 3000, months: 2, seed: 'desk', end: '2026-11-20' });
const parts: Part[] = [1, 0].flatMap((month) => [...monthParts(world, month)]);
const decode = (part: Part, charset: string): string => new TextDecoder(charset, { fatal: true }).decode(part.body);
const named = (name: string): Part[] => parts.filter((each) => each.fileName.startsWith(`${name}-`));
type Row = Readonly<Record<string, string>>;
const csvRows = (name: string, charset: string, header: readonly string[]): Row[] =>
  named(name).flatMap((part) => {
    const [head, ...lines] = decode(part, charset)
      .replace(/^\ufeff/, '')
      .trimEnd()
      .split('\r\n');
    expect(head).toBe(header.join(','));
    expect(lines.length).toBe(part.items);
    return lines.map((line) => {
      const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((found) => found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
      expect(cells.length).toBe(header.length);
      return Object.fromEntries(cells.map((cell, i) => [header[i] as string, cell]));
    });
  });
const deskRows = (door: DeskDoor): Row[] => csvRows(DESK_FILES[door].name, DESK_FILES[door].charset, DESK_HEADERS[door]);

/** Rows of a workbook's sheet, read the plain way: entry by entry from the local headers, then by pattern. */
function sheetRows(body: Buffer): string[][] {
  for (let at = 0; body.readUInt32LE(at) === 0x04034b50; ) {
    const [size, nameLength, extra] = [body.readUInt32LE(at + 18), body.readUInt16LE(at + 26), body.readUInt16LE(at + 28)];
    const name = body.subarray(at + 30, at + 30 + nameLength).toString();
    const content = body.subarray(at + 30 + nameLength + extra, at + 30 + nameLength + extra + size);
    if (name === 'xl/worksheets/sheet1.xml') {
      const xml = (body.readUInt16LE(at + 8) === 0 ? content : inflateRawSync(content)).toString();
      return [...xml.matchAll(/<row [^>]*>(.*?)<\/row>/g)].map(([, row = '']) => {
        const cells: string[] = [];
        for (const [, column = '', text, value] of row.matchAll(/<c r="([A-Z]+)\d+"[^>]*>(?:<is><t[^>]*>([^<]*)<\/t><\/is>|<v>([^<]*)<\/v>)<\/c>/g))
          cells[[...column].reduce((sum, c) => sum * 26 + c.charCodeAt(0) - 64, 0) - 1] = text ?? value ?? '';
        return Array.from(cells, (each) => each ?? '');
      });
    }
    at += 30 + nameLength + extra + size;
  }
  throw new Error('no sheet');
}
const bookRows = (door: WorkbookDoor): Row[] =>
  named(WORKBOOKS[door].name).flatMap((part) => {
    const [title = [], note = [], header = [], ...rows] = sheetRows(part.body);
    expect(title[0]).toMatch(/^杏城市第一人民医院.+（2026年1[01]月）$/);
    expect(note[0]).toBe(WORKBOOKS[door].note);
    expect(header).toEqual([...WORKBOOKS[door].header]);
    const body = rows.filter((each) => each[0] !== '合计');
    expect(body.length).toBe(part.items);
    return body.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
  });
const lines = (name: string): Record<string, unknown>[] =>
  named(name).flatMap((part) => {
    const all = decode(part, 'utf-8').trimEnd().split('\n');
    expect(all.length).toBe(part.items);
    return all.map((line) => JSON.parse(line) as Record<string, unknown>);
  });

describe('workbooks', () => {
  test('beds by day balance: yesterday’s patients, plus admitted, less discharged, are today’s; more patients than beds are in extra beds', () => {
    const before = new Map<string, number>();
    let extra = 0;
    // Months come newest first; each begins anew.
    for (const row of bookRows('bed').sort((a, b) => String(a['日期']).localeCompare(String(b['日期'])))) {
      const ward = row['病区代码'] as string;
      const [beds, more, was, came, went, now] = ['开放床位', '加床', '原有人数', '入院人数', '出院人数', '24时在院人数'].map((name) => Number(row[name])) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      expect(was + came - went).toBe(now);
      expect(before.get(ward) ?? was).toBe(was);
      expect(more).toBe(Math.max(0, now - beds));
      expect(Number(row['床位使用率'])).toBeCloseTo((100 * now) / beds, 0);
      before.set(ward, now);
      extra += more;
    }
    expect(before.size).toBe(world.hospital.wards.length);
    expect(extra).toBeGreaterThan(0);
  });

  test('the days of a week add up to what advertising spent', () => {
    const spent = new Map<string, number>();
    for (const row of bookRows('ad')) {
      const day = Date.parse(`${row['日期']}T00:00:00Z`) / 86_400_000;
      const key = `${Math.floor((day - world.startDay) / 7)} ${row['渠道编码']}`;
      spent.set(key, (spent.get(key) ?? 0) + Math.round(Number(row['消费']) * 100));
    }
    let whole = 0;
    world.market.weeks.forEach((week, w) => {
      if (week.day + 6 > world.lastDay) return;
      ALL_CHANNELS.forEach(({ code }, c) => {
        expect(spent.get(`${w} ${code}`) ?? 0).toBe((week.spend[c] ?? 0) * 100);
        whole++;
      });
    });
    expect(whole).toBeGreaterThan(20);
  });

  test('nurses stand in a line each with a shift a day; wards that answer slowly have half the nights', () => {
    const share = (isSlow: boolean): number => {
      const shifts = bookRows('roster-nurse')
        .filter((row) => (world.hospital.wards.find((ward) => ward.code === row['病区代码'])?.nightAnswerMinutes ?? 0) > 10 === isSlow)
        .flatMap((row) => Array.from({ length: 31 }, (_, d) => row[`${d + 1}日`] ?? ''))
        .filter((shift) => shift !== '');
      expect(shifts.every((each) => 'APN休'.includes(each))).toBe(true);
      return shifts.filter((each) => each === 'N').length / shifts.length;
    };
    expect(share(true) / share(false)).toBeCloseTo(0.5, 1);
  });

  test('who sees emergencies at night is on duty that night', () => {
    const duty = new Map<string, Set<string>>();
    for (const row of bookRows('roster-doctor').filter((each) => each['班次'] === '夜班')) {
      const day = row['日期'] as string;
      duty.set(day, (duty.get(day) ?? new Set()).add(row['医生工号'] as string));
    }
    const visits = parts.filter((each) => each.source === 'truth-visit').flatMap((part) => decode(part, 'utf-8').trimEnd().split('\n').slice(1));
    const named = visits.map((line) => line.split(',')).filter((cells) => cells[2] === 'emergency' && cells[11] === '1');
    expect(named.length).toBeGreaterThan(20);
    // Afternoon doctors finish theirs after six.
    const onDuty = named.filter((cells) => duty.get(cells[7] as string)?.has(cells[4] as string) === true);
    expect(onDuty.length / named.length).toBeGreaterThan(0.85);
  });

  test('referrals go up to the hospital and down to a clinic', () => {
    expect(new Set(bookRows('referral').map((row) => row['方向']))).toEqual(new Set(['上转', '下转']));
    expect(bookRows('complaint').every((row) => /^T\d{9}$/.test(row['登记编号'] as string))).toBe(true);
  });
});

describe('tables of desks and platforms', () => {
  test('each platform exports in its own columns', () => {
    for (const door of Object.keys(PLATFORM_HEADERS) as PlatformDoor[])
      expect(csvRows(PLATFORM_FILES[door].name, PLATFORM_FILES[door].charset, PLATFORM_HEADERS[door]).length, door).toBeGreaterThan(0);
  });

  test('no machine that is booked has two people at a time', () => {
    const byDevice = new Map<string, [number, number][]>();
    for (const row of deskRows('equipment')) {
      if (row['状态'] !== '已完成' || (row['设备编号'] as string).endsWith('-E')) continue;
      const at = (name: string): number => Date.parse((row[name] as string).replace(' ', 'T'));
      byDevice.set(row['设备编号'] as string, [...(byDevice.get(row['设备编号'] as string) ?? []), [at('开始时间'), at('结束时间')]]);
    }
    expect(byDevice.size).toBe(world.hospital.devices.filter((each) => !each.isPool).length);
    for (const [, all] of byDevice) {
      all.sort((a, b) => a[0] - b[0]);
      for (let i = 1; i < all.length; i++) expect((all[i] as [number, number])[0]).toBeGreaterThanOrEqual((all[i - 1] as [number, number])[1]);
    }
  });

  test('questions online are answered, varied, and their intent is in the answer sheet', () => {
    const asked = deskRows('consult');
    const truth = new Map(
      parts
        .filter((each) => each.source === 'truth-voice')
        .flatMap((part) => decode(part, 'utf-8').trimEnd().split('\n').slice(1))
        .map((line) => line.split(','))
        .filter((cells) => cells[1] === 'consult')
        .map((cells) => [cells[0], cells[3]]),
    );
    expect(truth.size).toBe(asked.length);
    for (const each of asked) expect(truth.has(each['咨询编号'] as string)).toBe(true);
    expect(new Set(truth.values()).size).toBeGreaterThan(6);
    expect(new Set(asked.map((each) => each['提问内容'])).size / asked.length).toBeGreaterThan(0.95);
    for (const each of asked) expect(`${each['提问内容']}${each['回复内容']}`).not.toMatch(/[{}[\]|]|undefined/);
  });

  test('searches for a paediatric allergy clinic grow among the keywords', () => {
    const views = (month: string): number => {
      const rows = deskRows('keyword').filter((row) => row['日期']?.startsWith(month));
      const sum = (given: Row[]): number => given.reduce((all, row) => all + Number(row['展现']), 0);
      return sum(rows.filter((row) => row['推广单元'] === '儿童过敏')) / sum(rows);
    };
    expect(views('2026-11')).toBeGreaterThan(views('2026-10') * 1.1);
  });
});

describe('machines', () => {
  test('devices publish on topics of their own, in order, after saying whose they are', () => {
    for (const name of ['home', 'bedside']) {
      const seen = new Set<string>();
      for (const { topic, retain, qos, payload, at } of lines(name) as {
        topic: string;
        retain: boolean;
        qos: number;
        at: string;
        payload: { deviceId: string; ts?: string; values?: { code: string; value: number; unit: string }[] };
      }[]) {
        expect(topic).toMatch(/^dev\/XC1\/[a-z0-9-]+\/(binding|telemetry)$/);
        expect(topic.split('/')[2]).toBe(payload.deviceId);
        expect([qos, retain]).toEqual([1, topic.endsWith('binding')]);
        if (topic.endsWith('binding')) seen.add(payload.deviceId);
        else {
          expect(seen.has(payload.deviceId)).toBe(true);
          expect(payload.ts).toBe(at);
          for (const { code, value, unit } of payload.values ?? []) {
            expect(code).toMatch(/^\d{3,5}-\d$/);
            expect(Number.isFinite(value) && unit !== '').toBe(true);
          }
        }
      }
    }
  });

  test('imaging metadata is the DICOM JSON model: tags in order, UIDs of 2.25 that never repeat, a study’s series together', () => {
    const series = new Set<string>();
    const studies = new Map<string, { accession: string; count: number; said: number }>();
    for (const dataset of lines('series') as Record<string, { vr: string; Value?: (string | number | { Alphabetic: string })[] }>[]) {
      const tags = Object.keys(dataset);
      expect(tags).toEqual([...tags].sort());
      for (const [tag, { vr, Value }] of Object.entries(dataset)) {
        expect(tag).toMatch(/^[0-9A-F]{8}$/);
        expect(vr).toMatch(/^[A-Z]{2}$/);
        if (vr === 'UI') expect(Value?.[0]).toMatch(/^[0-9.]{1,64}$/);
        if (vr === 'PN') expect((Value?.[0] as { Alphabetic: string } | undefined)?.Alphabetic).toMatch(/^[A-Z ^]+$/);
        if (vr === 'IS') expect(Number.isInteger(Value?.[0])).toBe(true);
      }
      const text = (tag: string): string => String(dataset[tag]?.Value?.[0] ?? '');
      expect(text('0020000D')).toMatch(/^2\.25\.[1-9]\d*$/);
      expect(series.has(text('0020000E'))).toBe(false);
      series.add(text('0020000E'));
      const study = studies.get(text('0020000D')) ?? { accession: text('00080050'), count: Number(text('00201206')), said: 0 };
      expect(study.accession).toBe(text('00080050'));
      study.said++;
      studies.set(text('0020000D'), study);
    }
    expect(studies.size).toBeGreaterThan(100);
    for (const { count, said } of studies.values()) expect(said).toBe(count);
    // As many studies as the machines say were done.
    expect(studies.size).toBe(deskRows('equipment').filter((row) => row['状态'] === '已完成').length);
  });
});
