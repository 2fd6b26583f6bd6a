/**
 * One formatter each for instants, days, money, counts, figures with a unit, changes, spans and ids.
 * Words come from `Intl`, so nothing here needs translating. Absent values show as an en dash.
 */
import type { Language } from './language.ts';

export const ABSENT = '–';
/** Every campus of the product keeps Chinese time; a day in an answer is already local. */
export const TIME_ZONE = 'Asia/Shanghai';

const cache = new Map<string, Intl.NumberFormat>();
const number = (language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  const key = language + JSON.stringify(options);
  let made = cache.get(key);
  if (made === undefined) {
    made = new Intl.NumberFormat(language, options);
    cache.set(key, made);
  }
  return made;
};
// Swedish is the locale whose short form is ISO 8601: 2026-03-05 14:30.
const instantFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, dateStyle: 'short', timeStyle: 'short' });
const dayFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, dateStyle: 'short' });

/** `2026-03-05 14:30` in Chinese time. */
export const instant = (iso: string | null): string => (iso === null ? ABSENT : instantFormat.format(new Date(iso)));
/** The local day of an instant, `2026-03-05`. */
export const dayOf = (iso: string | Date): string => dayFormat.format(new Date(iso));
/** Adds days to a local day. */
export const dayPlus = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
/** `03-05`, for axes whose year is said elsewhere. */
export const monthDay = (day: string): string => day.slice(5);

/** `12,345`; whole numbers. */
export const count = (value: number | null, language: Language): string =>
  value === null ? ABSENT : number(language, { maximumFractionDigits: 0 }).format(value);
/** `1.2万`, `3.4亿` in Chinese and `12K` in English, for axes and tiles; below ten thousand in full. */
export const countShort = (value: number | null, language: Language): string =>
  value === null || Math.abs(value) < 10_000 ? count(value, language) : number(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
/** `¥1,234.50` from whole fen. */
export const money = (fen: number | null): string =>
  fen === null ? ABSENT : `${fen < 0 ? '−' : ''}¥${number('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(Math.abs(fen) / 100)}`;
/** `72.4`: fixed decimals, so that columns align. */
export const decimal = (value: number | null, language: Language, digits = 1): string =>
  value === null ? ABSENT : number(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
/** `85.0%` from a share of one. */
export const percent = (share: number | null, language: Language, digits = 1): string =>
  share === null ? ABSENT : number(language, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share);

/** Units that `Intl` can say; the rest are appended as they are. */
const SPAN_UNITS: Readonly<Record<string, 'day' | 'hour' | 'minute'>> = { days: 'day', hours: 'hour', minutes: 'minute' };
/** Scores and comparisons need no unit word. */
const BARE_UNITS = new Set(['score', 'percent-score', 'nps', 'ratio', 'index']);

/** A metric's value with its unit. `%` is of a hundred; `ratio` is one figure over another, not a share; `fen` is whole, `yuan` has decimals. */
export function figure(value: number | null, unit: string, language: Language): string {
  if (value === null) return ABSENT;
  if (unit === '%') return percent(value / 100, language);
  if (unit === 'per-1000') return `${decimal(value, language)}‰`;
  if (unit === 'fen') return money(value);
  if (unit === 'yuan') return money(Math.round(value * 100));
  const span = SPAN_UNITS[unit];
  if (span !== undefined) return number(language, { style: 'unit', unit: span, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value);
  if (unit === 'count') return Number.isInteger(value) ? countShort(value, language) : decimal(value, language);
  if (BARE_UNITS.has(unit)) return decimal(value, language);
  return `${decimal(value, language)} ${unit}`;
}

/** The same in as little room as can be, for axes and tiles: large money and counts by 万 and 亿. */
export function figureShort(value: number | null, unit: string, language: Language): string {
  const yuan = value === null ? null : unit === 'yuan' ? value : unit === 'fen' ? value / 100 : null;
  if (yuan === null) return figure(value, unit, language);
  const digits = Math.abs(yuan) < 100 ? 2 : Math.abs(yuan) < 10_000 ? 0 : 1;
  const amount = number(language, {
    ...(digits === 1 ? { notation: 'compact' } : {}),
    minimumFractionDigits: digits === 2 ? 2 : 0,
    maximumFractionDigits: digits,
  }).format(Math.abs(yuan));
  return `${yuan < 0 ? '−' : ''}¥${amount}`;
}

/** Words one after another, as the language lists them without a conjunction. */
export const listed = (words: readonly string[], language: Language): string => words.join(language === 'en' ? ', ' : '、');

/** `+3.1` or `−3.1` (a true minus sign), and `0.0` without a sign. */
export function change(value: number | null, language: Language, digits = 1): string {
  if (value === null) return ABSENT;
  const text = decimal(Math.abs(value), language, digits);
  if (Number(Math.abs(value).toFixed(digits)) === 0) return text;
  return value > 0 ? `+${text}` : `−${text}`;
}

/** The two largest parts of a span: `2 hr 15 min`, `3天 4小时`. Under a minute counts as one. */
export function span(milliseconds: number, language: Language): string {
  const minutes = Math.max(1, Math.round(Math.abs(milliseconds) / 60_000));
  const parts: ['day' | 'hour' | 'minute', number][] = [
    ['day', Math.floor(minutes / 1440)],
    ['hour', Math.floor((minutes % 1440) / 60)],
    ['minute', minutes % 60],
  ];
  const first = parts.findIndex(([, amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([, amount]) => amount > 0)
    .map(([unit, amount]) => number(language, { style: 'unit', unit, unitDisplay: 'short' }).format(amount))
    .join(' ');
}

/** A limit seen from a moment: how long is left, or by how much it is over. */
export function due(dueAt: string, now: number, language: Language): { isOver: boolean; text: string } {
  const left = Date.parse(dueAt) - now;
  return { isOver: left < 0, text: span(left, language) };
}

/** A UUID for people to compare: `3f2a91c0`; the whole is in the title attribute where it is shown. Other keys as they are. */
export const shortKey = (key: string): string => (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(key) ? key.slice(0, 8) : key);
/** A sentence or a table's entry may begin with a word kept in small letters. Chinese is as it was. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** A Chinese mobile number in groups, `139 0000 2468`; anything else, masked ones too, as it is. */
export const phone = (text: string): string => text.replace(/^(?:\+86)?(1\d{2})(\d{4})(\d{4})$/, '$1 $2 $3');
/** A masked identifier as the server sent it; nothing on file shows as a dash. */
export const masked = (text: string | null): string => (text === null || text === '' ? ABSENT : text);
