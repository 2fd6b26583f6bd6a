import type { DimensionEntry, FactName, Viewer } from '@xinglin/contracts';
import type { Bilingual, TimelinePage } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';
import type { Lake } from '../../lake/index.ts';
import { readCursor, writeCursor } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { entryName, namer, UNMAPPED } from '../labels.ts';
import type { PatientsDeps, TimelineQuery } from './patients.ts';
import { type CodeName, codeNamesStatement, type Line, newestFirst, TIMELINE_FACTS, timelineStatements } from './timeline.sql.ts';
import { type Names, timelineEntry } from './titles.ts';

const PAGE_DEFAULT = 50;

/** One page of a person's facts, newest first, told in both languages. */
export async function readTimeline(
  { platform, lake, govern }: PatientsDeps,
  viewer: Viewer,
  keys: readonly string[],
  { kinds, cursor, limit = PAGE_DEFAULT }: TimelineQuery,
): Promise<Static<typeof TimelinePage>> {
  const after = readCursor(cursor, ['time', 'uuid']);
  const lines: Line[] = [];
  for (const { sql, params } of timelineStatements(platform.access, viewer, keys, { facts: factsOf(kinds), after, limit })) {
    lines.push(...(await lake.warehouse.query<Line>(sql, params)));
  }
  const page = lines.sort(newestFirst).slice(0, limit);
  const names = await namesOf(lake, govern, page);
  const last = page.at(-1);
  return {
    rows: page.map((line) => timelineEntry(line, names, platform.config.timeZone)),
    next: lines.length > limit && last !== undefined ? writeCursor(last.occurred_text, last.fact_key) : null,
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

/** Names for the codes of one page: the hospital's own dictionary first, then what the source (or the coding system) called it. */
async function namesOf(lake: Lake, govern: PatientsDeps['govern'], page: readonly Line[]): Promise<Names> {
  const codes = [...new Set(page.flatMap((line) => [line.code, line.extra]).filter((code) => code !== null))];
  const { sql, params } = codeNamesStatement(codes);
  const [department, item, disease, taught] = await Promise.all([
    govern.dimensions.entries('department'),
    govern.dimensions.entries('item'),
    govern.dimensions.entries('disease'),
    codes.length === 0 ? [] : lake.warehouse.query<CodeName>(sql, params),
  ]);
  const bySource = new Map(taught.map((each) => [`${each.dimension} ${each.source} ${each.code}`, each.name]));
  const anySource = new Map(taught.map((each) => [`${each.dimension} ${each.code}`, each.name]));
  const nameIn =
    (dimension: 'item' | 'disease', own: ReadonlyMap<string, DimensionEntry>) =>
    (code: string | null, line: Line): Bilingual => {
      const entry = code === null ? undefined : own.get(code);
      if (code === null || entry !== undefined) return entry === undefined ? UNMAPPED : entryName(entry);
      const name = bySource.get(`${dimension} ${line.system ?? line.source} ${code}`) ?? anySource.get(`${dimension} ${code}`) ?? code;
      return { zh: name, en: name };
    };
  return { department: namer(department), item: nameIn('item', item), disease: nameIn('disease', disease) };
}
