import { UUID_PATTERN, type Viewer } from '@xinglin/contracts';
import type { Bilingual, PatientDetail, PatientPage, PatientRow, TimelinePage } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';
import type { Govern, PersonSummary } from '../../govern/index.ts';
import type { Lake } from '../../lake/index.ts';
import { type Platform, readCursor, writeCursor } from '../../platform/index.ts';
import { timestampText } from '../business-days.ts';
import { refuse } from '../errors.ts';
import { namer } from '../labels.ts';
import { keysInView, recentPeople, type Seen, seenByRecord } from './in-view.sql.ts';
import { readTimeline } from './timeline.ts';

export interface PatientsDeps {
  readonly platform: Platform;
  readonly lake: Lake;
  readonly govern: Pick<Govern, 'people' | 'dimensions' | 'consents'>;
}
export interface PatientQuery {
  readonly department?: string;
  readonly cursor?: string;
  readonly limit?: number;
}
export interface TimelineQuery {
  readonly kinds?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface Patients {
  /** People by their last encounter, newest first; only people and encounters in the viewer's scope. */
  list(viewer: Viewer, query: PatientQuery): Promise<Static<typeof PatientPage>>;
  /** Those whom `q` (a number, a phone, a full name) names exactly. */
  search(viewer: Viewer, q: string): Promise<Static<typeof PatientPage>>;
  /** Out of scope reads as not found, and the attempt is audited. */
  detail(viewer: Viewer, personId: string): Promise<PatientDetail>;
  /** Everything known about the person, newest first, paged. */
  timeline(viewer: Viewer, personId: string, query: TimelineQuery): Promise<Static<typeof TimelinePage>>;
}

const PAGE_DEFAULT = 50;
/** People found by one search; a full identifier names one, a full name some dozens. */
const SEARCH_MAX = 100;
/** Days of encounters read for one page of the list: most pages need the first, and null reads all. */
const REACH_DAYS: readonly (number | null)[] = [30, 365, null];
const DAY_MS = 86_400_000;
const uuid = new RegExp(UUID_PATTERN);

export function createPatients(deps: PatientsDeps): Patients {
  const { platform, lake, govern } = deps;
  const { access, audit, clock } = platform;
  const { warehouse } = lake;

  const rowsOf = async (viewer: Viewer, summaries: readonly PersonSummary[]): Promise<PatientRow[]> => {
    const keys = summaries.flatMap((each) => each.records.map((record) => record.recordKey));
    const [seen, inView, departments] = await Promise.all([
      seenByRecord(warehouse, access, viewer, keys),
      keysInView(warehouse, access, viewer, keys),
      govern.dimensions.entries('department'),
    ]);
    const byKey = new Map(seen.map((each) => [each.record_key, each]));
    const nameOf = namer(departments);
    return summaries.filter((each) => each.records.some((record) => inView.has(record.recordKey))).map((each) => patientRow(each, byKey, nameOf, clock.now()));
  };

  /** The person if the viewer may read them; else not found, and the attempt is on record. */
  const found = async (viewer: Viewer, personId: string): Promise<{ summary: PersonSummary; keys: string[] }> => {
    if (!uuid.test(personId)) throw refuse('unknown-person');
    await warehouse.refresh();
    const [summary] = await govern.people.summaries(viewer, [personId]);
    const keys = summary?.records.map((record) => record.recordKey) ?? [];
    const inView = await keysInView(warehouse, access, viewer, keys);
    if (summary === undefined || inView.size === 0) {
      await audit.record({ viewer, action: 'patient.read', relation: 'person', subject: personId, outcome: 'refused' });
      throw refuse('unknown-person');
    }
    return { summary, keys };
  };

  return {
    async search(viewer, q) {
      await warehouse.refresh();
      const ids = await govern.people.search(viewer, q.trim(), SEARCH_MAX);
      const rows = await rowsOf(viewer, await govern.people.summaries(viewer, ids));
      await audit.record({ viewer, action: 'patient.search', relation: 'person', subject: null, outcome: 'allowed', count: rows.length });
      return { rows, next: null, total: rows.length, asOf: warehouse.asOf().toISOString() };
    },

    async list(viewer, { department, cursor, limit = PAGE_DEFAULT }) {
      await warehouse.refresh();
      const asOf = warehouse.asOf().toISOString();
      const after = readCursor(cursor, ['time', 'uuid']);
      const from = after === null ? clock.now().getTime() + DAY_MS : Date.parse(`${after[0].slice(0, 19).replace(' ', 'T')}Z`);
      let recent: Awaited<ReturnType<typeof recentPeople>> = [];
      for (const days of REACH_DAYS) {
        const since = days === null ? null : timestampText(new Date(from - days * DAY_MS));
        recent = await recentPeople(warehouse, access, viewer, { department: department ?? null, since, after, limit });
        if (recent.length > limit) break;
      }
      const page = recent.slice(0, limit);
      const summaries = await govern.people.summaries(
        viewer,
        page.map((each) => each.person),
      );
      const rows = await rowsOf(viewer, summaries);
      await audit.record({ viewer, action: 'patient.list', relation: 'person', subject: null, outcome: 'allowed', count: rows.length });
      const last = page.at(-1);
      return { rows, next: recent.length > limit && last !== undefined ? writeCursor(last.last_at, last.person) : null, total: null, asOf };
    },

    async detail(viewer, personId) {
      const { summary } = await found(viewer, personId);
      const [[row], consents, districts] = await Promise.all([
        rowsOf(viewer, [summary]),
        access.may(viewer, 'consent.read') ? govern.consents.of(viewer, personId) : Promise.resolve([]),
        govern.dimensions.entries('district'),
      ]);
      if (row === undefined) throw refuse('unknown-person');
      await audit.record({ viewer, action: 'patient.read', relation: 'person', subject: summary.personId, outcome: 'allowed', count: 1 });
      return {
        patient: row,
        district: summary.district === null ? null : namer(districts)(summary.district),
        insuranceType: summary.insuranceType,
        birthMonth: summary.birthMonth,
        sources: summary.records.map((each) => ({ ...each, since: each.since.toISOString() })),
        consents: consents.map((each) => ({ ...each, changedAt: each.changedAt.toISOString() })),
        asOf: warehouse.asOf().toISOString(),
      };
    },

    async timeline(viewer, personId, query) {
      const { summary, keys } = await found(viewer, personId);
      const page = await readTimeline(deps, viewer, keys, query);
      await audit.record({ viewer, action: 'patient.timeline', relation: 'person', subject: summary.personId, outcome: 'allowed', count: page.rows.length });
      return page;
    },
  };
}

function patientRow(summary: PersonSummary, seen: ReadonlyMap<string, Seen>, nameOf: (code: string | null) => Bilingual, now: Date): PatientRow {
  const visits = summary.records.map((record) => seen.get(record.recordKey)).filter((each) => each !== undefined);
  const last = visits.reduce<Seen | null>((latest, each) => (latest === null || each.last_at > latest.last_at ? each : latest), null);
  return {
    personId: summary.personId,
    name: summary.name,
    sex: summary.sex,
    age: ageOf(summary.birthMonth, now),
    phone: summary.phone,
    residentId: summary.residentId,
    records: summary.records.length,
    lastDepartment: last === null ? null : nameOf(last.last_department),
    lastSeenAt: last === null ? null : last.last_at.toISOString(),
    encounters: visits.reduce((sum, each) => sum + each.encounters, 0),
  };
}

/** Whole years from the birth month; the day of birth is never known here. */
export function ageOf(birthMonth: string | null, now: Date): number | null {
  const match = /^(\d{4})-(\d{2})$/.exec(birthMonth ?? '');
  if (match === null) return null;
  const months = now.getUTCFullYear() * 12 + now.getUTCMonth() + 1 - Number(match[1]) * 12 - Number(match[2]);
  return months < 0 ? null : Math.floor(months / 12);
}
