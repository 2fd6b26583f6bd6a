import { describe, expect, test } from 'vitest';
import { PALETTES, type Palette, SERIES, seriesIndexes, tokensCss } from './tokens.ts';

type Rgb = [number, number, number];
const channels = (hex: string): Rgb => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as Rgb; // three by construction
const linear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const linearRgb = (hex: string): Rgb => channels(hex).map(linear) as Rgb; // map keeps the length
const luminance = (hex: string): number => {
  const [r, g, b] = linearRgb(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
/** WCAG 2.2 contrast ratio. */
const contrast = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]; // two in, two out
  return (light + 0.05) / (dark + 0.05);
};

const texts = (p: Palette): [string, string, string][] => {
  const grounds: [string, string][] = [
    ['paper', p.paper],
    ['surface', p.surface],
    ['tint', p.tint],
  ];
  const words: [string, string][] = [
    ['ink', p.ink],
    ['secondary', p.secondary],
    ['accentText', p.accentText],
    ['good', p.good],
    ['watch', p.watch],
    ['bad', p.bad],
    ['info', p.info],
  ];
  return [
    ...words.flatMap(([name, colour]) => grounds.map(([ground, g]): [string, string, string] => [`${name} on ${ground}`, colour, g])),
    ['onAccent on accent', p.onAccent, p.accent],
    ['good on goodTint', p.good, p.goodTint],
    ['watch on watchTint', p.watch, p.watchTint],
    ['bad on badTint', p.bad, p.badTint],
    ['info on infoTint', p.info, p.infoTint],
    ['ink on watchTint', p.ink, p.watchTint],
    ['ink on badTint', p.ink, p.badTint],
    ['ink on infoTint', p.ink, p.infoTint],
  ];
};

describe('contrast', () => {
  test.each([
    ['light', 4.5],
    ['dark', 4.5],
    ['large', 7],
  ] as const)('every text of the %s palette reaches %d to 1', (name, least) => {
    const low = texts(PALETTES[name]).filter(([, a, b]) => contrast(a, b) < least);
    expect(low.map(([pair, a, b]) => `${pair} ${contrast(a, b).toFixed(2)}`)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('every series of the %s palette reaches 3 to 1 on the surface', (name) => {
    const low = SERIES[name].filter((colour) => contrast(colour, PALETTES[name].surface) < 3);
    expect(low).toEqual([]);
  });
});

/** Viénot, Brettel and Mollon 1999, on linear RGB. */
const SIGHT: Record<string, readonly [Rgb, Rgb, Rgb]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};
const dot = (row: Rgb, rgb: Rgb): number => row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2];
/** CIE L*a*b* (D65) of a colour as someone with that sight sees it. */
const lab = (hex: string, sight: readonly [Rgb, Rgb, Rgb]): Rgb => {
  const rgb = linearRgb(hex);
  const seen = sight.map((row) => Math.min(1, Math.max(0, dot(row, rgb)))) as Rgb; // three rows
  const x = dot([0.4124, 0.3576, 0.1805], seen) / 0.95047;
  const y = dot([0.2126, 0.7152, 0.0722], seen);
  const z = dot([0.0193, 0.1192, 0.9505], seen) / 1.08883;
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
};
const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe('series colours', () => {
  test.each(Object.keys(SIGHT))('are told apart with %s sight', (name) => {
    const sight = SIGHT[name]!; // key from the table itself
    for (const mode of ['light', 'dark'] as const) {
      const close: string[] = [];
      SERIES[mode].forEach((a, i) => {
        for (const b of SERIES[mode].slice(i + 1))
          if (distance(lab(a, sight), lab(b, sight)) < 20) close.push(`${mode} ${a} ${b} ${distance(lab(a, sight), lab(b, sight)).toFixed(1)}`);
      });
      expect(close).toEqual([]);
    }
  });

  test('an entity keeps its colour, and two entities of one chart never share one', () => {
    expect(seriesIndexes(['heat', 'word-of-mouth', 'loyalty'])).toEqual([0, 1, 2]);
    expect(seriesIndexes(['loyalty'])).toEqual([2]);
    const seven = seriesIndexes(['CARD', 'ORTH', 'GYN', 'ENT', 'DERM', 'ICU', 'NEUR']);
    expect(new Set(seven).size).toBe(7);
  });
});

test('tokens.css says the same as tokens.ts', async () => {
  await expect(tokensCss()).toMatchFileSnapshot('./tokens.css');
});
