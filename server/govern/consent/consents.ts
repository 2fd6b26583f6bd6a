import type { ConsentPort, Viewer } from '@xinglin/contracts';
import { localDay } from '../../kernel/index.ts';
import type { Platform } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { goldenDetails, openRecords } from '../identity/people.ts';
import { livingPersons, personsInScope } from '../identity/person-view.sql.ts';
import type { Consents } from '../types.ts';
import { type ConsentEntry, type ConsentSubject, decideConsent } from './decide.ts';

interface ConsentRow {
  readonly purpose: string;
  readonly channel: string | null;
  readonly is_granted: boolean;
  readonly given_by: ConsentEntry['givenBy'];
  readonly text_edition: string;
  readonly occurred_at: Date;
  readonly position: number;
}

/** Consent is given by a person, so choices made for any record of the person count. */
export function createConsents(platform: Platform): Consents {
  const { db, audit, clock, config } = platform;
  const entriesOf = async (personId: string): Promise<ConsentEntry[]> => {
    const rows = await db.query<ConsentRow>(
      `select c.purpose, c.channel, c.is_granted, c.given_by, c.text_edition, c.occurred_at, c.position
       from govern.link l join govern.consent c on c.record_key = l.record_key
       where l.person_id = $1 order by c.occurred_at desc, c.position desc`,
      [personId],
    );
    return rows.map((row) => ({
      ...{ purpose: row.purpose, channel: row.channel, isGranted: row.is_granted, givenBy: row.given_by },
      ...{ textEdition: row.text_edition, occurredAt: row.occurred_at, position: row.position },
    }));
  };
  const subjectOf = async (personId: string): Promise<ConsentSubject> => {
    const records = (await openRecords(platform, [personId])).get(personId) ?? [];
    const details = goldenDetails(records, clock.now());
    return {
      isKnown: true,
      isDeceased: details?.deceased ?? false,
      isRestricted: records.some((record) => record.is_restricted),
      birthDate: details?.birthDate ?? null,
    };
  };

  const decide: ConsentPort['decide'] = async (recordKey, purpose, channel) => {
    const link = await db.maybe<{ person_id: string }>('select person_id from govern.link where record_key = $1', [recordKey]);
    if (link === undefined) return { allowed: false, reason: 'unknown-person' };
    const [subject, entries] = await Promise.all([subjectOf(link.person_id), entriesOf(link.person_id)]);
    return decideConsent(subject, entries, purpose, channel, localDay(clock.now(), config.timeZone));
  };

  return {
    decide,
    async of(viewer: Viewer, personId) {
      const [living] = (await livingPersons(db, [personId])).values();
      const [visible] = living === undefined ? [] : await personsInScope(db, viewer, [living]);
      if (visible === undefined) throw refuse('not-found');
      const entries = await entriesOf(visible);
      await audit.record({ viewer, action: 'consent.read', relation: 'govern.consent', subject: visible, outcome: 'allowed', count: entries.length });
      return entries.map((entry) => ({
        ...{ purpose: entry.purpose, channel: entry.channel, granted: entry.isGranted, changedAt: entry.occurredAt, textEdition: entry.textEdition },
      }));
    },
  };
}
