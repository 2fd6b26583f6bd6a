/** Draws what was generated, for docs/simulator.md: `npm run bench -- simulator/pictures` writes docs/images/simulator. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portrait } from '../../simulator/index.ts';

const WIDTH = 640;
const INK = '#1f2933';
const SOFT = '#7b8794';
const FILL = '#2f7f6f';
const SECOND = '#c8842b';

interface Bar {
  readonly label: string;
  readonly value: number;
  readonly second?: number;
}
const text = (x: number, y: number, words: string, anchor = 'middle', size = 11, fill = SOFT): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="${fill}" font-family="sans-serif">${words}</text>`;

/** Columns with a value axis; `second` is drawn beside in another colour. */
function columns(title: string, bars: readonly Bar[], unit: string): string {
  const [height, left, base] = [240, 44, 200];
  const top = Math.max(...bars.flatMap((each) => [each.value, each.second ?? 0]));
  const step = (WIDTH - left - 12) / bars.length;
  const two = bars.some((each) => each.second !== undefined);
  const width = step * (two ? 0.38 : 0.72);
  const bar = (x: number, value: number, fill: string): string =>
    `<rect x="${x.toFixed(1)}" y="${(base - (value / top) * 160).toFixed(1)}" width="${width.toFixed(1)}" height="${((value / top) * 160).toFixed(1)}" fill="${fill}"/>`;
  const drawn = bars.map((each, i) => {
    const x = left + i * step + step * 0.12;
    return (
      bar(x, each.value, FILL) + (each.second === undefined ? '' : bar(x + width, each.second, SECOND)) + text(left + (i + 0.5) * step, base + 16, each.label)
    );
  });
  const axis = [0, 0.5, 1].map((share) => text(left - 6, base - share * 160 + 4, String(Number((top * share).toPrecision(3))), 'end'));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">${text(left, 20, title, 'start', 13, INK)}${text(WIDTH - 12, 20, unit, 'end')}<line x1="${left}" y1="${base}" x2="${WIDTH - 12}" y2="${base}" stroke="${SOFT}"/>${axis.join('')}${drawn.join('')}</svg>\n`;
}

const folder = join(process.cwd(), 'docs/images/simulator');
mkdirSync(folder, { recursive: true });
const found = portrait({ patients: 20_000, months: 12, seed: 'portrait', end: '2026-11-30' });
for (const [name, { title, unit, bars }] of Object.entries(found)) writeFileSync(join(folder, `${name}.svg`), columns(title, bars, unit));
