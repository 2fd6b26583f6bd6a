/** The only way from a record to how its person is reached; asked by the outbox, after consent, at the moment of sending. */
import type { ContactPort } from '@xinglin/contracts';
import type { Platform, Queryable } from '../../platform/index.ts';
import { readPhone } from '../identity/identifiers.ts';
import { PHONE_HOLDERS_MAX } from '../identity/linkage/index.ts';
import { goldenDetails, openRecords } from '../identity/people.ts';
import { PHONE } from './blind.ts';

/** Inbox: the person. Phone and SMS: the number stated last, mobiles first. WeChat: the openid. Others: nothing on file. */
export function createContacts(platform: Platform): ContactPort {
  const { db } = platform;
  return {
    async addressOf(recordKey, channel) {
      const link = await db.maybe<{ person_id: string }>('select person_id from govern.link where record_key = $1', [recordKey]);
      if (link === undefined) return null;
      if (channel === 'inbox') return link.person_id;
      if (channel !== 'sms' && channel !== 'phone' && channel !== 'wechat') return null;
      const records = (await openRecords(platform, [link.person_id])).get(link.person_id) ?? [];
      const details = goldenDetails(records, platform.clock.now());
      if (channel === 'wechat') return details?.identifiers.find((id) => id.type === 'openid')?.value ?? null;
      const phones = (details?.phones ?? []).flatMap((raw) => readPhone(raw) ?? []);
      const mobile = phones.find((each) => each.kind === 'mobile' || each.kind === 'overseas');
      if (channel === 'sms') return mobile?.number ?? null;
      return (mobile ?? phones[0])?.number ?? null;
    },
  };
}

/** The one of these persons whom a reviewer confirmed as guardian of every other; null when there is none. */
async function guardianOf(q: Queryable, persons: readonly string[]): Promise<string | null> {
  const rows = await q.query<{ person_id: string }>(
    `select g.person_id
     from govern.person_relation r
     join govern.link w on w.record_key = r.record_key
     join govern.link g on g.record_key = r.relative_key
     where r.kind = 'guardian' and r.state = 'confirmed' and w.person_id = any($1::uuid[]) and g.person_id = any($1::uuid[]) and w.person_id <> g.person_id
     group by g.person_id having count(distinct w.person_id) = $2`,
    [persons, persons.length - 1],
  );
  return rows.length === 1 ? (rows[0]?.person_id ?? null) : null;
}

/** For patients signing in: whose phone it is, when it is one person's only or the confirmed guardian's, and which person a record is. */
export interface PatientDirectory {
  byPhone(phone: string): Promise<string | null>;
  personOf(recordKey: string): Promise<string | null>;
}
export function createPatientDirectory(platform: Platform): PatientDirectory {
  const { db, keys } = platform;
  return {
    async byPhone(text) {
      const phone = readPhone(text);
      if (phone === null || phone.kind === 'landline' || phone.kind === 'service') return null;
      const rows = await db.query<{ record_key: string; person_id: string }>(
        `select l.record_key, l.person_id from govern.record_identifier i join govern.link l on l.record_key = i.record_key
         where i.type = $1 and i.blind = $2 order by l.record_key`,
        [PHONE, keys.blindIndex(PHONE, phone.number)],
      );
      const persons = [...new Set(rows.map((row) => row.person_id))];
      // A family's shared phone opens nobody's record (the signed link of a message does), unless a reviewer confirmed whose phone it is:
      // one of them is the guardian of all the others.
      const owner = persons.length === 1 ? persons[0] : persons.length <= PHONE_HOLDERS_MAX ? await guardianOf(db, persons) : null;
      return rows.find((row) => row.person_id === owner)?.record_key ?? null;
    },
    async personOf(recordKey) {
      return (await db.maybe<{ person_id: string }>('select person_id from govern.link where record_key = $1', [recordKey]))?.person_id ?? null;
    },
  };
}
