/** The person columns of a mapping for the fast lane: which cells decide what a row says of its person, and the reader of such cells. */
import type { Canonical } from '@xinglin/contracts';
import type { BulkPersonPlan } from '../types.ts';
import { type Mapping, personColumns } from './mapping.ts';
import { isNaming, isRegistrationOf, personReader } from './person.ts';
import { Sheet } from './sheet.ts';
import { identifiersOf, type SubjectColumn } from './subject.ts';

/** Null for mappings without a person. */
export function bulkPersonPlanOf(mapping: Mapping, header: readonly string[], subjects: readonly SubjectColumn[], source: string): BulkPersonPlan | null {
  const given = mapping.person;
  const whole = new Sheet(header);
  if (given === undefined || !isNaming(given, whole)) return null;
  const places = [...subjects.map(({ at }) => at), ...personColumns(given).flatMap((each) => whole.at(each) ?? [])];
  const columns = [...new Set(places)].map((at) => header[at] ?? '');
  // Of a header with these columns alone every field reads the very column it reads in the whole one.
  const sheet = new Sheet(columns);
  const reader = personReader(mapping, sheet, source);
  const own = subjects.map((each) => ({ ...each, at: columns.indexOf(header[each.at] ?? '') }));
  return {
    columns,
    isRegistration: isRegistrationOf(mapping),
    read(cells) {
      if (reader === null || cells.length !== columns.length || reader.check(cells) !== null) return null;
      const identifiers = identifiersOf(own, sheet, cells);
      const subject = identifiers[0] ?? null;
      return reader.read(cells, { ...DULL, fact: mapping.fact, subject }, identifiers);
    },
  };
}
const DULL: Omit<Canonical, 'fact' | 'subject'> = {
  ...{ localId: '', encounterLocalId: null, occurredAt: '', precision: 'day', versionAt: null, deleted: false, values: {}, text: null, person: null },
};
