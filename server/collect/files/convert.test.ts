import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenOf } from '../money.ts';
import { cleanCell, conversionOf, fitsCellTime, isPlainText, readCellTime } from './convert.ts';

const ZONE = 'Asia/Shanghai';

describe('what the door lets through is what reading reads', () => {
  const digit = fc.constantFrom(...'0123456789');
  const near = (shape: string) =>
    fc
      .tuple(
        ...[...shape].map((sign) =>
          fc.oneof({ weight: 12, arbitrary: sign === '0' ? digit : fc.constant(sign) }, { weight: 1, arbitrary: fc.constantFrom('x', '9', '', ' ', '-', '.') }),
        ),
      )
      .map((signs) => signs.join(''));

  it('for times', () => {
    const cell = fc.oneof(
      near('2000-00-00 00:00:00'),
      near('2000/0/0 0:00'),
      near('20000000'),
      near('40000.00'),
      near('2000年0月0日'),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(cell, fc.constantFrom('YMD' as const, 'DMY' as const, 'MDY' as const), (text, order) => {
        expect(fitsCellTime(text, ZONE, order)).toBe(readCellTime(text, ZONE, order) !== undefined);
      }),
      { numRuns: 3000 },
    );
  });

  it('for numbers, money and flags', () => {
    const cell = fc.oneof(
      near('-0,000.00'),
      near('000.00'),
      near('￥00.0元'),
      fc.constantFrom('是', '否', 'TRUE', '1', 'maybe', '.', '-', '+.5', '1e5'),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(cell, fc.constantFrom('number' as const, 'integer' as const, 'fen' as const, 'flag' as const), (text, kind) => {
        const conversion = conversionOf(kind, ZONE, 'YMD');
        expect(conversion.fits(text)).toBe(conversion.read(text) !== undefined);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('money', () => {
  it('is fen, exactly', () => {
    expect(['12.5', '0.29', '1,234.00', '-3', '￥8.00', '-￥8', '8元', '.5', '19.990', '99999999.99'].map(fenOf)).toEqual([
      1250, 29, 123_400, -300, 800, -800, 800, 50, 1999, 9_999_999_999,
    ]);
    expect(['', '-', '1.234', '1,23', 'x', '12.5.6', '1e3', '12 3'].map(fenOf)).toEqual(Array.from({ length: 8 }, () => null));
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), (fen) => {
        expect(fenOf(`${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`)).toBe(fen);
      }),
    );
  });
});

it('cells are freed of what spreadsheets put around them', () => {
  expect([' 1 ', '\t1\t', '="0012"', "'0012", '="a""b"', '=', '"', '\u3000张三\u00a0'].map(cleanCell)).toEqual([
    '1',
    '1',
    '0012',
    '0012',
    'a""b',
    '=',
    '"',
    '张三',
  ]);
});

describe('text that needs no cleaning', () => {
  const sign = fc.constantFrom(...'a1 ,\n"\'=\t\r\u00a0\u1680\u2003\u2014\u3000\ufeff\uff0c张é');

  it('has only cells that cleaning leaves as they are', () => {
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 12 }), fc.constantFrom(',', '\t'), (signs, delimiter) => {
        const text = `${signs.join('')}\n`;
        if (isPlainText(Buffer.from(text), delimiter))
          for (const cell of text.split(/\n/).flatMap((line) => line.split(delimiter))) expect(cleanCell(cell)).toBe(cell);
      }),
      { numRuns: 3000 },
    );
  });

  it('is what most exports are', () => {
    expect(isPlainText(Buffer.from('F1,2026-01-01 10:00:00,项目 1,科室—二,12.50,\nF2,,“好”,,,\n'), ',')).toBe(true);
    expect(isPlainText(Buffer.from('F1\t张 三\t\n'), '\t')).toBe(true);
  });

  it('is not plain with one odd byte anywhere, wherever it begins in memory', () => {
    const plain = Buffer.from('F1,项目 1\n');
    for (const shift of [0, 1])
      for (let at = 0; at <= plain.length; at += 1) {
        const bytes = Buffer.concat([Buffer.alloc(shift), plain.subarray(0, at), Buffer.from('"'), plain.subarray(at)]).subarray(shift);
        expect(isPlainText(bytes, ','), `${shift} ${at}`).toBe(false);
        expect(isPlainText(Buffer.concat([Buffer.alloc(shift), plain]).subarray(shift, shift + plain.length), ',')).toBe(true);
      }
    expect(isPlainText(new Uint8Array(0), ',')).toBe(true);
  });
});
