/** What putting a model to use would change: every pair worth comparing is judged by both models, the one in use and the other. */
import type { ModelPreview } from '@xinglin/contracts/api.ts';
import type { Platform } from '../../../platform/index.ts';
import { compareRecords, type LinkModel, type Verdict } from '../linkage/index.ts';
import type { Matcher } from '../matcher.ts';
import { drawSample, eachPair, openAll } from './sample.ts';
import type { TellPhase } from './train-model.ts';

/** Keys per statement. */
const KEYS_TOGETHER = 20_000;

export interface Compared {
  readonly before: LinkModel;
  readonly after: LinkModel;
}

export async function previewModel(
  platform: Platform,
  matcher: Matcher,
  { before, after }: Compared,
  recordsMax: number,
  tell: TellPhase,
): Promise<ModelPreview> {
  const { db } = platform;
  await tell('drawing')(0, 1);
  const sample = await drawSample(db, recordsMax);
  const opened = await openAll(db, matcher, sample.keys, tell('opening'));
  const personOf = await selectPersons(platform, sample.keys);
  const decided = new Set(
    (await db.query<{ record_a: string; record_b: string }>('select record_a, record_b from govern.decision_in_force')).map(
      ({ record_a, record_b }) => `${record_a} ${record_b}`,
    ),
  );
  const moves = new Map<string, number>();
  const counts = { linksGained: 0, linksLost: 0, heldByGroups: 0, decidedByPeople: 0, unchanged: 0 };
  const pairs = await eachPair(
    sample,
    opened,
    ({ a, b, x, y, stands }) => {
      const [one, other] = [sample.keys[a] ?? '', sample.keys[b] ?? ''];
      if (decided.has(`${one} ${other}`)) {
        counts.decidedByPeople += stands;
        return;
      }
      const [from, to] = [compareRecords(x, y, before).verdict, compareRecords(x, y, after).verdict];
      const isTogether = personOf.get(one) !== undefined && personOf.get(one) === personOf.get(other);
      if (from === to) {
        counts.unchanged += stands;
        if (to === 'match' && !isTogether) counts.heldByGroups += stands;
        return;
      }
      moves.set(`${from} ${to}`, (moves.get(`${from} ${to}`) ?? 0) + stands);
      if (to === 'match' && !isTogether) counts.linksGained += stands;
      if (from === 'match' && isTogether) counts.linksLost += stands;
    },
    tell('comparing'),
  );
  const whole = (count: number): number => Math.round(count);
  return {
    edition: after.edition,
    against: before.edition,
    records: sample.records,
    recordsOpened: sample.keys.length,
    share: sample.share,
    pairsCompared: pairs,
    unchanged: whole(counts.unchanged),
    decidedByPeople: whole(counts.decidedByPeople),
    linksGained: whole(counts.linksGained),
    linksLost: whole(counts.linksLost),
    heldByGroups: whole(counts.heldByGroups),
    moves: [...moves]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => {
        const [from, to] = name.split(' ') as [Verdict, Verdict];
        return { from, to, pairs: whole(count) };
      }),
  };
}

async function selectPersons({ db }: Platform, keys: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let at = 0; at < keys.length; at += KEYS_TOGETHER) {
    const rows = await db.query<{ record_key: string; person_id: string }>('select record_key, person_id from govern.link where record_key = any($1::uuid[])', [
      keys.slice(at, at + KEYS_TOGETHER),
    ]);
    for (const row of rows) found.set(row.record_key, row.person_id);
  }
  return found;
}
