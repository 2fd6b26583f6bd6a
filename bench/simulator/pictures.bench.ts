/** Draws what was generated, for docs/simulator.md: `npm run bench -- simulator/pictures` writes docs/images/simulator. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_FOLDERS, loadDemo, portrait } from '../../simulator/index.ts';
import { factsIn } from './count-facts.ts';

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
  const [height, left, base] = [250, 44, 200];
  const top = Math.max(...bars.flatMap((each) => [each.value, each.second ?? 0]));
  const step = (WIDTH - left - 12) / bars.length;
  const two = bars.some((each) => each.second !== undefined);
  const width = step * (two ? 0.38 : 0.72);
  const bar = (x: number, value: number, fill: string): string =>
    `<rect x="${x.toFixed(1)}" y="${(base - (value / top) * 160).toFixed(1)}" width="${width.toFixed(1)}" height="${((value / top) * 160).toFixed(1)}" fill="${fill}"/>`;
  // Long names under narrow columns stand aslant.
  const isAslant = bars.some((each) => [...each.label].reduce((sum, c) => sum + (c > '\u2e80' ? 12 : 6.2), 0) > step);
  const named = (x: number, y: number, label: string): string =>
    isAslant ? text(x + 4, y, label, 'end', 10).replace('<text ', `<text transform="rotate(-32 ${(x + 4).toFixed(1)} ${y})" `) : text(x, y + 2, label);
  const drawn = bars.map((each, i) => {
    const x = left + i * step + step * 0.12;
    return (
      bar(x, each.value, FILL) + (each.second === undefined ? '' : bar(x + width, each.second, SECOND)) + named(left + (i + 0.5) * step, base + 14, each.label)
    );
  });
  const axis = [0, 0.5, 1].map((share) => text(left - 6, base - share * 160 + 4, String(Number((top * share).toPrecision(3))), 'end'));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">${text(left, 20, title, 'start', 13, INK)}${text(WIDTH - 12, 20, unit, 'end')}<line x1="${left}" y1="${base}" x2="${WIDTH - 12}" y2="${base}" stroke="${SOFT}"/>${axis.join('')}${drawn.join('')}</svg>\n`;
}

/** What three months of five thousand people say: facts by door, intents of consultations, and how varied a thousand reviews are. */
const NAMES: Readonly<Record<string, string>> = {
  mqtt: 'MQTT',
  pacs: 'DICOM',
  'roster-doctor': 'rosters',
  'roster-nurse': 'rosters',
  ad: 'advertising',
  keyword: 'advertising',
};
async function said(): Promise<Readonly<Record<string, { title: string; unit: string; bars: Bar[] }>>> {
  const [facts, intents] = [new Map<string, number>(), new Map<string, number>()];
  const only = [4, 7, 10];
  const [patients, months] = [5_000, 12];
  for await (const part of loadDemo({ patients, months, seed: 'portrait', end: '2026-11-30', only, folders: ALL_FOLDERS })) {
    const door = NAMES[part.source] ?? part.source;
    if (part.kind !== 'truth') facts.set(door, (facts.get(door) ?? 0) + factsIn(part) / patients / only.length);
    if (part.source !== 'truth-voice') continue;
    for (const line of part.body.toString('utf8').split('\n')) {
      const [, from, , intent = ''] = line.split(',');
      if (from === 'consult') intents.set(intent, (intents.get(intent) ?? 0) + 1);
    }
  }
  const all = [...intents.values()].reduce((a, b) => a + b, 0);
  const ranked = (counts: ReadonlyMap<string, number>, digits: number, scale = 1): Bar[] =>
    [...counts].sort((a, b) => b[1] - a[1]).map(([label, value]) => ({ label, value: Number((value * scale).toFixed(digits)) }));
  const perMonth = [...facts.values()].reduce((a, b) => a + b, 0);
  return {
    doors: { title: `Facts per patient and month by door: ${perMonth.toFixed(1)} in all`, unit: 'facts', bars: ranked(facts, 2) },
    consults: { title: 'What people ask online', unit: '% of consultations', bars: ranked(intents, 1, 100 / all) },
  };
}

/** Distinct runs of four characters in the first thousand reviews, and the share of reviews that are like no other. */
async function variety(): Promise<void> {
  const texts: string[] = [];
  const platforms = /^(?:微博|抖音|小红书|点评|好大夫)/;
  for await (const part of loadDemo({ patients: 60_000, months: 12, seed: 'portrait', end: '2026-11-30', only: [1, 4, 7, 10], folders: ALL_FOLDERS })) {
    if (!platforms.test(part.fileName)) continue;
    const decoded = new TextDecoder(/^(?:点评|好大夫)/.test(part.fileName) ? 'gb18030' : 'utf-8').decode(part.body);
    const [head = '', ...rows] = decoded.replace('\ufeff', '').trimEnd().split('\r\n');
    const at = head.split(',').findIndex((name) => /正文|内容|看病经验/.test(name));
    for (const row of rows) texts.push(([...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)][at] ?? []).slice(1).find((each) => each !== undefined) ?? '');
  }
  const sample = texts.filter((_, i) => i % Math.max(1, Math.floor(texts.length / 1000)) === 0).slice(0, 1000);
  const grams = new Set<string>();
  for (const words of sample) for (let i = 0; i + 4 <= words.length; i++) grams.add(words.slice(i, i + 4));
  console.log(JSON.stringify({ reviews: sample.length, distinct: new Set(sample).size / sample.length, fourGrams: grams.size }));
}

const folder = join(process.cwd(), 'docs/images/simulator');
mkdirSync(folder, { recursive: true });
const found = { ...portrait({ patients: 20_000, months: 12, seed: 'portrait', end: '2026-11-30' }), ...(await said()) };
for (const [name, { title, unit, bars }] of Object.entries(found)) writeFileSync(join(folder, `${name}.svg`), columns(title, bars, unit));
await variety();
