/** From the model a table taught (`link.ts`) to the one that is kept and shipped (`link-model.ts`). */
import { EXACT, GRADES, type Grade, MISSING } from './compare.ts';
import type { Field } from './fields.ts';
import type { Linked } from './link.ts';
import { HOLDERS_MIN, LINK_FIELDS, type LinkField, type LinkModel, type Rate, type ValueShares } from './link-model.ts';

export interface ModelOrigin {
  readonly edition: string;
  readonly what: string;
  /** Rates to lean on where the data are silent: a clean register teaches nothing of the slips a busy desk makes. */
  readonly start: LinkModel;
  /** How much the start rates count, 0…1. */
  readonly lean: number;
  /** Names a smaller share of people bear are not listed one by one. */
  readonly shareMin: number;
}

/** A number or name that agrees in fewer matching pairs than this taught nothing: no two records of one person hold it. */
const AGREEMENT_MIN = 0.4;

/** Rates by field and grade, and how common names are, counted over people. Numbers of which everybody has their own are as rare as there are people. */
export function toLinkModel({ records, model, clusterOf }: Linked, { edition, what, start, lean, shareMin }: ModelOrigin): LinkModel {
  const sizes = new Map<number, number>();
  for (const root of clusterOf) sizes.set(root, (sizes.get(root) ?? 0) + 1);
  const share = (record: number): number => 1 / (sizes.get(clusterOf[record]!) ?? 1);
  const fields: Partial<Record<LinkField, Partial<Record<Grade, Rate>>>> = {};
  const shares: Partial<Record<LinkField, ValueShares>> = {};
  for (const name of LINK_FIELDS) {
    const f = records.fields.findIndex((field) => field.name === (name === 'document' ? 'id-number' : name));
    const field = records.fields[f];
    const begin = start.fields[name] ?? {};
    if (field === undefined || name === 'document' || model.m[f]![EXACT]! < AGREEMENT_MIN) {
      fields[name] = begin;
      continue;
    }
    const rates: Partial<Record<Grade, Rate>> = {};
    const counts = countValues(field, share, shareMin);
    GRADES[field.kind].forEach((grade, level) => {
      if (level === MISSING) return;
      const m = (1 - lean) * model.m[f]![level]! + lean * (begin[grade]?.m ?? 0);
      const u = level === EXACT && field.kind !== 'category' ? counts.collision : model.u[f]![level]!;
      rates[grade] = { m: round(m), u: round(u) };
    });
    fields[name] = rates;
    if (name === 'surname' || name === 'given-name') shares[name] = counts.shares;
  }
  return {
    format: 'xinglin-link-model@1',
    edition,
    trainedOn: { what, records: records.length, people: sizes.size, rounds: model.rounds },
    prior: round(model.prior),
    fields,
    shares,
    thresholds: start.thresholds,
  };
}

const round = (value: number): number => Number(value.toPrecision(4));

/** How often two people taken at random share a value, and the values many share. */
function countValues(field: Field, share: (record: number) => number, shareMin: number): { collision: number; shares: ValueShares } {
  const counts = new Float64Array(field.dictionary.words.length);
  let all = 0;
  field.codes.forEach((code, record) => {
    if (code < 0) return;
    counts[code]! += share(record);
    all += share(record);
  });
  const common: Record<string, number> = {};
  let [collision, rest, restMass] = [0, 0, 0];
  counts.forEach((count, code) => {
    const part = count / Math.max(all, 1);
    collision += part * part;
    if (count >= HOLDERS_MIN && part >= shareMin) common[field.dictionary.words[code]!.value] = round(part);
    else if (count > 0) {
      rest++;
      restMass += part;
    }
  });
  return { collision, shares: { common, rest: round(restMass / Math.max(rest, 1)) } };
}
