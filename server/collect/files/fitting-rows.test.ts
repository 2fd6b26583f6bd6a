import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gb18030 } from '../testing/messages.ts';
import { cellsOf } from './csv.ts';
import { CsvDoor } from './door.ts';
import { FittingRows } from './fitting-rows.ts';
import { fieldOf, type Mapping, namesOf, personColumns } from './mapping.ts';
import { SHIPPED } from './mappings/index.ts';
import { RowReader } from './row.ts';

/** Every column a mapping reads, by its first name. */
function headerOf(mapping: Mapping): string[] {
  const subjects = (mapping.subject ?? []).map((each) => each.column);
  const fields = Object.values(mapping.columns).flatMap((each) => [fieldOf(each).column, fieldOf(each).display]);
  const plain = [...mapping.naturalKey, mapping.occurredAt, mapping.version, mapping.encounter, mapping.text, mapping.deleted?.column];
  const columns = [...plain, ...subjects, ...fields, ...personColumns(mapping.person ?? {})];
  return [...new Set(columns.flatMap((each) => (each === undefined ? [] : [namesOf(each)[0] ?? ''])))];
}
const EVERYDAY = ['P12', 'V7', '2025-03-01 08:30:00', '2025-03-01', '12.50', '3', '内科', '男', '西药费', '是', '110101199001010019'];
const ODD = [
  ...['', ' ', "'12", 'x ', ' x', '\u3000李', '李\u3000', '\ufeffx', 'x\ufeff', '\u00a0', '（注）', 'é', '𠅤', '\ufffd', 'a b', '\r', 'x\r'],
  ...['1E5', '4.40308E+17', '1.5', '-3', '+4', '1,2', '￥3', '12.345', '9.', '.5', '1.5e3', '1e', '9999999999999999', '0.0000000000000001', '９'],
  ...['2025-02-30 08:30:00', '2025-03-31', '1999-1-1', '20250301', '45000', '2025-13-01', '2025-03-01T08:30:00', '0025-03-01', '2025-03-01 24:00:00'],
];
const cell = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...EVERYDAY) }, { weight: 1, arbitrary: fc.constantFrom(...ODD) });
const line = (width: number): fc.Arbitrary<string[]> => fc.array(cell, { minLength: width, maxLength: width });
/** Cells most of which suit the columns, so that many rows fit. */
const suiting = (header: readonly string[]): string[] =>
  header.map((name) => (/时间|日期/.test(name) ? '2025-03-01 08:30:00' : /金额|数量|单价|数值|分$/.test(name) ? '3' : 'A1'));

describe('rows seen to fit by their bytes', () => {
  for (const mapping of SHIPPED.filter((each) => each.repeat === undefined)) {
    it(`are rows the reader takes: ${mapping.id}`, () => {
      const header = headerOf(mapping);
      const reader = new RowReader(mapping, header, 'csv');
      const fitting = FittingRows.of(reader, '|');
      const one = (cells: readonly string[]): boolean => {
        const text = cells.join('|');
        const bytes = Buffer.from(`${text}\n`);
        const taken = (fitting?.endOf(bytes, 0, bytes.length) ?? -1) >= 0;
        if (taken) expect([text, reader.check(cellsOf(text.endsWith('\r') ? text.slice(0, -1) : text, '|'))]).toEqual([text, null]);
        return taken;
      };
      fc.assert(
        fc.property(line(header.length), (cells) => void one(cells)),
        { numRuns: 150 },
      );
      fc.assert(
        fc.property(fc.nat(header.length - 1), cell, (at, given) => void one(suiting(header).with(at, given))),
        { numRuns: 300 },
      );
    });
  }

  it('are most rows of an export', () => {
    const mapping = SHIPPED.find((each) => each.id === 'charges') as Mapping;
    const fitting = FittingRows.of(new RowReader(mapping, ['费用流水号', '病案号', '收费时间', '项目编码', '费用类别', '数量', '金额'], 'csv'), ',');
    const fits = (text: string): boolean => (fitting?.endOf(Buffer.from(`${text}\n`), 0, 1000) ?? -1) === Buffer.byteLength(text);
    expect(fits('F1,P1,2025-03-01 08:30:00,I1,西药费,1,12.50')).toBe(true);
    expect(fits('F1,,2025-03-01 08:30:00,I1,西药费,1,12.50')).toBe(false);
    expect(fits('F1,P1,2025-03-01 08:30:00,I1,西药费,1,12.50,')).toBe(false);
    expect(fits('F1,P1,2025-03-01 08:30:00,I1,西药费,一,12.50')).toBe(false);
  });

  it('are stored as they came, in the same chunks as rows that are read one by one', () => {
    const header = '费用流水号,病案号,就诊流水号,收费时间,项目编码,项目名称,费用类别,数量,单价,金额';
    const row = (n: number, blank: string): string => `F${n},P${n % 97}${blank},V${n},2025-03-01 08:30:00,I${n % 40},项目${n % 40}𠅤é,西药费,1,${n}.5,${n}.50`;
    const bodies = (bytes: Buffer, piece: number): string[] => {
      const door = new CsvDoor(SHIPPED, false, 'csv');
      const items = [];
      for (let at = 0; at < bytes.length; at += piece) items.push(...door.push(bytes.subarray(at, at + piece)));
      return [...items, ...door.end()].map((each) =>
        each.kind === 'delivery' ? `${each.line} ${each.items}\n${Buffer.from(each.body).toString()}` : each.code,
      );
    };
    const rows = Array.from({ length: 5000 }, (_, n) => row(n, ''));
    const text = [header, ...rows, ''].join('\n');
    const plain = bodies(Buffer.from(text), 1 << 20);
    expect(
      plain
        .join('')
        .split('\n')
        .filter((each) => each.startsWith('F')),
    ).toEqual(rows);
    expect(bodies(Buffer.from(text), 1009)).toEqual(plain);
    expect(bodies(Buffer.from(text.replaceAll('\n', '\r\n')), 65_536)).toEqual(plain);
    expect(bodies(gb18030(text), 65_536)).toEqual(plain);
    // A blank that cleaning takes off sends a row to the reader; some do, between others.
    const mixed = [header, ...rows.map((each, n) => (n % 3 === 0 ? row(n, ' ') : each)), ''].join('\n');
    expect(
      bodies(Buffer.from(mixed), 65_536)
        .join('')
        .replaceAll(' ,', ',')
        .split('\n')
        .filter((each) => each.startsWith('F')),
    ).toEqual(rows);
  });
});
