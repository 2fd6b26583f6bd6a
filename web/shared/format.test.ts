import { expect, test } from 'vitest';
import {
  ABSENT,
  change,
  count,
  countShort,
  dayOf,
  dayPlus,
  due,
  figure,
  figureShort,
  instant,
  masked,
  money,
  percent,
  phone,
  shortKey,
  span,
} from './format.ts';

test('an instant is written in Chinese time, whatever the machine keeps', () => {
  expect(instant('2026-03-05T06:30:00Z')).toBe('2026-03-05 14:30');
  expect(dayOf('2026-03-05T16:30:00Z')).toBe('2026-03-06');
  expect(dayPlus('2026-02-28', 1)).toBe('2026-03-01');
});

test('money comes from whole fen, grouped, with a true minus for refunds', () => {
  expect(money(123450)).toBe('¥1,234.50');
  expect(money(-990)).toBe('−¥9.90');
  expect(money(0)).toBe('¥0.00');
});

test('large counts shorten by 万 and 亿 in Chinese and by K and M in English', () => {
  expect(count(12345, 'zh-CN')).toBe('12,345');
  expect(countShort(9999, 'zh-CN')).toBe('9,999');
  expect(countShort(123456, 'zh-CN')).toBe('12.3万');
  expect(countShort(240_000_000, 'zh-CN')).toBe('2.4亿');
  expect(countShort(123456, 'en')).toBe('123.5K');
});

test('a figure carries its unit', () => {
  expect(figure(85.3, '%', 'zh-CN')).toBe('85.3%');
  expect(figure(12.34, 'ratio', 'zh-CN')).toBe('12.3');
  expect(figure(1.92, 'per-1000', 'zh-CN')).toBe('1.9‰');
  expect(figure(1234.5, 'yuan', 'en')).toBe('¥1,234.50');
  expect(figure(123450, 'fen', 'zh-CN')).toBe('¥1,234.50');
  expect(figure(7.25, 'days', 'en')).toBe('7.3 days');
  expect(figure(4.62, 'score', 'en')).toBe('4.6');
  expect(figure(1234, 'count', 'en')).toBe('1,234');
  expect(percent(0.5, 'en', 0)).toBe('50%');
});

test('money shortens on axes and tiles, and only there', () => {
  expect(figureShort(38_211_450.5, 'yuan', 'zh-CN')).toBe('¥3821.1万');
  expect(figureShort(-38_211_450.5, 'yuan', 'en')).toBe('−¥38.2M');
  expect(figureShort(321.4, 'yuan', 'en')).toBe('¥321');
  expect(figureShort(32.1, 'yuan', 'en')).toBe('¥32.10');
  expect(figureShort(4.5, 'score', 'en')).toBe('4.5');
});

test('a change has a sign unless it rounds to nothing', () => {
  expect(change(3.14, 'en')).toBe('+3.1');
  expect(change(-3.14, 'en')).toBe('−3.1');
  expect(change(-0.01, 'en')).toBe('0.0');
});

test('a span names its two largest parts, and a limit knows when it is over', () => {
  expect(span(8_100_000, 'en')).toBe('2 hr 15 min');
  expect(span(8_100_000, 'zh-CN')).toBe('2小时 15分钟');
  expect(span(3 * 86_400_000, 'en')).toBe('3 days');
  const now = Date.parse('2026-03-05T00:00:00Z');
  expect(due('2026-03-05T02:00:00Z', now, 'en')).toEqual({ isOver: false, text: '2 hr' });
  expect(due('2026-03-04T22:30:00Z', now, 'en')).toEqual({ isOver: true, text: '1 hr 30 min' });
});

test('what is absent shows as a dash, never as zero or empty', () => {
  expect([instant(null), money(null), count(null, 'en'), figure(null, 'ratio', 'en'), change(null, 'en'), masked(null), masked('')]).toEqual(
    Array(7).fill(ABSENT),
  );
});

test('a mobile number is written in groups, a masked one as it came', () => {
  expect(phone('+8613900002468')).toBe('139 0000 2468');
  expect(phone('139****2468')).toBe('139****2468');
  expect(phone('0571-88880000')).toBe('0571-88880000');
});

test('a key is shortened for people to compare', () => {
  expect(shortKey('3f2a91c0-1111-2222-3333-444455556666')).toBe('3f2a91c0');
  expect(shortKey('general@1')).toBe('general@1');
});
