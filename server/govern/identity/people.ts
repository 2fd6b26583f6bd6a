/** People as others may see them: found by what is known of them, shown masked, always within scope, every read audited. */
import type { PersonDetails, Viewer } from '@xinglin/contracts';
import { mayRole } from '@xinglin/contracts';
import type { Platform, Queryable } from '../../platform/index.ts';
import { NAME, NUMBER, PHONE, UNNAMED } from '../privacy/blind.ts';
import { districtOf } from '../privacy/district.ts';
import { maskName, maskNumber, maskPhone } from '../privacy/mask.ts';
import { detailsOf, isDeleted, type PersonState, unpackState } from '../privacy/person-state.ts';
import { type KnownDetails, NOTHING_KNOWN, redact } from '../privacy/redact.ts';
import type { People, PersonSummary } from '../types.ts';
import { detailsOfGolden, type GoldenInput, goldenOf } from './golden/golden.ts';
import { DOCUMENT_TYPES, evidenceOf, foldName, foldNumber, isUnnamed, readPhone } from './identifiers.ts';
import { livingPersons, type PersonRecordRow, personsInScope, recordsOfPersons } from './person-view.sql.ts';

const SEARCH_LENGTH_MIN = 2;
/** A phone or a common name may be many people's; a page shows far fewer. */
const SEARCH_FOUND_MAX = 500;

export function createPeople(platform: Platform): People {
  const { db, keys, audit } = platform;
  const mayKnow = (viewer: Viewer): boolean => viewer.kind === 'staff' && mayRole(viewer.role, 'patient.identity');

  const people: People = {
    async search(viewer, text, limit) {
      const blinds = searchBlinds(platform, text, mayKnow(viewer));
      const rows =
        blinds.length === 0
          ? []
          : await db.query<{ person_id: string }>(
              `select distinct l.person_id
               from unnest($1::text[], $2::bytea[]) as asked(type, blind)
               join govern.record_identifier i on i.type = asked.type and i.blind = asked.blind
               join govern.link l on l.record_key = i.record_key
               order by l.person_id limit $3`,
              [blinds.map((each) => each.type), blinds.map((each) => each.blind), SEARCH_FOUND_MAX],
            );
      const found = (
        await personsInScope(
          db,
          viewer,
          rows.map((row) => row.person_id),
        )
      ).slice(0, limit);
      await audit.record({ viewer, action: 'patient.search', relation: 'govern.person', subject: null, outcome: 'allowed', count: found.length });
      return found;
    },

    async summaries(viewer, personIds) {
      const living = await livingPersons(db, personIds.filter(isUuidText));
      const asked = personIds.flatMap((each) => living.get(each) ?? []);
      const visible = await personsInScope(db, viewer, [...new Set(asked)]);
      const byPerson = await openRecords(platform, visible);
      const where = personIds.length === 1 ? 'detail' : 'list';
      const summaries = visible.map((personId) => summaryOf(viewer, personId, byPerson.get(personId) ?? [], where, platform.clock.now()));
      const subject = visible.length === 1 ? (visible[0] ?? null) : null;
      await audit.record({ viewer, action: 'patient.summary', relation: 'govern.person', subject, outcome: 'allowed', count: summaries.length });
      return summaries;
    },

    async recordsOf(personId) {
      if (!isUuidText(personId)) return [];
      const [living] = (await livingPersons(db, [personId])).values();
      if (living === undefined) return [];
      return (await db.query<{ record_key: string }>('select record_key from govern.link where person_id = $1 order by record_key', [living])).map(
        (row) => row.record_key,
      );
    },

    async personOf(recordKeys) {
      if (recordKeys.length === 0) return new Map();
      const rows = await db.query<{ record_key: string; person_id: string }>(
        'select record_key, person_id from govern.link where record_key = any($1::uuid[])',
        [recordKeys],
      );
      return new Map(rows.map((row) => [row.record_key, row.person_id]));
    },

    async text(viewer, textIds) {
      const rows = await db.query<{ text_id: string; record_key: string | null; sealed: Buffer; person_id: string | null }>(
        `select t.text_id, t.record_key, t.sealed, l.person_id
         from govern.vault_text t left join govern.link l on l.record_key = t.record_key
         where t.text_id = any($1::uuid[]) and t.org_id = $2`,
        [textIds.filter(isUuidText), viewer.orgId],
      );
      const visible = new Set(await personsInScope(db, viewer, [...new Set(rows.flatMap((row) => row.person_id ?? []))]));
      const allowed = rows.filter((row) => (row.person_id === null ? isHospitalWide(viewer) : visible.has(row.person_id)));
      const subjectKeys = await keys.subjectKeys(
        db,
        allowed.map((row) => row.record_key ?? row.text_id),
        false,
      );
      const known = mayKnow(viewer) ? new Map<string, KnownDetails>() : await knownDetails(platform, [...visible]);
      const texts = new Map<string, string>();
      for (const row of allowed) {
        const key = subjectKeys.get(row.record_key ?? row.text_id);
        if (key === undefined) continue;
        const plain = keys.open(key, row.sealed).toString('utf8');
        texts.set(row.text_id, mayKnow(viewer) ? plain : redact(plain, known.get(row.person_id ?? '') ?? NOTHING_KNOWN));
      }
      await audit.record({ viewer, action: 'text.read', relation: 'govern.vault_text', subject: null, outcome: 'allowed', count: texts.size });
      return texts;
    },
  };
  return people;
}

