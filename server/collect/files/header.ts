/** Which mapping reads a file: the header decides. */
import { fieldOf, type Mapping, type MappingColumn, type MappingField, namesOf, personColumns } from './mapping.ts';

/** Header names are compared without blanks, width and case. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\s"'\ufeff]/g, '')
    .toLowerCase();

export interface HeaderFit {
  /** Required columns the header lacks, by their first name. */
  readonly missing: readonly string[];
  /** Positions (from 0) the mapping neither reads nor ignores. */
  readonly unknown: readonly number[];
  readonly known: number;
}

interface Use {
  readonly column: MappingColumn;
  readonly isOptional: boolean;
}
/** A column's names as they are compared. */
interface NamedUse {
  readonly first: string;
  readonly names: readonly string[];
  readonly isOptional: boolean;
}
/** Every mapping is tried on every file. */
const usesKnown = new WeakMap<Mapping, readonly NamedUse[]>();
function namedUsesOf(mapping: Mapping): readonly NamedUse[] {
  let uses = usesKnown.get(mapping);
  if (uses === undefined) {
    uses = usesOf(mapping).map(({ column, isOptional }) => ({ first: namesOf(column)[0] ?? '', names: namesOf(column).map(plainName), isOptional }));
    usesKnown.set(mapping, uses);
  }
  return uses;
}

/** Every column a mapping mentions. What names the row (keys, times, subject) must be there; details of the person may be absent. */
function usesOf(mapping: Mapping): Use[] {
  const needed = (column: MappingColumn | undefined): Use[] => (column === undefined ? [] : [{ column, isOptional: false }]);
  const optional = (column: MappingColumn | undefined): Use[] => (column === undefined ? [] : [{ column, isOptional: true }]);
  const fields = (columns: Record<string, MappingField>): Use[] =>
    Object.values(columns).flatMap((each) => {
      const field = fieldOf(each);
      return [{ column: field.column, isOptional: field.optional === true }, ...optional(field.display)];
    });
  return [
    ...mapping.naturalKey.flatMap(needed),
    ...needed(mapping.occurredAt),
    ...optional(mapping.version),
    ...needed(mapping.deleted?.column),
    ...(mapping.subject ?? []).map((each, at): Use => ({ column: each.column, isOptional: at > 0 })),
    ...optional(mapping.encounter),
    ...fields(mapping.columns),
    ...optional(mapping.text),
    ...personColumns(mapping.person ?? {}).flatMap(optional),
    ...(mapping.repeat ?? []).flatMap((each) => [...fields(each.columns), ...optional(each.text)]),
    ...(mapping.ignore ?? []).flatMap(optional),
  ];
}

export function fitHeader(mapping: Mapping, header: readonly string[]): HeaderFit {
  const plain = header.map(plainName);
  const read = new Set<string>();
  const missing: string[] = [];
  for (const { first, names, isOptional } of namedUsesOf(mapping)) {
    for (const name of names) read.add(name);
    if (!isOptional && !names.some((name) => plain.includes(name)) && !missing.includes(first)) missing.push(first);
  }
  const unknown = plain.flatMap((name, at) => (name !== '' && !read.has(name) ? [at] : []));
  return { missing, unknown, known: plain.filter((name) => name !== '' && read.has(name)).length };
}

export const fits = (fit: HeaderFit): boolean => fit.missing.length === 0 && fit.unknown.length === 0;

/** The mapping that reads most of the header without complaint; `null` and the nearest one when none does. */
export function chooseMapping(
  mappings: readonly Mapping[],
  header: readonly string[],
): { chosen: Mapping | null; nearest: Mapping | null; fit: HeaderFit | null } {
  let best: { mapping: Mapping; fit: HeaderFit } | null = null;
  let nearest: { mapping: Mapping; fit: HeaderFit } | null = null;
  for (const mapping of mappings) {
    const fit = fitHeader(mapping, header);
    if (fits(fit) && (best === null || fit.known > best.fit.known)) best = { mapping, fit };
    if (nearest === null || scoreOf(fit) > scoreOf(nearest.fit)) nearest = { mapping, fit };
  }
  return { chosen: best?.mapping ?? null, nearest: nearest?.mapping ?? null, fit: (best ?? nearest)?.fit ?? null };
}
const scoreOf = (fit: HeaderFit): number => fit.known - fit.missing.length - fit.unknown.length / 2;
