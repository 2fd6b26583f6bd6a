/**
 * The merged person: of what all records say, one value per field and the rule that chose it.
 *
 * Every field has its own order of rules. A rule looks at the values still in the running and keeps the best; the first rule after which one
 * value is left is the reason shown. The last rule (recency, then the record key) always decides, so the answer never depends on the order
 * of the records. Values that are equal once written alike are one value, whoever says them.
 */
import type { PersonDetails, SourceId } from '@xinglin/contracts';
import type { GoldenFieldName } from '@xinglin/contracts/api.ts';
import { isNewer, type PersonState, type Stamp } from '../../privacy/person-state.ts';
import { evidenceOf, foldName, foldNumber, isUnnamed, type ResidentId, readPhone } from '../identifiers.ts';

export type GoldenRule = 'only' | 'valid' | 'precise' | 'trust' | 'frequency' | 'recency' | 'any' | 'all';

/** One record as survivorship sees it. */
export interface GoldenInput {
  readonly recordKey: string;
  readonly source: string;
  /** 0…100. */
  readonly trust: number;
  readonly state: PersonState;
}
export interface Chosen<T> {
  /** Null when nobody says anything. */
  readonly value: T | null;
  readonly source: string | null;
  readonly recordKey: string | null;
  readonly rule: GoldenRule;
  /** Different values that lost. */
  readonly others: number;
}
export interface Golden {
  readonly name: Chosen<string>;
  readonly birthDate: Chosen<string>;
  readonly sex: Chosen<'male' | 'female'>;
  readonly residentId: Chosen<string>;
  /** Each identifier once. */
  readonly identifiers: Chosen<readonly SourceId[]>;
  readonly phone: Chosen<string>;
  readonly address: Chosen<PersonDetails['addresses'][number]>;
  readonly insuranceType: Chosen<string>;
  readonly guardian: Chosen<NonNullable<PersonDetails['guardian']>>;
  readonly deceased: Chosen<boolean>;
}

interface Claim<T> {
  readonly value: T;
  /** Equal keys are the same value. */
  readonly key: string;
  readonly by: GoldenInput;
  readonly at: Stamp;
  /** Higher is better; what counts as valid or precise is the field's own matter. */
  readonly valid: number;
  readonly precise: number;
}
type Rule = 'valid' | 'precise' | 'trust' | 'frequency' | 'recency';

/** What is on a document is checked first; what people change (phone, address) is newest first; what they do not, is what most and best say. */
const ORDER = {
  name: ['valid', 'trust', 'frequency', 'recency'],
  birthDate: ['valid', 'precise', 'trust', 'frequency', 'recency'],
  sex: ['valid', 'trust', 'frequency', 'recency'],
  residentId: ['valid', 'trust', 'frequency', 'recency'],
  phone: ['valid', 'recency', 'trust', 'frequency'],
  address: ['precise', 'recency', 'trust', 'frequency'],
  insuranceType: ['trust', 'recency', 'frequency'],
  guardian: ['precise', 'recency', 'trust', 'frequency'],
} as const satisfies Partial<Record<GoldenFieldName, readonly Rule[]>>;

