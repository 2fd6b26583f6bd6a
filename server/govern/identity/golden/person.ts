/** One person with everything that makes them one: golden values and why, records, history, acts, family, and what waits for review. */
import { mayRole, type StaffViewer } from '@xinglin/contracts';
import type { PersonIdentity, SourceTrustList } from '@xinglin/contracts/api.ts';
import type { Platform } from '../../../platform/index.ts';
import { refuse } from '../../errors.ts';
import { evidenceOf } from '../identifiers.ts';
import { type OpenRecord, openRecords } from '../people.ts';
import { TRUST_DEFAULT } from '../person-view.sql.ts';
import { actsAbout } from '../review/acts.sql.ts';
import type { ReviewQueue } from '../review/queue.ts';
import { shownActs } from '../review/shown-acts.ts';
import { MASKED } from '../review/sight.ts';
import { type Family, visiblePerson } from './family.ts';
import { goldenHistory, loadStays, selectTrust } from './history.ts';
import { shownGolden } from './shown.ts';

const ACTS_MAX = 100;

export interface MergedPeople {
  /** A retired id answers with the person it went into. */
  person(viewer: StaffViewer, personId: string): Promise<PersonIdentity>;
  trust(viewer: StaffViewer): Promise<SourceTrustList>;
  /** From now on; what was trusted before stays known. */
  setTrust(viewer: StaffViewer, rows: SourceTrustList['rows'], ip: string | null): Promise<void>;
}

export function createMergedPeople({ platform, queue, family }: { platform: Platform; queue: ReviewQueue; family: Family }): MergedPeople {
  const { db, audit, clock } = platform;

  return {
    async person(viewer, personId) {
      const living = await visiblePerson(db, viewer, personId);
      if (living === null) {
        await audit.record({ viewer, action: 'identity.person', relation: 'govern.person', subject: personId, outcome: 'refused' });
        throw refuse('not-found');
      }
      const records = (await openRecords(platform, [living])).get(living) ?? [];
      const [stays, trusted] = [await loadStays(platform, living), await selectTrust(db, viewer.orgId)];
      const everyRecord = [...new Set(stays.map((each) => each.recordKey))];
      const retired = await retiredInto(platform, living);
      await audit.record({ viewer, action: 'identity.person', relation: 'govern.person', subject: living, outcome: 'allowed', count: records.length });
      return {
        personId: living,
        mergedAt: retired.find((each) => each.personId === personId)?.at ?? null,
        retired,
        golden: shownGolden(records, clock.now()),
        records: records.map((record) => shownRecord(record, living, clock.now())),
        changes: goldenHistory(stays, trusted, clock.now()),
        acts: await shownActs(platform, await actsAbout(db, everyRecord, ACTS_MAX)),
        family: await family.of(viewer, living),
        reviews: mayRole(viewer.role, 'identity.review') ? await queue.about(viewer, living) : [],
        asOf: clock.now().toISOString(),
      };
    },

    async trust(viewer) {
      const rows = await db.query<{ source: string; trust: number | null }>(
        `select r.source, (select trust from govern.source_trust t where t.org_id = $1 and t.source = r.source order by t.since desc limit 1) as trust
         from (select distinct source from govern.record where org_id = $1) r order by r.source`,
        [viewer.orgId],
      );
      return { rows: rows.map((row) => ({ source: row.source, trust: row.trust ?? TRUST_DEFAULT })), asOf: clock.now().toISOString() };
    },

    async setTrust(viewer, rows, ip) {
      await db.tx(async (tx) => {
        await tx.query(
          `insert into govern.source_trust (org_id, source, since, trust, set_by)
           select $1, source, $4, trust, $5 from unnest($2::text[], $3::int[]) as new(source, trust)
           on conflict (org_id, source, since) do update set trust = excluded.trust, set_by = excluded.set_by`,
          [viewer.orgId, rows.map((row) => row.source), rows.map((row) => row.trust), clock.now(), viewer.userId],
        );
        const change = { action: 'identity.trust', relation: 'govern.source_trust', subject: null, count: rows.length };
        await audit.record({ viewer, ...change, outcome: 'allowed', ip, q: tx });
      });
    },
  };
}

function shownRecord(record: OpenRecord, personId: string, today: Date): PersonIdentity['records'][number] {
  const { state } = record;
  const name = state?.names?.[1]?.[0] ?? state?.nickname?.[1] ?? null;
  const phone = state?.phones?.[1]?.[0] ?? null;
  const resident = Object.values(state?.identifiers ?? {}).flatMap(([, ids]) => (ids ?? []).flatMap((id) => evidenceOf(id, today)?.residentId ?? []))[0];
  const birth = state?.birthDate?.[1] ?? null;
  return {
    ...{ recordKey: record.record_key, source: record.source, linkedBy: record.linked_by, since: record.first_seen_at.toISOString() },
    name: name === null ? MASKED.nobody(personId) : MASKED.name(name),
    birthMonth: birth !== null && birth.length >= 7 ? birth.slice(0, 7) : null,
    phone: phone === null ? null : MASKED.phone(phone),
    residentId: resident === undefined ? null : MASKED.number(resident.id),
  };
}

/** Everybody who went into this person, at whatever distance; newest first. */
async function retiredInto({ db }: Platform, personId: string): Promise<{ personId: string; at: string }[]> {
  const rows = await db.query<{ person_id: string; retired_at: Date }>(
    `with recursive went (person_id, retired_at) as (
       select person_id, retired_at from govern.person where retired_into = $1
       union all
       select p.person_id, p.retired_at from went w join govern.person p on p.retired_into = w.person_id
     )
     select person_id, retired_at from went order by retired_at desc, person_id`,
    [personId],
  );
  return rows.map((row) => ({ personId: row.person_id, at: row.retired_at.toISOString() }));
}
