/** The codes and words of a chunk: whether they may stand in facts as they are, and what they teach the dictionaries. */
import { type Column, enumOf } from '@xinglin/contracts';
import { isSafeCode, isSafeDimensionCode, isSafeToken, safeDisplay } from '../../privacy/safe-values.ts';
import { dictionaryOf } from '../../terminology/learned-code.ts';
import { textColumns } from './bulk.sql.ts';
import type { BulkParts } from './bulk-persons.ts';
import { hiddenSql, pairsSql } from './persons.sql.ts';
import type { Owner, Words } from './words.ts';

/** More different codes than this in one column are not a dictionary. */
export const CODES_MAX = 20_000;

/** A code with a name it came with, and in how many rows. */
export interface CodePair {
  readonly code: string;
  readonly display: string | null;
  readonly seen: number;
}

/** Of cells: the same code may be written in several ways. In order of appearance. */
export function pairsOf(cells: readonly { readonly code: string | null; readonly display: string | null; readonly seen: number }[]): CodePair[] {
  const pairs = new Map<string, { code: string; display: string | null; seen: number }>();
  for (const { code, display, seen } of cells) {
    if (code === null) continue;
    const name = JSON.stringify([code, display]);
    const pair = pairs.get(name);
    if (pair === undefined) pairs.set(name, { code, display, seen });
    else pair.seen += seen;
  }
  return [...pairs.values()];
}

/** False when a code or word may not stand in a fact as it is. `known`: the pairs of columns that are read from cells. */
export async function learnCodes(parts: BulkParts, words: Words, known: ReadonlyMap<string, readonly CodePair[]>): Promise<boolean> {
  const { engine, chunk, plan } = parts;
  for (const column of textColumns(plan)) {
    let pairs = known.get(column.name) ?? (await engine.rows<CodePair>(pairsSql(plan, column.name, CODES_MAX + 1, false)));
    const system = plan.values[column.name]?.system ?? null;
    const codes = [...new Set(pairs.map(({ code }) => code))];
    if (pairs.length > CODES_MAX || !codes.every((code) => fits(column, code, system) && words.ownersOf(code).length === 0)) return false;
    const dimension = dictionaryOf(plan.fact, column);
    if (dimension === null) continue;
    const suspects = suspectsOf(pairs, words);
    if (suspects === null) return false;
    if (suspects.length > 0) pairs = await pairsWithout(parts, column, suspects);
    for (const { code, seen, display } of pairs) {
      const name = safeDisplay(display);
      // A code of an item list is only learned for its name; a department's or doctor's code also without.
      if (name === null && column.kind === 'code') continue;
      chunk.learn({ dimension, source: (column.kind === 'code' ? system : null) ?? chunk.stream.source, sourceCode: code, display: name }, seen);
    }
  }
  return true;
}

type Suspect = Owner & { readonly person: string; readonly display: string };

/** Names of codes that are of persons too: a doctor may have a patient's name. Null when a number is a name. */
function suspectsOf(pairs: readonly CodePair[], words: Words): Suspect[] | null {
  const suspects: Suspect[] = [];
  for (const display of new Set(pairs.map((pair) => pair.display))) {
    if (display === null) continue;
    for (const { subject, person } of words.ownersOf(display)) {
      if (person === null) return null;
      suspects.push({ subject, person, display });
    }
  }
  return suspects;
}

/** Where the row itself names that person, the name teaches nothing. */
async function pairsWithout({ engine, plan }: BulkParts, column: Column, suspects: readonly Suspect[]): Promise<CodePair[]> {
  await engine.run('create or replace table suspects (subject varchar, person varchar, display varchar)');
  await engine.fill('suspects', [suspects.map((each) => each.subject), suspects.map((each) => each.person), suspects.map((each) => each.display)]);
  await engine.run(hiddenSql(column.name));
  return await engine.rows<CodePair>(pairsSql(plan, column.name, CODES_MAX + 1, true));
}

function fits({ kind }: Column, code: string, system: string | null): boolean {
  if (kind === 'code') return isSafeCode(code, system);
  if (kind === 'token') return isSafeToken(code);
  return enumOf(kind)?.includes(code) ?? isSafeDimensionCode(code);
}
