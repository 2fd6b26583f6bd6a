/**
 * Which person each group of records is.
 *
 * A person belongs to its founder, the record that had it first. A group is the earliest person any of its records founded; the others are
 * retired into it. So the answer depends on the groups alone, not on the way they came about: whatever was merged or parted and undone, in
 * whatever order, every record is the very person it was.
 */
import type { Cluster } from './engine.ts';

export interface CurrentLink {
  readonly recordKey: string;
  readonly personId: string;
}
export interface Founder {
  readonly personId: string;
  readonly recordKey: string;
  /** The turn in which the record came to the person: turns only grow. */
  readonly turn: number;
  readonly isRetired: boolean;
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

/** `founders`: of every person the records have or had, as far as the founder is among the records. `newId` gives fresh ids. */
export function assignPersons(clusters: readonly Cluster[], current: readonly CurrentLink[], founders: readonly Founder[], newId: () => string): Assignment {
  const clusterOf = new Map<string, number>();
  clusters.forEach((cluster, index) => {
    for (const record of cluster.records) clusterOf.set(record, index);
  });
  const earliest = new Map<number, Founder>();
  for (const each of founders) {
    const index = clusterOf.get(each.recordKey);
    if (index === undefined) continue;
    const known = earliest.get(index);
    if (known === undefined || each.turn < known.turn || (each.turn === known.turn && each.personId < known.personId)) earliest.set(index, each);
  }
  const created: string[] = [];
  const revived: string[] = [];
  const persons = clusters.map((_, index) => {
    const founder = earliest.get(index);
    if (founder?.isRetired === true) revived.push(founder.personId);
    const personId = founder?.personId ?? newId();
    if (founder === undefined) created.push(personId);
    return personId;
  });
  const taken = new Set(persons);
  // A person goes into whoever its founder is now; one whose founder is gone, into whoever its first record is.
  const founderOf = new Map(founders.map((each) => [each.personId, each.recordKey]));
  const retired = new Map<string, string>();
  for (const { personId, recordKey } of current) {
    const index = clusterOf.get(founderOf.get(personId) ?? recordKey) ?? clusterOf.get(recordKey);
    if (!taken.has(personId) && !retired.has(personId) && index !== undefined) retired.set(personId, persons[index] ?? personId);
  }
  return { persons, created, revived, retired: [...retired].map(([personId, into]) => ({ personId, into })) };
}
