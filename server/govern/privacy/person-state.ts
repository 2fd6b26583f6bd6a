/**
 * What is known of one record, merged field by field from everything its source ever said of it.
 *
 * A thin message (a result with only a record number and a name) must not wipe the birth date an admission gave, and a late old
 * message must not undo a newer one. So each field keeps the version it was stated with, and the greatest version wins; the
 * result does not depend on the order of arrival. The whole is one sealed value in the vault.
 */
import type { PersonDetails, SourceId, TimePrecision } from '@xinglin/contracts';

/** `[version in microseconds, position]`: compared in this order. */
export type Stamp = readonly [number, number];
export const isNewer = (a: Stamp, b: Stamp): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

type Field<T> = readonly [at: Stamp, value: T | null];
export interface PersonState {
  /** The newest statement of all, when the thing it told happened (microseconds) and how precisely that is known. */
  readonly stamp: Stamp;
  readonly occurredAt: number;
  readonly precision: TimePrecision;
  /** How many statements were merged. */
  readonly revision: number;
  readonly deleted: Field<boolean> | null;
  readonly names: Field<readonly string[]> | null;
  /** By type and authority: a message that repeats only the record number leaves the resident id alone. */
  readonly identifiers: Readonly<Record<string, Field<readonly SourceId[]>>>;
  readonly phones: Field<readonly string[]> | null;
  readonly addresses: Field<PersonDetails['addresses']> | null;
  readonly birthDate: Field<string> | null;
  readonly sex: Field<'male' | 'female'> | null;
  readonly insuranceType: Field<string> | null;
  readonly deceased: Field<boolean> | null;
  readonly guardian: Field<NonNullable<PersonDetails['guardian']>> | null;
  readonly nickname: Field<string> | null;
}

export interface PersonStatement {
  readonly stamp: Stamp;
  readonly occurredAt: number;
  readonly precision: TimePrecision;
  readonly isDeleted: boolean;
  readonly details: PersonDetails;
  /** Null when the source says nothing about it (most say "alive" by saying nothing). */
  readonly isDeceased: boolean | null;
}

/** `times`: how often it was said, for the count; `statement` is then the newest of them. */
export function mergeStatement(before: PersonState | null, statement: PersonStatement, times = 1): PersonState {
  const { stamp, details } = statement;
  const cleared = new Set<string>(details.cleared ?? []);
  /** `said` null means the source was silent, unless it took the field back. */
  const later = <T>(old: Field<T> | null | undefined, said: T | null, name = ''): Field<T> | null => {
    if (said === null && !cleared.has(name)) return old ?? null;
    return old === null || old === undefined || isNewer(stamp, old[0]) ? [stamp, said] : old;
  };
  const list = <T>(values: readonly T[]): readonly T[] | null => (values.length === 0 ? null : values);
  const identifiers: Record<string, Field<readonly SourceId[]>> = { ...before?.identifiers };
  for (const [name, ids] of groupIdentifiers(details.identifiers)) {
    const kept = later(identifiers[name], ids);
    if (kept !== null) identifiers[name] = kept;
  }
  const isNewest = before === null || isNewer(stamp, before.stamp);
  return {
    stamp: isNewest ? stamp : before.stamp,
    occurredAt: isNewest ? statement.occurredAt : before.occurredAt,
    precision: isNewest ? statement.precision : before.precision,
    revision: (before?.revision ?? 0) + times,
    deleted: later(before?.deleted, statement.isDeleted),
    names: later(before?.names, list(details.names), 'names'),
    identifiers,
    phones: later(before?.phones, list(details.phones), 'phones'),
    addresses: later(before?.addresses, list(details.addresses), 'addresses'),
    birthDate: later(before?.birthDate, details.birthDate, 'birthDate'),
    sex: later(before?.sex, details.sex === 'unknown' ? null : details.sex, 'sex'),
    insuranceType: later(before?.insuranceType, details.insuranceType, 'insuranceType'),
    deceased: later(before?.deceased, statement.isDeceased),
    guardian: later(before?.guardian, details.guardian, 'guardian'),
    nickname: later(before?.nickname, details.nickname),
  };
}