const isUuidText = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
/** What belongs to nobody (an anonymous review) is for those who see the whole hospital. */
const isHospitalWide = (viewer: Viewer): boolean => viewer.kind === 'system' || (viewer.kind === 'staff' && viewer.departments === 'all');

/** What a person may have typed: a number in any of its shapes, a phone, and for roles that may know people a full name. */
function searchBlinds(platform: Platform, text: string, mayKnow: boolean): { type: string; blind: Buffer }[] {
  const { keys, clock } = platform;
  const given = text.trim();
  if ([...given].length < SEARCH_LENGTH_MIN) return [];
  const found = [{ type: NUMBER, blind: keys.blindIndex(NUMBER, foldNumber(given)) }];
  for (const type of [...DOCUMENT_TYPES, 'insurance'] as const) {
    const evidence = evidenceOf({ type, system: '', value: given }, clock.now());
    if (evidence !== null) found.push({ type: evidence.type, blind: keys.blindIndex(evidence.type, evidence.value) });
  }
  const phone = readPhone(given);
  if (phone !== null) found.push({ type: PHONE, blind: keys.blindIndex(PHONE, phone.number) });
  if (mayKnow) {
    const type = isUnnamed(given) ? UNNAMED : NAME;
    found.push({ type, blind: keys.blindIndex(type, foldName(given)) });
  }
  return found;
}

export interface OpenRecord extends PersonRecordRow {
  readonly state: PersonState | null;
}
/** Opens the details of persons' records; a record without details, or whose key was destroyed, has null. */
export async function openRecords(platform: Platform, personIds: readonly string[], q: Queryable = platform.db): Promise<Map<string, OpenRecord[]>> {
  const rows = personIds.length === 0 ? [] : await recordsOfPersons(q, personIds);
  const subjectKeys = await platform.keys.subjectKeys(
    q,
    rows.map((row) => row.record_key),
    false,
  );
  const byPerson = new Map<string, OpenRecord[]>();
  for (const row of rows) {
    const key = subjectKeys.get(row.record_key);
    const state = row.sealed === null || key === undefined ? null : unpackState(platform.keys.open(key, row.sealed));
    byPerson.set(row.person_id, [...(byPerson.get(row.person_id) ?? []), { ...row, state: state !== null && isDeleted(state) ? null : state }]);
  }
  return byPerson;
}

/** The records of a person that say anything, as survivorship takes them. */
export const goldenInputs = (records: readonly OpenRecord[]): GoldenInput[] =>
  records.flatMap(({ record_key, source, trust, state }) => (state === null ? [] : { recordKey: record_key, source, trust, state }));

/** The details of a person, field by field from the record that says it best (see golden/golden.ts). Null when no record says anything. */
export function goldenDetails(records: readonly OpenRecord[], today: Date): PersonDetails | null {
  const inputs = goldenInputs(records);
  return inputs.length === 0 ? null : detailsOfGolden(goldenOf(inputs, today), inputs);
}

function summaryOf(viewer: Viewer, personId: string, records: readonly OpenRecord[], where: 'detail' | 'list', today: Date): PersonSummary {
  const details = goldenDetails(records, today);
  const phone = (details?.phones ?? []).flatMap((raw) => readPhone(raw) ?? []).sort((a, b) => Number(b.kind === 'mobile') - Number(a.kind === 'mobile'))[0];
  const resident = (details?.identifiers ?? []).flatMap((id) => evidenceOf(id, today)?.residentId ?? [])[0];
  const seesPeople = viewer.kind !== 'staff' || mayRole(viewer.role, 'patient.read');
  return {
    personId,
    name: nameFor(viewer, personId, details?.names[0] ?? details?.nickname ?? null),
    sex: details?.sex ?? 'unknown',
    birthMonth: (details?.birthDate?.length ?? 0) >= 7 ? (details?.birthDate?.slice(0, 7) ?? null) : null,
    phone: phone === undefined || !seesPeople ? null : maskPhone(phone.number),
    residentId: resident === undefined || !seesPeople ? null : maskNumber(resident.id, where),
    district: details === null ? null : districtOf(details),
    insuranceType: details?.insuranceType ?? null,
    records: records.map((row) => ({ source: row.source, recordKey: row.record_key, since: row.first_seen_at, linkedBy: row.linked_by })),
  };
}

/** Patients read their own name; staff who work with patients a masked one; the others a short mark of the id. */
function nameFor(viewer: Viewer, personId: string, name: string | null): string {
  const mark = `患者 ${personId.slice(-4)}`;
  if (name === null) return mark;
  if (viewer.kind === 'patient') return name;
  if (viewer.kind === 'staff' && !mayRole(viewer.role, 'patient.read')) return mark;
  return maskName(name);
}

/** Everything known of persons that must not show in their texts. */
async function knownDetails(platform: Platform, personIds: readonly string[]): Promise<Map<string, KnownDetails>> {
  const opened = await openRecords(platform, personIds);
  return new Map(
    [...opened].map(([personId, records]) => {
      const all = records.flatMap((record) => (record.state === null ? [] : detailsOf(record.state)));
      return [
        personId,
        {
          names: all.flatMap((each) => [
            ...each.names,
            ...(each.guardian === null ? [] : [each.guardian.name]),
            ...(each.nickname === null ? [] : [each.nickname]),
          ]),
          numbers: all.flatMap((each) => [...each.phones, ...each.identifiers.map((id) => id.value), ...(each.guardian?.phone ? [each.guardian.phone] : [])]),
          addresses: all.flatMap((each) => each.addresses.map((address) => address.text)),
        },
      ];
    }),
  );
}
