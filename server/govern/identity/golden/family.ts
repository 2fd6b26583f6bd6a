/**
 * Who belongs to whom. Suggestions are found when asked for: the guardian a record names (by name and phone) and people who share a mobile.
 * What somebody confirmed or rejected is kept and holds for the persons, whichever records they have by then.
 */
import type { StaffViewer } from '@xinglin/contracts';
import type { FamilyDecision, FamilyLink } from '@xinglin/contracts/api.ts';
import type { Platform, Queryable } from '../../../platform/index.ts';
import { refuse } from '../../errors.ts';
import { NAME, PHONE } from '../../privacy/blind.ts';
import { foldName, readPhone } from '../identifiers.ts';
import { PHONE_HOLDERS_MAX } from '../linkage/index.ts';
import { goldenDetails, type OpenRecord, openRecords } from '../people.ts';
import { livingPersons, personsInScope } from '../person-view.sql.ts';
import { personsOf } from '../review/acts.sql.ts';
import { MASKED } from '../review/sight.ts';

export interface Family {
  /** Of one living person the viewer may see. Relatives out of the viewer's sight are left out. */
  of(viewer: StaffViewer, personId: string): Promise<FamilyLink[]>;
  /** Confirms or rejects what `of` showed. */
  decide(viewer: StaffViewer, body: FamilyDecision, ip: string | null): Promise<void>;
}

interface Found {
  readonly record: string;
  readonly relative: string;
  readonly personId: string;
  readonly kind: FamilyLink['kind'];
  readonly basis: FamilyLink['basis'];
  readonly state: FamilyLink['state'];
}

