/**
 * What the merged person was at every moment, made again from what is kept: which records were linked when (`link_history`), what each said
 * when (`vault_past`), and how far sources were trusted when. Nothing is stored twice, so nothing can fall out of step. Pure but for loading.
 */
import type { GoldenChange, GoldenFieldName } from '@xinglin/contracts/api.ts';
import type { Platform, Queryable } from '../../../platform/index.ts';
import { isDeleted, type PersonState, unpackState } from '../../privacy/person-state.ts';
import { TRUST_DEFAULT } from '../person-view.sql.ts';
import { type Golden, goldenOf } from './golden.ts';
import { GOLDEN_ORDER, shownField } from './shown.ts';

/** One record while it was linked to the person. */
export interface Stay {
  readonly recordKey: string;
  readonly source: string;
  readonly linkedBy: string;
  readonly from: Date;
  readonly until: Date | null;
  /** What the record said, oldest first; each holds until the next. */
  readonly states: readonly { readonly until: Date | null; readonly state: PersonState | null }[];
}
export interface Trusted {
  readonly source: string;
  readonly since: Date;
  readonly trust: number;
}
/** More moments than this are no history of a person but of a test record; the newest are shown. */
const MOMENTS_MAX = 300;
const CHANGES_MAX = 200;

/** Newest first. A field is listed when its value changed, not when another record came to say the same. */
export function goldenHistory(stays: readonly Stay[], trusted: readonly Trusted[], today: Date): GoldenChange[] {
  const linked = new Set(stays.map((each) => each.from.getTime()));
  const ended = new Set(stays.flatMap((each) => each.until?.getTime() ?? []));
  const said = new Set(stays.flatMap((each) => each.states.flatMap((state) => state.until?.getTime() ?? [])));
  const ranked = new Set(trusted.map((each) => each.since.getTime()));
  const first = Math.min(...linked);
  const moments = [...new Set([...linked, ...ended, ...said, ...ranked])].filter((at) => at >= first).sort((a, b) => a - b);
  const changes: GoldenChange[] = [];
  let before: Golden | null = null;
  for (const at of moments.slice(-MOMENTS_MAX)) {
    const golden = goldenAt(stays, trusted, at, today);
    const cause = at === first ? 'first' : linked.has(at) ? 'linked' : ended.has(at) ? 'unlinked' : said.has(at) ? 'source' : 'trust';
    const linkedBy = cause === 'linked' ? (stays.find((each) => each.from.getTime() === at)?.linkedBy ?? null) : null;
    for (const field of GOLDEN_ORDER) {
      if (keyOf(before, field) === keyOf(golden, field)) continue;
      const { value, source, rule } = shownField(field, golden);
      const from = before === null ? null : shownField(field, before).value;
      if (from === null && value === null) continue;
      changes.push({ at: new Date(at).toISOString(), field, from, to: value, source, rule, cause, linkedBy });
    }
    before = golden;
  }
  return changes.reverse().slice(0, CHANGES_MAX);
}

const keyOf = (golden: Golden | null, field: GoldenFieldName): string => JSON.stringify(golden?.[field].value ?? null);

function goldenAt(stays: readonly Stay[], trusted: readonly Trusted[], at: number, today: Date): Golden {
  const inputs = stays.flatMap(({ recordKey, source, from, until, states }) => {
    if (from.getTime() > at || (until !== null && until.getTime() <= at)) return [];
    const state = states.find((each) => each.until === null || each.until.getTime() > at)?.state ?? null;
    const trust = trusted.filter((each) => each.source === source && each.since.getTime() <= at).at(-1)?.trust ?? TRUST_DEFAULT;
    return state === null ? [] : [{ recordKey, source, trust, state }];
  });
  return goldenOf(inputs, today);
}

interface StayRow {
  readonly record_key: string;
  readonly source: string;
  readonly linked_by: string;
  readonly from_at: Date;
  readonly to_at: Date | null;
}
const selectStays = (q: Queryable, personId: string): Promise<StayRow[]> =>
  q.query(
    `select s.record_key, r.source, s.linked_by, s.from_at, s.to_at
     from (
       select record_key, linked_by, from_at, to_at from govern.link_history where person_id = $1
       union all
       select record_key, linked_by, since, null from govern.link where person_id = $1
     ) s join govern.record r on r.record_key = s.record_key
     order by s.from_at, s.record_key`,
    [personId],
  );
const selectStates = (q: Queryable, recordKeys: readonly string[]): Promise<{ record_key: string; until: Date | null; sealed: Buffer }[]> =>
  q.query(
    `select record_key, until, sealed, revision from govern.vault_past where record_key = any($1::uuid[])
     union all
     select record_key, null, sealed, revision from govern.vault_record where record_key = any($1::uuid[])
     order by record_key, until nulls last, revision`,
    [recordKeys],
  );
export const selectTrust = (q: Queryable, orgId: string): Promise<Trusted[]> =>
  q.query('select source, since, trust from govern.source_trust where org_id = $1 order by since, source', [orgId]);

/** Every record that ever was this person's, with all it said while its key is there. */
export async function loadStays({ db, keys }: Platform, personId: string): Promise<Stay[]> {
  const rows = await selectStays(db, personId);
  const recordKeys = [...new Set(rows.map((row) => row.record_key))];
  const subjectKeys = await keys.subjectKeys(db, recordKeys, false);
  const states = new Map<string, { until: Date | null; state: PersonState | null }[]>();
  for (const row of await selectStates(db, recordKeys)) {
    const key = subjectKeys.get(row.record_key);
    if (key === undefined) continue;
    const state = unpackState(keys.open(key, row.sealed));
    const list = states.get(row.record_key) ?? [];
    list.push({ until: row.until, state: isDeleted(state) ? null : state });
    states.set(row.record_key, list);
  }
  return rows.map((row) => ({
    ...{ recordKey: row.record_key, source: row.source, linkedBy: row.linked_by, from: row.from_at, until: row.to_at },
    states: states.get(row.record_key) ?? [],
  }));
}
