/**
 * Distances between written words. They count characters (code points), never bytes: 上海市 is one step from 上海, not three.
 * Every `!` in this folder reads a typed array within its own length.
 */

/** A word as its code points. */
export const pointsOf = (text: string): Int32Array => Int32Array.from(text, (character) => character.codePointAt(0) ?? 0);

/** Which letters a word has, folded into 32 bits: letters outside the other's mask can have no partner there. */
export function maskOf(points: Int32Array): number {
  let mask = 0;
  for (const point of points) mask |= 1 << (point & 31);
  return mask;
}
function bitCount(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return (((left + (left >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
/** False when the two words cannot be as alike as `least`: an upper bound of Jaro–Winkler from lengths, masks and the shared beginning. */
export function mayBeAlike(a: Int32Array, b: Int32Array, masks: readonly [number, number], least: number): boolean {
  const common = Math.min(a.length - bitCount(masks[0] & ~masks[1]), b.length - bitCount(masks[1] & ~masks[0]));
  if (common <= 0) return false;
  const jaro = (common / a.length + common / b.length + 1) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && prefix < b.length && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro) >= least;
}

const ROW_LENGTH = 130;
const taken = new Uint8Array(ROW_LENGTH);
const matched = new Uint8Array(ROW_LENGTH);

/** Jaro–Winkler similarity (Winkler 1990, prefix scale 0.1, at most four characters), 0…1. Longer words are compared by their first 130 characters. */
export function jaroWinkler(a: Int32Array, b: Int32Array): number {
  const [m, n] = [Math.min(a.length, ROW_LENGTH), Math.min(b.length, ROW_LENGTH)];
  if (m === 0 || n === 0) return 0;
  const reach = Math.max(0, (Math.max(m, n) >> 1) - 1);
  taken.fill(0, 0, n);
  matched.fill(0, 0, m);
  let common = 0;
  for (let i = 0; i < m; i++) {
    const to = Math.min(n - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= to; j++) {
      if (taken[j] === 1 || a[i] !== b[j]) continue;
      taken[j] = 1;
      matched[i] = 1;
      common++;
      break;
    }
  }
  if (common === 0) return 0;
  let crossed = 0;
  for (let i = 0, j = 0; i < m; i++) {
    if (matched[i] === 0) continue;
    while (taken[j] === 0) j++;
    if (a[i] !== b[j]) crossed++;
    j++;
  }
  const jaro = (common / m + common / n + (common - crossed / 2) / common) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < m && prefix < n && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

const rows = [new Int32Array(ROW_LENGTH + 1), new Int32Array(ROW_LENGTH + 1), new Int32Array(ROW_LENGTH + 1)];

/** Steps between two words (insert, delete, replace, swap of neighbours: optimal string alignment); anything above `limit` comes back as `limit + 1`. */
export function steps(a: Int32Array, b: Int32Array, limit: number): number {
  const [m, n] = [Math.min(a.length, ROW_LENGTH), Math.min(b.length, ROW_LENGTH)];
  if (Math.abs(m - n) > limit) return limit + 1;
  let [before, last, row] = rows as [Int32Array, Int32Array, Int32Array];
  for (let j = 0; j <= n; j++) last[j] = j;
  for (let i = 1; i <= m; i++) {
    row[0] = i;
    let least = i;
    for (let j = 1; j <= n; j++) {
      let cost = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      cost = Math.min(cost, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > limit) return limit + 1;
    [before, last, row] = [last, row, before];
  }
  return Math.min(last[n]!, limit + 1);
}
