import type { FactName, Viewer } from '@xinglin/contracts';
import type { TimelinePage } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';
import { readCursor, writeCursor } from '../cursor.ts';
import { refuse } from '../errors.ts';
import { namer } from '../labels.ts';
import type { PatientsDeps, TimelineQuery } from './patients.ts';
import { type Line, TIMELINE_FACTS, timelineStatement } from './timeline.sql.ts';
import { type Names, timelineEntry } from './titles.ts';

const PAGE_DEFAULT = 50;

/** One page of a person's facts, newest first, told in both languages. */
export async function readTimeline(
  { platform, lake, govern }: PatientsDeps,
  viewer: Viewer,
  keys: readonly string[],
  { kinds, cursor, limit = PAGE_DEFAULT }: TimelineQuery,
): Promise<Static<typeof TimelinePage>> {
  const after = readCursor(cursor, ['string', 'string']) as [string, string] | null;
  const { sql, params } = timelineStatement(platform.access, viewer, keys, { facts: factsOf(kinds), after, limit });
  const [lines, names] = await Promise.all([lake.warehouse.query<Line>(sql, params), namesOf(govern)]);
  const page = lines.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map((line) => timelineEntry(line, names, platform.config.timeZone)),
    next: lines.length > limit && last !== undefined ? writeCursor([last.occurred_text, last.fact_key]) : null,
    total: null,
    asOf: lake.warehouse.asOf().toISOString(),
  };
}

function factsOf(kinds: string | undefined): readonly FactName[] {
  if (kinds === undefined || kinds === '') return TIMELINE_FACTS;
  const asked = kinds.split(',').map((each) => each.trim());
  if (!asked.every((each) => (TIMELINE_FACTS as readonly string[]).includes(each))) throw refuse('unknown-kind', { kinds: TIMELINE_FACTS.join(', ') });
  return TIMELINE_FACTS.filter((each) => asked.includes(each));
}

async function namesOf(govern: PatientsDeps['govern']): Promise<Names> {
  const [department, item, disease] = await Promise.all([
    govern.dimensions.entries('department'),
    govern.dimensions.entries('item'),
    govern.dimensions.entries('disease'),
  ]);
  return { department: namer(department), item: namer(item), disease: namer(disease) };
}
