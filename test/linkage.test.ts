import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hospitalFile, TODAY, type Truth, truthOf } from '../bench/identity/files.ts';
import { brokenPromises, hospitalFigures, reviewFigures } from '../bench/identity/hospital-figures.ts';
import { type KnownLinkage, linkKnownFile } from '../server/govern/index.ts';
import { residentIdOf } from '../server/govern/testing/resident-id.ts';

/** What is promised of linking a hospital, at a size every test run can bear; `npm run bench -- identity/linkage` asks the same of 200,000 patients. */
const PATIENTS = 3_000;
const PLANTED = 10;
const GIVEN = '晓文俊思嘉子雨浩梓昊';

let folder: string;
let linkage: KnownLinkage;
let truth: ReadonlyMap<string, Truth>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xinglin-linkage-'));
  const file = await hospitalFile(folder, PATIENTS);
  plantTwoPeople(file.path);
  linkage = await linkKnownFile(file.path, { today: TODAY });
  truth = await truthOf(file);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Pairs that score like one person and are two, more than a small hospital has: twins, two real ids, newborns without a name. */
function plantTwoPeople(path: string): void {
  const [shown, answers]: [string[], string[]] = [[], []];
  for (let at = 0; at < PLANTED; at++) {
    const [day, phone] = [`2011-0${1 + (at % 9)}-${10 + at}`, `1590000${String(1000 + at)}`];
    const id = (serial: number): string => residentIdOf('330106', day.replaceAll('-', ''), serial + at);
    const pairs = [
      { kind: 'twins', names: [`闻${GIVEN[at]}东`, `闻${GIVEN[at]}西`], ids: ['', ''] },
      { kind: 'ids', names: [`宁${GIVEN[at]}`, `宁${GIVEN[at]}`], ids: [id(101), id(301)] },
      { kind: 'newborns', names: [`窦${GIVEN[at]}之长子`, `窦${GIVEN[at]}之长子`], ids: ['', ''] },
    ];
    for (const [place, { kind, names, ids }] of pairs.entries()) {
      names.forEach((name, side) => {
        const record = `P-${kind}-${at}-${side}`;
        shown.push(`${record},his,,${name},M,${day},${ids[side] === '' ? '' : '01'},${ids[side]},,${phone.slice(0, -1)}${place},杏林区文昌路${at + 1}号`);
        answers.push(`${record},${record},house-${kind}-${at},${kind === 'twins' ? 1 : 0},,0,self,,`);
      });
    }
  }
  appendFileSync(path, `${shown.join('\n')}\n`);
  appendFileSync(path.replace(/\.csv$/, '.truth.csv'), `${answers.join('\n')}\n`);
}

describe('the records of a simulated hospital', () => {
  it('are linked as promised: precision, recall, no twins merged, every vetoed pair left to people', () => {
    expect(brokenPromises(hospitalFigures(linkage.ids, linkage.clusterOf, truth), linkage)).toEqual([]);
  });

  it('hold pairs a rule keeps apart, all of them two people, each in review and none in one cluster', () => {
    const vetoes = linkage.held.filter(({ reason }) => ['twins', 'different-ids', 'unnamed'].includes(reason));
    expect(vetoes.length).toBe(linkage.vetoed.pairs);
    expect(linkage.vetoed.lost).toBe(0);
    for (const reason of ['twins', 'different-ids', 'unnamed'])
      expect([reason, vetoes.filter((each) => each.reason === reason).length >= PLANTED]).toEqual([reason, true]);
    for (const { a, b } of vetoes) expect(linkage.clusterOf[a]).not.toBe(linkage.clusterOf[b]);
    const review = reviewFigures(linkage, truth);
    expect(review['twins']?.onePerson ?? 0).toBe(0);
    expect(review['different-ids']?.onePerson ?? 0).toBe(0);
  });

  it('a broken promise is named', () => {
    const figures = { ...hospitalFigures([], [], truth), precision: 0.9998, recall: 0.98, twinPairsMerged: 1 };
    expect(brokenPromises(figures, { vetoed: { pairs: 5, lost: 2 } })).toHaveLength(4);
  });
});
