/**
 * Which person each group of records is, given the persons its records had: ids stay where they were, a merged person is retired into
 * the one that remains, and a group that splits off gets back the very person its records had before.
 */
import type { Cluster } from './engine.ts';

export interface CurrentLink {
  readonly recordKey: string;
  readonly personId: string;
  /** When the record came to this person: the turn counter, which only grows. */
  readonly sinceTurn: number;
}
export interface PastLink {
  readonly recordKey: string;
  readonly personId: string;
  readonly toTurn: number;
}
export interface Assignment {
  /** Person of each cluster, in the order given. */
  readonly persons: readonly string[];
  readonly created: readonly string[];
  /** Persons without a group any more, and who they went into. */
  readonly retired: readonly { readonly personId: string; readonly into: string }[];
  /** Retired persons that live again. */
  readonly revived: readonly string[];
}

/**
 * `isRetired` tells of a past person whether it is free to be revived. `newId` gives fresh ids.
 * A person goes with the record that had it longest; among several persons of one group the one with most records stays, then the oldest.
 */
export function assignPersons(
  clusters: readonly Cluster[],
  current: readonly CurrentLink[],
  past: readonly PastLink[],
  isRetired: (personId: string) => boolean,
  newId: () => string,
): Assignment {
  const clusterOf = new Map<string, number>();
  clusters.forEach((cluster, index) => {
    for (const record of cluster.records) clusterOf.set(record, index);
  });
  const holdings = new Map<string, { first: CurrentLink; counts: Map<number, number> }>();
  for (const link of current) {
    const index = clusterOf.get(link.recordKey);
    if (index === undefined) continue;
    const holding = holdings.get(link.personId) ?? { first: link, counts: new Map<number, number>() };
    if (!holdings.has(link.personId)) holdings.set(link.personId, holding);
    if (link.sinceTurn < holding.first.sinceTurn || (link.sinceTurn === holding.first.sinceTurn && link.recordKey < holding.first.recordKey))
      holding.first = link;
    holding.counts.set(index, (holding.counts.get(index) ?? 0) + 1);
  }

  const claims = new Map<number, { personId: string; count: number }[]>();
  for (const [personId, holding] of holdings) {
    const index = clusterOf.get(holding.first.recordKey) ?? 0;
    const list = claims.get(index) ?? [];
    claims.set(index, list);
    list.push({ personId, count: holding.counts.get(index) ?? 0 });
  }
  const persons: string[] = [];
  const created: string[] = [];
  const revived: string[] = [];
  const taken = new Set<string>();
  clusters.forEach((_, index) => {
    const [best] = (claims.get(index) ?? []).sort((a, b) => b.count - a.count || (a.personId < b.personId ? -1 : 1));
    if (best === undefined) return;
    persons[index] = best.personId;
    taken.add(best.personId);
  });
  const before = new Map<string, PastLink[]>();
  for (const link of past) before.set(link.recordKey, [...(before.get(link.recordKey) ?? []), link]);
  clusters.forEach((cluster, index) => {
    if (persons[index] !== undefined) return;
    const old = cluster.records
      .flatMap((record) => before.get(record) ?? [])
      .sort((a, b) => b.toTurn - a.toTurn || (a.personId < b.personId ? -1 : 1))
      .find((link) => !taken.has(link.personId) && !holdings.has(link.personId) && isRetired(link.personId));
    const personId = old?.personId ?? newId();
    (old === undefined ? created : revived).push(personId);
    persons[index] = personId;
    taken.add(personId);
  });
  const retired = [...holdings]
    .filter(([personId]) => !taken.has(personId))
    .map(([personId, holding]) => ({ personId, into: persons[clusterOf.get(holding.first.recordKey) ?? 0] ?? personId }));
  return { persons, created, retired, revived };
}
