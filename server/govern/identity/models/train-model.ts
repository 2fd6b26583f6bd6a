/** Trains a model on the records of the vault. Details are opened in memory only; what comes out is rates and how common names are. */
import type { Platform } from '../../../platform/index.ts';
import { breather } from '../../pipeline/breathe.ts';
import { compareRecords, generalModel, type LinkField, type LinkModel, type LinkRecord, type ValueShares } from '../linkage/index.ts';
import { HOLDERS_MIN } from '../linkage/link-model.ts';
import { randomFrom } from '../linkage/model.ts';
import type { Matcher } from '../matcher.ts';
import { refuse } from './errors.ts';
import { learnRates, Patterns } from './learn.ts';
import { drawSample, eachPair, eachSingle, type Opened, openAll, type Sample, STRANGERS_MAX, type Tell } from './sample.ts';

/** Random pairs: a u of one in ten thousand is known within a third of itself. */
const STRANGER_PAIRS = 200_000;
const SEED = 20_260_101;
/** Below these there is nothing to learn from that the model that ships does not know better. */
const RECORDS_MIN = 200;
const PAIRS_MIN = 50;

export type Phase = 'drawing' | 'opening' | 'singles' | 'comparing' | 'learning' | 'measuring';
export type TellPhase = (phase: Phase) => Tell;

export interface Trained {
  readonly model: LinkModel;
  readonly records: number;
  readonly opened: number;
  readonly share: number;
  readonly pairs: number;
  readonly rounds: number;
}
export interface Drawn {
  readonly sample: Sample;
  readonly opened: Opened;
}

/** Also answers with the draw, so that the model can be measured on it without opening everything again. */
export async function trainOnVault(platform: Platform, matcher: Matcher, recordsMax: number, tell: TellPhase): Promise<Trained & { drawn: Drawn }> {
  const { db } = platform;
  await tell('drawing')(0, 1);
  const sample = await drawSample(db, recordsMax);
  if (sample.records < RECORDS_MIN) throw tooFew(sample, 0);
  const base = generalModel;

  const kept: LinkRecord[] = [];
  const names = new NameCounts();
  await eachSingle(
    platform,
    matcher,
    ({ record, siblings }) => {
      if (kept.length < STRANGERS_MAX) kept.push(record);
      names.add(record, 1 / siblings);
    },
    tell('singles'),
  );
  const strangers = new Patterns();
  const breathe = breather();
  for (const [a, b] of randomPairs(kept.length)) {
    strangers.add(compareRecords(kept[a] as LinkRecord, kept[b] as LinkRecord, base), null, 1);
    await breathe();
  }

  const opened = await openAll(db, matcher, sample.keys, tell('opening'));
  const blocked = new Patterns();
  const pairs = await eachPair(sample, opened, ({ x, y, rules, stands }) => blocked.add(compareRecords(x, y, base), rules, stands), tell('comparing'));
  if (pairs < PAIRS_MIN) throw tooFew(sample, pairs);
  await tell('learning')(0, 1);
  const { fields, prior, rounds } = learnRates(blocked.list(), strangers.list(), base, sample.records);
  const model: LinkModel = {
    format: base.format,
    edition: 'hospital@0',
    trainedOn: { what: 'hospital', records: sample.records, people: sample.people, rounds },
    prior,
    fields,
    shares: names.shares(),
    thresholds: base.thresholds,
  };
  return { model, records: sample.records, opened: sample.keys.length, share: sample.share, pairs, rounds, drawn: { sample, opened } };
}

const tooFew = (sample: Sample, pairs: number) => refuse('too-few', { records: sample.records, pairs, recordsMin: RECORDS_MIN, pairsMin: PAIRS_MIN });

function* randomPairs(count: number): Generator<readonly [number, number]> {
  if (count < 2) return;
  const random = randomFrom(SEED);
  for (let made = 0; made < STRANGER_PAIRS; made += 1) {
    const a = Math.floor(random() * count);
    const b = Math.floor(random() * (count - 1));
    yield [a, b >= a ? b + 1 : b];
  }
}

/** How many people bear a name, counted over people and not over records. */
class NameCounts {
  readonly #counts = { surname: new Map<string, number>(), 'given-name': new Map<string, number>() };

  add({ names, isNickname, isUnnamed }: LinkRecord, weight: number): void {
    const [name] = names;
    if (name === undefined || isNickname || isUnnamed) return;
    const bump = (counts: Map<string, number>, value: string | undefined) => value !== undefined && counts.set(value, (counts.get(value) ?? 0) + weight);
    bump(this.#counts.surname, name.surname?.value);
    bump(this.#counts['given-name'], name.given?.value);
  }

  shares(): LinkModel['shares'] {
    const made: Partial<Record<LinkField, ValueShares>> = {};
    for (const [field, counts] of Object.entries(this.#counts) as [LinkField, Map<string, number>][]) {
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      if (all < HOLDERS_MIN) continue;
      const common = [...counts].filter(([, count]) => count >= HOLDERS_MIN).sort(([a], [b]) => (a < b ? -1 : 1));
      const others = [...counts.values()].filter((count) => count < HOLDERS_MIN);
      const bearers = others.reduce((sum, count) => sum + count, 0);
      // What a bearer of an unlisted name shares it with, on average; never rarer than one person of those seen.
      const rest = bearers === 0 ? 1 / all : Math.max(1, others.reduce((sum, count) => sum + count * count, 0) / bearers) / all;
      made[field] = { common: Object.fromEntries(common.map(([value, count]) => [value, round(count / all)])), rest: round(rest) };
    }
    return made;
  }
}
/** Nine digits: sums of thirds come out alike on every machine. */
const round = (share: number): number => Number(share.toPrecision(9));