export function createFamily(platform: Platform): Family {
  const { db, audit, clock, config } = platform;

  const found = async (personId: string): Promise<{ found: Found[]; unknown: { name: string; kind: FamilyLink['kind'] }[] }> => {
    const records = (await openRecords(platform, [personId])).get(personId) ?? [];
    const own = records.map((each) => each.record_key);
    const decided = await selectDecided(db, own);
    const { guardians, unknown } = await guardiansOf(platform, personId, records);
    const sharing = await sharingPhone(platform, personId, records);
    const byPerson = new Map<string, Found>();
    // What was decided stands before what is suggested, and a named guardian before a shared number.
    for (const each of [...decided, ...guardians, ...sharing]) if (!byPerson.has(each.personId)) byPerson.set(each.personId, each);
    return { found: [...byPerson.values()], unknown };
  };

  return {
    async of(viewer, personId) {
      const { found: links, unknown } = await found(personId);
      const visible = new Set(
        await personsInScope(
          db,
          viewer,
          links.map((each) => each.personId),
        ),
      );
      const shown = links.filter((each) => visible.has(each.personId));
      const opened = await openRecords(
        platform,
        shown.map((each) => each.personId),
      );
      const known = shown.map(({ record, relative, personId: other, kind, basis, state }) => {
        const name = goldenDetails(opened.get(other) ?? [], clock.now())?.names[0];
        return {
          relationId: `${record}.${relative}`,
          personId: other,
          name: name === undefined ? MASKED.nobody(other) : MASKED.name(name),
          kind,
          basis,
          state,
        };
      });
      const others = unknown.map(({ name, kind }) => ({
        ...{ relationId: '', personId: null, name: MASKED.name(name), kind },
        ...{ basis: 'guardian-details' as const, state: 'suggested' as const },
      }));
      return [...known, ...others];
    },

    async decide(viewer, { relationId, kind, state }, ip) {
      const [record = '', relative = ''] = relationId.split('.');
      const persons = await personsOf(db, [record, relative]);
      const [one, other] = [persons.get(record), persons.get(relative)];
      if (one === undefined || other === undefined || one === other) throw refuse('no-relation');
      const isVisible = (await personsInScope(db, viewer, [one, other])).length === 2;
      const known = isVisible ? (await found(one)).found.find((each) => each.personId === other) : undefined;
      if (known === undefined) throw refuse('no-relation');
      await db.tx(async (tx) => {
        await tx.query(
          `insert into govern.person_relation (record_key, relative_key, org_id, kind, basis, state, decided_by, decided_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (record_key, relative_key) do update set
             kind = excluded.kind, state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
          [record, relative, config.orgId, kind, known.basis, state, viewer.userId, clock.now()],
        );
        await audit.record({
          ...{ viewer, action: `identity.family.${state}`, relation: 'govern.person_relation', subject: one },
          ...{ outcome: 'allowed', count: 1, ip, q: tx },
        });
      });
    },
  };
}

/** Decided relations of these records, from either side; the newest about a person first. Seen from the relative, kinds turn round. */
async function selectDecided(q: Queryable, own: readonly string[]): Promise<Found[]> {
  const rows = await q.query<{ record_key: string; relative_key: string; person_id: string; kind: FamilyLink['kind']; basis: FamilyLink['basis']; state: 'confirmed' | 'rejected'; is_relative: boolean }>(
    `select r.record_key, r.relative_key, l.person_id, r.kind, r.basis, r.state, r.relative_key = any($1::uuid[]) as is_relative
     from govern.person_relation r
     join govern.link l on l.record_key = case when r.relative_key = any($1::uuid[]) then r.record_key else r.relative_key end
     where r.record_key = any($1::uuid[]) or r.relative_key = any($1::uuid[])
     order by r.decided_at desc`,
    [own],
  ); // biome-ignore format: the row in one line
  return rows.map((row) => ({
    ...{ record: row.record_key, relative: row.relative_key, personId: row.person_id, basis: row.basis, state: row.state },
    kind: row.is_relative ? TURNED[row.kind] : row.kind,
  }));
}
const TURNED: Readonly<Record<FamilyLink['kind'], FamilyLink['kind']>> = {
  ...{ guardian: 'child', parent: 'child', child: 'parent', spouse: 'spouse', sibling: 'sibling', household: 'household', other: 'other' },
};

/** Persons who bear the guardian's name and phone; guardians nobody here knows are named without a person. */
async function guardiansOf({ db, keys }: Platform, personId: string, records: readonly OpenRecord[]) {
  const named = records.flatMap(({ record_key: recordKey, state }) => {
    const guardian = state?.guardian?.[1] ?? null;
    if (guardian === null) return [];
    const phone = guardian.phone === null ? null : (readPhone(guardian.phone)?.number ?? null);
    return [{ recordKey, name: guardian.name, phone, kind: kindOf(guardian.relation) }];
  });
  const asked = named.flatMap((each) => (each.phone === null ? [] : [{ ...each, phone: each.phone }]));
  const rows =
    asked.length === 0
      ? []
      : await db.query<{ at: number; record_key: string; person_id: string }>(
          `select asked.at, n.record_key, l.person_id
           from unnest($1::bytea[], $2::bytea[]) with ordinality as asked(name, phone, at)
           join govern.record_identifier n on n.type = $3 and n.blind = asked.name
           join govern.record_identifier p on p.record_key = n.record_key and p.type = $4 and p.blind = asked.phone
           join govern.link l on l.record_key = n.record_key
           where l.person_id <> $5
           order by asked.at, n.record_key`,
          [asked.map((each) => keys.blindIndex(NAME, foldName(each.name))), asked.map((each) => keys.blindIndex(PHONE, each.phone)), NAME, PHONE, personId],
        );
  const guardians = rows.flatMap((row): Found[] => {
    const one = asked[row.at - 1];
    return one === undefined ? [] : [{ ...suggestion(one.recordKey, row.record_key, row.person_id), kind: one.kind, basis: 'guardian-details' }];
  });
  const met = new Set(guardians.map((each) => each.record));
  const unknown = new Map(named.filter((each) => !met.has(each.recordKey)).map((each) => [foldName(each.name), { name: each.name, kind: each.kind }]));
  return { guardians, unknown: [...unknown.values()] };
}

const suggestion = (record: string, relative: string, personId: string) => ({ record, relative, personId, state: 'suggested' as const });

/** People of one mobile, when they are few: a household, not a desk's number. */
async function sharingPhone({ db, keys }: Platform, personId: string, records: readonly OpenRecord[]): Promise<Found[]> {
  const phones = records.flatMap(({ record_key: recordKey, state }) =>
    (state?.phones?.[1] ?? []).flatMap((raw) => {
      const phone = readPhone(raw);
      return phone?.kind === 'mobile' || phone?.kind === 'overseas' ? [{ recordKey, number: phone.number }] : [];
    }),
  );
  if (phones.length === 0) return [];
  const rows = await db.query<{ at: number; record_key: string; person_id: string; people: number }>(
    `with held as (
       select asked.at, i.record_key, l.person_id
       from unnest($2::bytea[]) with ordinality as asked(blind, at)
       join govern.record_identifier i on i.type = $1 and i.blind = asked.blind
       join govern.link l on l.record_key = i.record_key
     ),
     counted as (select at, count(distinct person_id) as people from held group by at)
     select distinct on (h.person_id) h.at, h.record_key, h.person_id, c.people
     from held h join counted c on c.at = h.at
     where h.person_id <> $3 and c.people <= $4
     order by h.person_id, h.at, h.record_key`,
    [PHONE, phones.map((each) => keys.blindIndex(PHONE, each.number)), personId, PHONE_HOLDERS_MAX],
  );
  return rows.flatMap((row): Found[] => {
    const own = phones[row.at - 1];
    return own === undefined ? [] : [{ ...suggestion(own.recordKey, row.record_key, row.person_id), kind: 'household', basis: 'shared-phone' }];
  });
}

/** HL7 0063, FHIR RoleCode and words as people write them. What the other is to this person. */
const KINDS: readonly (readonly [RegExp, FamilyLink['kind']])[] = [
  [/监护|^GRD|^GUARD/i, 'guardian'],
  [/父|母|爸|妈|^FTH|^MTH|^PAR|^PRN/i, 'parent'],
  [/配偶|丈夫|妻|爱人|^SPO|^SPS|^HUSB|^WIFE/i, 'spouse'],
  [/兄|弟|姐|妹|^BRO|^SIS|^SIB/i, 'sibling'],
  [/子|女|儿|^CHD|^CHILD|^SON|^DAU/i, 'child'],
];
const kindOf = (relation: string): FamilyLink['kind'] => KINDS.find(([pattern]) => pattern.test(relation))?.[1] ?? 'other';

/** The living person an id stands for, when the viewer may see them. */
export async function visiblePerson(q: Queryable, viewer: StaffViewer, personId: string): Promise<string | null> {
  const living = (await livingPersons(q, [personId])).get(personId);
  return living !== undefined && (await personsInScope(q, viewer, [living])).length === 1 ? living : null;
}
