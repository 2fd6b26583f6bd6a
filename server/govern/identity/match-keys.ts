/**
 * The keys under which records are looked for, and which of them too many share. Numbers (ids, record and insurance numbers, phones) are
 * identifiers of the record already and found there; the others are kept in `govern.match_key`. A key is crowded by how many records hold it now, so what is
 * found under it never depends on who came first: when it becomes crowded, or stops being so, all its holders are compared again.
 */
import type { Queryable, Tx } from '../../platform/index.ts';
import { PHONE_HOLDERS_MAX } from './linkage/index.ts';
import { isNumber, type MatchKey } from './matcher.ts';

/** A family with its records in every system fits; a surname on New Year's Day, when births without a date are entered, does not. */
export const KEY_HOLDERS_MAX = 100;
/** Under this name a phone is listed that more than `PHONE_HOLDERS_MAX` people have: told by their birth dates, so that it needs no links. */
export const SHARED_PHONE = 'shared-phone';

export interface OwnedKey extends MatchKey {
  readonly recordKey: string;
}
export const keyName = ({ rule, blind }: MatchKey): string => `${rule} ${blind.toString('latin1')}`;

/** Makes the kept keys of these records what is given; returns every key they had or have, numbers they have included, without repeats. */
export async function writeKeys(tx: Tx, records: readonly string[], all: readonly OwnedKey[]): Promise<MatchKey[]> {
  const wanted = all.filter((each) => !isNumber(each.rule));
  const before = await tx.query<{ record_key: string; rule: string; blind: Buffer }>(
    'select record_key, rule, blind from govern.match_key where record_key = any($1::uuid[])',
    [records],
  );
  const nameOf = (each: OwnedKey): string => `${each.recordKey} ${keyName(each)}`;
  const stored = new Map(before.map((row) => ({ recordKey: row.record_key, rule: row.rule, blind: row.blind })).map((each) => [nameOf(each), each]));
  const kept = new Set(wanted.map(nameOf));
  const gone = [...stored].flatMap(([name, each]) => (kept.has(name) ? [] : [each]));
  const added = wanted.filter((each) => !stored.has(nameOf(each)));
  const columns = (rows: readonly OwnedKey[]) => [rows.map((each) => each.rule), rows.map((each) => each.blind), rows.map((each) => each.recordKey)];
  if (gone.length > 0) {
    await tx.query(
      `delete from govern.match_key k using unnest($1::text[], $2::bytea[], $3::uuid[]) as gone(rule, blind, record_key)
       where k.rule = gone.rule and k.blind = gone.blind and k.record_key = gone.record_key`,
      columns(gone),
    );
  }
  for (let at = 0; at < added.length; at += ROWS_PER_STATEMENT) {
    await tx.query(
      'insert into govern.match_key (rule, blind, record_key) select * from unnest($1::text[], $2::bytea[], $3::uuid[])',
      columns(added.slice(at, at + ROWS_PER_STATEMENT)),
    );
  }
  return [...new Map([...all, ...gone].map((each) => [keyName(each), { rule: each.rule, blind: each.blind }])).values()];
}
/** Making parameters keeps the event loop: 20 000 keys some 15 ms. */
const ROWS_PER_STATEMENT = 20_000;

export interface Held {
  /** Holders of each key that is not crowded, by key name. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
  /** Records of keys that became crowded or free, or of phones that became shared or did not stay so: to be compared again. */
  readonly stirred: readonly string[];
  readonly crowded: number;
}

/** Who holds these keys, with the lists of crowded keys and shared phones brought up to date for them. */
export async function holdersOf(tx: Tx, keys: readonly MatchKey[]): Promise<Held> {
  const holders = new Map<string, readonly string[]>();
  const flipped: Flipped[] = [];
  const phones: { key: MatchKey; isShared: boolean }[] = [];
  let crowded = 0;
  for (let at = 0; at < keys.length; at += ROWS_PER_STATEMENT) {
    const slice = keys.slice(at, at + ROWS_PER_STATEMENT);
    for (const row of await selectHolders(tx, slice)) {
      const key = slice[row.at] as MatchKey;
      const isCrowded = row.holders.length > KEY_HOLDERS_MAX;
      if (isCrowded) crowded += 1;
      else holders.set(keyName(key), row.holders);
      if (isCrowded !== row.was_crowded) flipped.push({ ...key, list: key.rule, isOn: isCrowded });
      if (key.rule === 'phone' && (row.holders.length > PHONE_HOLDERS_MAX || row.was_shared)) phones.push({ key, isShared: row.was_shared });
    }
  }
  const shared = await selectShared(tx, phones.map((each) => each.key)); // biome-ignore format: one call
  for (const { key, isShared } of phones) if (shared.has(keyName(key)) !== isShared) flipped.push({ ...key, list: SHARED_PHONE, isOn: !isShared });
  return { holders, stirred: await noteFlipped(tx, flipped), crowded };
}

/** A key or phone that comes to a list of `crowded_match_key`, or leaves it. */
export interface Flipped extends MatchKey {
  readonly list: string;
  readonly isOn: boolean;
}
/** Notes them; returns their holders, who are to be compared again. */
export async function noteFlipped(tx: Tx, flipped: readonly Flipped[]): Promise<string[]> {
  if (flipped.length === 0) return [];
  await writeFlipped(tx, flipped);
  return selectAllHolders(tx, flipped);
}