export function goldenOf(inputs: readonly GoldenInput[], today: Date): Golden {
  const records = [...inputs].sort((a, b) => (a.recordKey < b.recordKey ? -1 : 1));
  const residents = new Map(records.map((each) => [each, residentIds(each, today)]));
  const births = new Set([...residents.values()].flat().map((each) => each.birth));
  const sexes = new Set([...residents.values()].flat().map((each) => each.sex));
  const claims = <T>(read: (record: GoldenInput) => readonly (Omit<Claim<T>, 'by'> | null)[]): Claim<T>[] =>
    records.flatMap((by) => read(by).flatMap((claim) => (claim === null ? [] : { ...claim, by })));
  const plain = { valid: 0, precise: 0 };

  return {
    name: choose(ORDER.name, claims(nameClaims)),
    birthDate: choose(
      ORDER.birthDate,
      claims(({ state: { birthDate } }) => [said(birthDate, (value) => ({ key: value, precise: value.length, valid: births.has(value) ? 1 : 0 }))]),
    ),
    sex: choose(
      ORDER.sex,
      claims(({ state: { sex } }) => [said(sex, (value) => ({ key: value, precise: 0, valid: sexes.has(value) ? 1 : 0 }))]),
    ),
    residentId: choose(
      ORDER.residentId,
      claims((by) => (residents.get(by) ?? []).map((id) => ({ value: id.id, key: id.id, at: id.at, precise: 0, valid: agreesWith(by.state, id) ? 1 : 0 }))),
    ),
    identifiers: everyIdentifier(records, today),
    phone: choose(ORDER.phone, claims(phoneClaims)),
    address: choose(
      ORDER.address,
      claims(({ state: { addresses } }) =>
        (addresses?.[1] ?? []).map((value) => ({
          ...{ value, key: value.text.normalize('NFKC').replace(/\s/g, ''), at: addresses?.[0] ?? NEVER },
          ...{ valid: 0, precise: value.district === null ? 0 : 1 },
        })),
      ),
    ),
    insuranceType: choose(
      ORDER.insuranceType,
      claims(({ state: { insuranceType } }) => [said(insuranceType, (value) => ({ key: value, ...plain }))]),
    ),
    guardian: choose(
      ORDER.guardian,
      claims(({ state: { guardian } }) => [
        said(guardian, (value) => ({ key: `${foldName(value.name)}|${value.phone ?? ''}`, valid: 0, precise: value.phone === null ? 0 : 1 })),
      ]),
    ),
    deceased: anyDeath(records),
  };
}

const NEVER: Stamp = [-1, -1];
type Field<T> = readonly [Stamp, T | null] | null;
const said = <T>(field: Field<T>, rate: (value: T) => Pick<Claim<T>, 'key' | 'valid' | 'precise'>): Omit<Claim<T>, 'by'> | null =>
  field === null || field[1] === null ? null : { value: field[1], at: field[0], ...rate(field[1]) };

/** The first name of a record is the one it uses; a nickname stands in only when no record knows a name. */
function nameClaims({ state }: GoldenInput): (Omit<Claim<string>, 'by'> | null)[] {
  const name = state.names?.[1]?.[0];
  if (name !== undefined) return [{ value: name, key: foldName(name), at: state.names?.[0] ?? NEVER, valid: isUnnamed(name) ? 1 : 2, precise: 0 }];
  return [said(state.nickname, (value) => ({ key: foldName(value), valid: 0, precise: 0 }))];
}

const PHONE_WORTH = { mobile: 3, overseas: 2, landline: 1, service: 0, other: 0 } as const;
const phoneClaims = ({ state }: GoldenInput): (Omit<Claim<string>, 'by'> | null)[] =>
  (state.phones?.[1] ?? []).map((raw) => {
    const phone = readPhone(raw);
    if (phone === null) return null;
    return { value: phone.number, key: phone.number, at: state.phones?.[0] ?? NEVER, valid: PHONE_WORTH[phone.kind], precise: 0 };
  });

const residentIds = ({ state }: GoldenInput, today: Date): (ResidentId & { readonly at: Stamp })[] =>
  Object.values(state.identifiers).flatMap(([at, ids]) =>
    (ids ?? []).flatMap((id) => {
      const resident = evidenceOf(id, today)?.residentId ?? null;
      return resident === null ? [] : { ...resident, at };
    }),
  );
const agreesWith = (state: PersonState, id: ResidentId): boolean =>
  (state.birthDate?.[1] === null || state.birthDate === null || id.birth.startsWith(state.birthDate[1])) &&
  (state.sex?.[1] === null || state.sex === null || state.sex[1] === id.sex);

function choose<T>(order: readonly Rule[], claims: readonly Claim<T>[]): Chosen<T> {
  if (claims.length === 0) return { value: null, source: null, recordKey: null, rule: 'only', others: 0 };
  const values = new Set(claims.map((each) => each.key));
  let left = claims;
  let rule: GoldenRule = 'only';
  for (const each of order) {
    if (new Set(left.map((claim) => claim.key)).size === 1) break;
    left = best(each, left);
    rule = each;
  }
  // Among records that say the same, the most trusted and then the newest stands for it.
  const [winner] = best('recency', best('trust', left));
  if (winner === undefined) return { value: null, source: null, recordKey: null, rule: 'only', others: 0 };
  return { value: winner.value, source: winner.by.source, recordKey: winner.by.recordKey, rule, others: values.size - 1 };
}

