/** Whom a row is about: the kinds of number its mapping knows, tried in order. */
import type { SourceId } from '@xinglin/contracts';
import { MRN_AUTHORITY } from '../statement.ts';
import type { Mapping } from './mapping.ts';
import type { Cells, Sheet } from './sheet.ts';

export type SubjectKind = Omit<SourceId, 'value'>;
export type SubjectColumn = SubjectKind & { readonly at: number };

/** The kinds the header has a column for. `authority`: whose record numbers the source carries. */
export function subjectsOf(mapping: Mapping, sheet: Sheet, source: string, authority: string): SubjectColumn[] {
  return (mapping.subject ?? []).flatMap((each) => {
    const at = sheet.at(each.column);
    const system = each.type === 'mrn' && each.system === MRN_AUTHORITY ? authority : (each.system ?? source);
    return at === null ? [] : [{ type: each.type, system, at }];
  });
}

/** The numbers of one row; the first names its person. */
export function identifiersOf(subjects: readonly SubjectColumn[], sheet: Sheet, cells: Cells): SourceId[] {
  const identifiers: SourceId[] = [];
  for (const { type, system, at } of subjects) {
    const value = sheet.cell(cells, at);
    if (value !== null) identifiers.push({ type, system, value });
  }
  return identifiers;
}