function groupIdentifiers(ids: readonly SourceId[]): Map<string, SourceId[]> {
  const groups = new Map<string, SourceId[]>();
  for (const id of ids) {
    const name = `${id.type}|${id.system}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [id]);
    else group.push(id);
  }
  return groups;
}

export const detailsOf = (state: PersonState): PersonDetails =>
  detailsFrom(
    (name) => state[name]?.[1],
    Object.values(state.identifiers).flatMap(([, ids]) => ids ?? []),
  );

type FieldName = (typeof FIELDS)[number];
type ValueOf<K extends FieldName> = NonNullable<PersonState[K]>[1];
/** What fields say, or what their silence means. */
const detailsFrom = (said: <K extends FieldName>(name: K) => ValueOf<K> | undefined, identifiers: readonly SourceId[]): PersonDetails => ({
  names: said('names') ?? [],
  identifiers,
  phones: said('phones') ?? [],
  addresses: said('addresses') ?? [],
  birthDate: said('birthDate') ?? null,
  sex: said('sex') ?? 'unknown',
  insuranceType: said('insuranceType') ?? null,
  deceased: said('deceased') ?? false,
  guardian: said('guardian') ?? null,
  nickname: said('nickname') ?? null,
});

/** Whether two states of a record say the same; when and how often they were stated does not matter. */
export const hasSameDetails = (a: PersonState, b: PersonState): boolean =>
  isDeleted(a) === isDeleted(b) && JSON.stringify(detailsOf(a)) === JSON.stringify(detailsOf(b));
export const isDeleted = (state: PersonState): boolean => state.deleted?.[1] ?? false;

const FIELDS = ['deleted', 'names', 'phones', 'addresses', 'birthDate', 'sex', 'insuranceType', 'deceased', 'guardian', 'nickname'] as const;

/**
 * As it is sealed: most fields were stated together, so their stamps are listed once and named by place.
 * `s` stamps (the newest first), `o` time, `t` its precision, `r` revision, `f` fields, `i` identifiers by type and authority.
 */
interface Packed {
  readonly s: readonly Stamp[];
  readonly o: number;
  readonly t: TimePrecision;
  readonly r: number;
  readonly f: Readonly<Record<string, readonly [number, unknown]>>;
  readonly i: readonly (readonly [type: SourceId['type'], system: string, stamp: number, values: readonly string[]])[];
}

export function packState(state: PersonState): Buffer {
  const stamps: Stamp[] = [];
  const place = (stamp: Stamp): number => {
    const known = stamps.findIndex((each) => each[0] === stamp[0] && each[1] === stamp[1]);
    return known < 0 ? stamps.push(stamp) - 1 : known;
  };
  place(state.stamp);
  const fields: Record<string, readonly [number, unknown]> = {};
  for (const name of FIELDS) {
    const field = state[name];
    if (field !== null) fields[name] = [place(field[0]), field[1]];
  }
  const identifiers = Object.values(state.identifiers).flatMap(([stamp, ids]) =>
    ids === null || ids[0] === undefined ? [] : [[ids[0].type, ids[0].system, place(stamp), ids.map((id) => id.value)] as const],
  );
  const packed: Packed = { s: stamps, o: state.occurredAt, t: state.precision, r: state.revision, f: fields, i: identifiers };
  return Buffer.from(JSON.stringify(packed), 'utf8');
}

/** What is known of the person now, of what `packState` made; null when the record was deleted. `detailsOf(unpackState(bytes))`, without the history. */
export function unpackDetails(bytes: Buffer): PersonDetails | null {
  const { f, i } = JSON.parse(bytes.toString('utf8')) as Packed;
  if (f['deleted']?.[1] === true) return null;
  return detailsFrom((name) => f[name]?.[1] as ValueOf<typeof name>, i.flatMap(valuesOf));
}
const valuesOf = ([type, system, , values]: Packed['i'][number]): SourceId[] => values.map((value) => ({ type, system, value }));

/** Only ever opens what `packState` made. */
export function unpackState(bytes: Buffer): PersonState {
  const packed = JSON.parse(bytes.toString('utf8')) as Packed;
  const stampAt = (at: number): Stamp => packed.s[at] ?? [0, 0];
  const field = (name: (typeof FIELDS)[number]): Field<never> | null => {
    const found = packed.f[name];
    return found === undefined ? null : [stampAt(found[0]), found[1] as never];
  };
  return {
    ...{ stamp: stampAt(0), occurredAt: packed.o, precision: packed.t, revision: packed.r },
    ...(Object.fromEntries(FIELDS.map((name) => [name, field(name)])) as Pick<PersonState, (typeof FIELDS)[number]>),
    identifiers: Object.fromEntries(packed.i.map((each) => [`${each[0]}|${each[1]}`, [stampAt(each[2]), valuesOf(each)] as const])),
  };
}
