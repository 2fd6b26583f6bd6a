/** Seconds against records, both axes logarithmic: work that grows with the records is a straight line of slope one. */
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 320, 56, 150, 44, 44];
const INK = '#1f2933';
const SOFT = '#7b8794';
const COLOURS = ['#2f7f6f', '#c8842b'];

export interface Line {
  readonly label: string;
  readonly points: readonly (readonly [records: number, seconds: number])[];
}
const text = (x: number, y: number, words: string, anchor = 'middle', size = 11, fill = SOFT): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="${fill}" font-family="sans-serif">${words}</text>`;

export function timeBySize(title: string, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const range = (values: readonly number[]): [number, number] => [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  const [x0, x1] = range(points.map(([records]) => records));
  const [y0, y1] = range(points.map(([, seconds]) => seconds));
  const x = (records: number): number => LEFT + ((Math.log10(records) - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const y = (seconds: number): number => HEIGHT - BOTTOM - ((Math.log10(seconds) - y0) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM);
  const short = (value: number): string => (value >= 1e6 ? `${value / 1e6} M` : value >= 1e3 ? `${value / 1e3} k` : String(value));
  const decades = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
  const grid = [
    ...decades(x0, x1).map(
      (at) => `<line x1="${x(at)}" y1="${TOP}" x2="${x(at)}" y2="${HEIGHT - BOTTOM}" stroke="#e4e7eb"/>${text(x(at), HEIGHT - BOTTOM + 16, short(at))}`,
    ),
    ...decades(y0, y1).map(
      (at) => `<line x1="${LEFT}" y1="${y(at)}" x2="${WIDTH - RIGHT}" y2="${y(at)}" stroke="#e4e7eb"/>${text(LEFT - 6, y(at) + 4, short(at), 'end')}`,
    ),
  ];
  const ends = labelHeights(lines.map(({ points: own }) => y(own.at(-1)?.[1] ?? 1)));
  const drawn = lines.map(({ label, points: own }, i) => {
    const colour = COLOURS[i % COLOURS.length] ?? INK;
    const at = own.map(([records, seconds]) => [x(records), y(seconds)] as const);
    const dots = at.map(([cx, cy]) => `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="3.5" fill="${colour}"/>`).join('');
    const corners = at.map((each) => each.map((value) => value.toFixed(1)).join(',')).join(' ');
    const words = `${label}, ${(own.at(-1)?.[1] ?? 0).toFixed(0)} s`;
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${corners}"/>${dots}${text((at.at(-1)?.[0] ?? LEFT) + 8, (ends[i] ?? TOP) + 4, words, 'start', 11, colour)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${text(LEFT, 20, title, 'start', 13, INK)}${grid.join('')}${drawn.join('')}${text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, 'records')}${text(LEFT - 6, TOP - 10, 'seconds', 'end')}</svg>\n`;
}

const LABEL_GAP = 14;
/** Heights of the labels at the ends of the lines, moved apart where they would cover one another. */
function labelHeights(wanted: readonly number[]): number[] {
  const heights = [...wanted];
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  for (let i = 1; i < order.length; i++) {
    const [above, below] = [order[i - 1] ?? 0, order[i] ?? 0];
    heights[below] = Math.max(heights[below] ?? 0, (heights[above] ?? 0) + LABEL_GAP);
  }
  return heights;
}