function best<T>(rule: Rule, claims: readonly Claim<T>[]): readonly Claim<T>[] {
  if (rule === 'recency') {
    const newest = claims.reduce<Claim<T> | null>((top, each) => (top === null || isNewer(each.at, top.at) ? each : top), null);
    const same = claims.filter((each) => each.at[0] === newest?.at[0] && each.at[1] === newest.at[1]);
    // The same moment twice: the first record in key order, then the first of its values, so that the answer is one.
    return same.slice(0, 1);
  }
  const counts = new Map<string, number>();
  for (const { key } of claims) counts.set(key, (counts.get(key) ?? 0) + 1);
  const worth = (each: Claim<T>): number => (rule === 'frequency' ? (counts.get(each.key) ?? 0) : rule === 'trust' ? each.by.trust : each[rule]);
  const top = Math.max(...claims.map(worth));
  return claims.filter((each) => worth(each) === top);
}

/** Every identifier once, whoever says it, as the most trusted source writes it. */
function everyIdentifier(records: readonly GoldenInput[], today: Date): Chosen<readonly SourceId[]> {
  const found = new Map<string, { id: SourceId; by: GoldenInput }>();
  for (const by of [...records].sort((a, b) => b.trust - a.trust || (a.recordKey < b.recordKey ? -1 : 1))) {
    for (const [, ids] of Object.values(by.state.identifiers)) {
      for (const id of ids ?? []) {
        const evidence = evidenceOf(id, today);
        const key = evidence === null ? `${id.type}|${id.system}|${foldNumber(id.value)}` : `${evidence.type}|${evidence.value}`;
        if (!found.has(key)) found.set(key, { id, by });
      }
    }
  }
  const all = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  const [first] = all;
  if (first === undefined) return { value: null, source: null, recordKey: null, rule: 'only', others: 0 };
  const isOne = all.every((each) => each.by === first.by);
  return { value: all.map((each) => each.id), source: isOne ? first.by.source : null, recordKey: isOne ? first.by.recordKey : null, rule: 'all', others: 0 };
}

/** A death one source reports holds: nobody writes to the dead because another system has not heard. */
function anyDeath(records: readonly GoldenInput[]): Chosen<boolean> {
  const dead = records.find((each) => each.state.deceased?.[1] === true);
  if (dead === undefined) return { value: false, source: null, recordKey: null, rule: 'only', others: 0 };
  const alive = records.some((each) => each.state.deceased?.[1] === false);
  return { value: true, source: dead.source, recordKey: dead.recordKey, rule: 'any', others: alive ? 1 : 0 };
}

/** The chosen values as details, with every other phone, name and address behind the chosen one. Null when no record has any. */
export function detailsOfGolden(golden: Golden, inputs: readonly GoldenInput[]): PersonDetails | null {
  if (inputs.length === 0) return null;
  const newest = [...inputs].sort((a, b) => (isNewer(a.state.stamp, b.state.stamp) ? -1 : 1)).map((each) => each.state);
  /** The chosen value first, then the others as they were stated last; each once. */
  const behind = <T>(first: T | null, rest: readonly T[], key: (each: T) => string): T[] => {
    const known = new Map<string, T>();
    for (const each of first === null ? rest : [first, ...rest]) if (!known.has(key(each))) known.set(key(each), each);
    return [...known.values()];
  };
  const names = newest.flatMap((state) => state.names?.[1] ?? []);
  const nickname = newest.find((state) => (state.nickname?.[1] ?? null) !== null)?.nickname?.[1] ?? null;
  return {
    // A nickname that stood in for a name is no name.
    names: names.length === 0 ? [] : behind(golden.name.value, names, foldName),
    identifiers: golden.identifiers.value ?? [],
    phones: behind(
      golden.phone.value,
      newest.flatMap((state) => state.phones?.[1] ?? []),
      (raw) => readPhone(raw)?.number ?? raw,
    ),
    addresses: behind(
      golden.address.value,
      newest.flatMap((state) => state.addresses?.[1] ?? []),
      (each) => each.text,
    ),
    birthDate: golden.birthDate.value,
    sex: golden.sex.value ?? 'unknown',
    insuranceType: golden.insuranceType.value,
    deceased: golden.deceased.value ?? false,
    guardian: golden.guardian.value,
    nickname,
  };
}