/** Which of these keys are listed as crowded, by place. */
export async function selectCrowded(q: Queryable, keys: readonly MatchKey[]): Promise<number[]> {
  const { any } = await q.one<{ any: boolean }>('select exists (select from govern.crowded_match_key) as any');
  if (!any || keys.length === 0) return [];
  const rows = await q.query<{ at: number }>(
    `select asked.at::int - 1 as at from unnest($1::text[], $2::bytea[]) with ordinality as asked(rule, blind, at)
     join govern.crowded_match_key c on c.rule = asked.rule and c.blind = asked.blind`,
    [keys.map((each) => each.rule), keys.map((each) => each.blind)],
  );
  return rows.map((row) => row.at);
}

/** Who holds these keys, by place, where anybody does. Of keys not listed as crowded: a chunk aside, each has few holders. */
export async function selectOthers(q: Queryable, keys: readonly MatchKey[]): Promise<{ at: number; others: string[] }[]> {
  const found: { at: number; others: string[] }[] = [];
  for (let from = 0; from < keys.length; from += ROWS_PER_STATEMENT) {
    const slice = keys.slice(from, from + ROWS_PER_STATEMENT);
    for (const [isNumbers, table] of [
      [true, 'record_identifier'],
      [false, 'match_key'],
    ] as const) {
      const places = new Map(slice.flatMap((key, at) => (isNumber(key.rule) === isNumbers ? [[key.blind.toString('latin1'), at] as const] : [])));
      if (places.size === 0) continue;
      // In order of the values the index is walked once. One text and no array of holders: it is taken apart in one call.
      const rows = await q.query<{ blind: Buffer; others: string }>(
        `select h.blind, string_agg(h.record_key::text, ',') as others from govern.${table} h where h.blind = any($1::bytea[]) group by h.blind`,
        [[...places.values()].map((at) => (slice[at] as MatchKey).blind)],
      );
      for (const { blind, others } of rows) found.push({ at: from + (places.get(blind.toString('latin1')) as number), others: others.split(',') });
    }
  }
  return found;
}

/** A subquery per key and not a join: whatever the planner knows of a table that just grew, it walks the index. One holder more than may be tells of a crowd. */
export const selectHolders = (
  q: Queryable,
  keys: readonly MatchKey[],
): Promise<{ at: number; holders: string[]; was_crowded: boolean; was_shared: boolean }[]> =>
  q.query(
    `select asked.at::int - 1 as at,
       case when asked.is_number
         then array(select i.record_key from govern.record_identifier i where i.type = asked.rule and i.blind = asked.blind limit $3 + 1)
         else array(select k.record_key from govern.match_key k where k.rule = asked.rule and k.blind = asked.blind limit $3 + 1)
       end as holders,
       exists (select from govern.crowded_match_key c where c.rule = asked.rule and c.blind = asked.blind) as was_crowded,
       asked.rule = 'phone' and exists (select from govern.crowded_match_key c where c.rule = '${SHARED_PHONE}' and c.blind = asked.blind) as was_shared
     from unnest($1::text[], $2::bytea[], $4::boolean[]) with ordinality as asked(rule, blind, is_number, at)`,
    [keys.map((each) => each.rule), keys.map((each) => each.blind), KEY_HOLDERS_MAX, keys.map((each) => isNumber(each.rule))],
  );

/**
 * Phones held by people of more than so many birth dates. A crowded one is shared without counting. `offset 0` keeps the planner from joining: while it
 * had no statistics of the identifiers it went through all birth dates for each holder (28 ms a phone with 30,000 records on file).
 */
export async function selectShared(tx: Tx, phones: readonly MatchKey[]): Promise<Set<string>> {
  if (phones.length === 0) return new Set();
  const rows = await tx.query<{ at: number }>(
    `select asked.at::int - 1 as at from unnest($1::bytea[]) with ordinality as asked(blind, at)
     where (
       select count(*) > $2 or count(distinct born.blind) > $3
       from (select p.record_key from govern.record_identifier p where p.type = 'phone' and p.blind = asked.blind limit $2 + 1) held
       left join lateral (select i.blind from govern.record_identifier i where i.record_key = held.record_key and i.type = 'birth' offset 0) born on true)`,
    [phones.map((each) => each.blind), KEY_HOLDERS_MAX, PHONE_HOLDERS_MAX],
  );
  return new Set(rows.map((row) => keyName(phones[row.at] as MatchKey)));
}

async function writeFlipped(tx: Tx, flipped: readonly { list: string; blind: Buffer; isOn: boolean }[]): Promise<void> {
  const columns = (isOn: boolean) => {
    const rows = flipped.filter((each) => each.isOn === isOn);
    return rows.length === 0 ? null : [rows.map((each) => each.list), rows.map((each) => each.blind)];
  };
  const [on, off] = [columns(true), columns(false)];
  if (on !== null)
    await tx.query('insert into govern.crowded_match_key (rule, blind) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing', on);
  if (off !== null) {
    await tx.query(
      'delete from govern.crowded_match_key c using unnest($1::text[], $2::bytea[]) as gone(rule, blind) where c.rule = gone.rule and c.blind = gone.blind',
      off,
    );
  }
}

async function selectAllHolders(tx: Tx, keys: readonly MatchKey[]): Promise<string[]> {
  const rows = await tx.query<{ record_key: string }>(
    `select record_key from govern.match_key where blind = any($1::bytea[])
     union
     select record_key from govern.record_identifier where blind = any($1::bytea[])`,
    [keys.map((each) => each.blind)],
  );
  return rows.map((row) => row.record_key);
}
