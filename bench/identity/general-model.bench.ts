/**
 * Trains the model that ships on a simulated hospital and writes it to server/govern/identity/linkage/general-model.ts: `npm run bench identity/general-model`.
 * Run it after the grades of a field or the simulator's dirt change; the same seed writes the same file. `BENCH_PATIENTS` below its default prints only.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LinkModel, linkKnownFile, startModel } from '../../server/govern/index.ts';
import { hospitalFile, TODAY } from './files.ts';

const PATIENTS = 200_000;
/** A simulated register is cleaner than a real one (nobody mistypes a birth date): a fifth of every m stays what general knowledge says. */
const LEAN = 0.2;
/** Rarer names share what is left: the simulator knows fewer of them than a country does. */
const SHARE_MIN = 0.0004;
/** So many names a line. */
const NAMES_PER_LINE = 14;

const patients = Number(process.env['BENCH_PATIENTS'] ?? PATIENTS);
const folder = mkdtempSync(join(tmpdir(), 'xinglin-model-'));
try {
  const { path } = await hospitalFile(folder, patients);
  const linkage = await linkKnownFile(path, { today: TODAY });
  const model = linkage.modelAs({ edition: 'general@1', what: `simulated hospital, ${patients} patients`, start: startModel, lean: LEAN, shareMin: SHARE_MIN });
  console.log(JSON.stringify({ bench: 'general-model', ...model, shares: Object.keys(model.shares) }));
  if (patients === PATIENTS) writeFileSync(join(process.cwd(), 'server/govern/identity/linkage/general-model.ts'), asSource(model));
} finally {
  rmSync(folder, { recursive: true });
}

function asSource({ shares, ...model }: LinkModel): string {
  const lists = Object.entries(shares).map(([field, { common, rest }]) => {
    const names = Object.entries(common).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name, share]) => `${name} ${share}`); // biome-ignore format: one chain
    const lines = Array.from(
      { length: Math.ceil(names.length / NAMES_PER_LINE) },
      (_, at) => `'${names.slice(at * NAMES_PER_LINE, (at + 1) * NAMES_PER_LINE).join(', ')}',`,
    );
    return `'${field}': readShares(${rest}, [${lines.join('\n')}]),`;
  });
  return `/** The model a new installation begins with, until the hospital has trained its own. Written by \`npm run bench identity/general-model\`; not edited by hand. */
import type { LinkModel, ValueShares } from './link-model.ts';

/** \`王 0.07, 李 0.06 …\` */
const readShares = (rest: number, lines: readonly string[]): ValueShares => ({
  rest,
  common: Object.fromEntries(lines.flatMap((line) => line.split(', ').map((pair) => [pair.slice(0, pair.lastIndexOf(' ')), Number(pair.slice(pair.lastIndexOf(' ') + 1))]))),
});

export const generalModel: LinkModel = {
  ...${JSON.stringify(model)},
  shares: { ${lists.join('\n')} },
};
`;
}
