/** Which records are compared at all: those that share a key of some rule. Rules are chosen from the fields there are; oversized blocks are refined or left out and counted. */
import type { Field, FieldName, Records } from './fields.ts';

/** Part of a key: a field, or what is left of it. `any` stands for either name, so exchanged names and a lone name meet too. */
type Part = `${FieldName}` | `${FieldName}~${'sound' | 'start' | 'year' | 'half'}` | 'any-name' | 'any-name~sound';
const RULES: readonly (readonly Part[])[] = [
  ['id-number'],
  ['mrn'],
  ['insurance'],
  ['phone'],
  ['email'],
  ['given-name', 'surname'],
  ['any-name~sound', 'birth-date'],
  ['any-name', 'postcode'],
  ['any-name', 'birth-place', 'birth-date~year'],
  ['surname', 'birth-place', 'given-name~start'],
  ['any-name', 'city'],
  ['any-name', 'occupation', 'birth-date~year'],
  ['surname~sound', 'given-name~sound', 'birth-date~year'],
  ['surname~sound', 'given-name~sound', 'postcode~half'],
  ['birth-date', 'postcode'],
  ['birth-date', 'birth-place'],
  ['birth-date', 'city'],
  ['birth-date', 'address'],
  ['address', 'street-number'],
  ['postcode', 'street-number'],
  ['postcode', 'birth-place'],
];
/** Added to the key of a block that is too large, in this order. */
const REFINERS: readonly Part[] = ['given-name~sound', 'birth-date~year', 'surname~sound', 'postcode~half'];
/** A block of this many records makes 45 thousand pairs; larger ones are names and places too common to prove anything. */
export const BLOCK_SIZE_MAX = 300;
/** Pairs one rule may make per record. Where its keys are too common for that, its largest blocks are refined instead, so that the work grows with the records, not their square. */
export const PAIRS_PER_RECORD_MAX = 3;

export interface Blocks {
  /** Members of block i, ascending: `members[starts[i] … starts[i + 1]]`. */
  readonly members: Int32Array;
  readonly starts: Int32Array;
  /** Per block the fields its rule does not use, as bits: those may learn from its pairs. */
  readonly unused: Int32Array;
  readonly rules: readonly string[];
  readonly refined: number;
  readonly skipped: number;
}

/** Numbers of a record's parts of a key (two for `any-name`, none when the value is missing), and how many numbers there are. */
interface Key {
  readonly parts: readonly Int32Array[];
  readonly size: number;
}

export function makeBlocks(records: Records): Blocks {
  const found: Groups = { members: [], starts: [0], unused: [] };
  const everyField = (1 << records.fields.length) - 1;
  const used: string[] = [];
  const keys = new Map<Part, Key | null>();
  const keyed = (part: Part): Key | null => {
    const known = keys.get(part);
    if (known !== undefined) return known;
    const made = keyOf(records, part);
    keys.set(part, made);
    return made;
  };
  const refiners = REFINERS.flatMap((part) => keyed(part) ?? []);
  const everyone = Int32Array.from({ length: records.length }, (_, at) => at);
  let [refined, skipped] = [0, 0];
  for (const rule of RULES) {
    const parts = rule.map(keyed).filter((key) => key !== null);
    if (parts.length < rule.length) continue;
    used.push(rule.join(' + '));
    const unused = everyField & ~rule.reduce((bits, part) => bits | fieldBits(records, part), 0);
    const first = group(everyone, parts);
    const sizeMax = fairSize(first, records.length * PAIRS_PER_RECORD_MAX);
    let large = file(first, sizeMax, unused, found);
    refined += large.length;
    for (const refiner of refiners) large = large.flatMap((block) => file(group(block, [refiner]), sizeMax, unused, found));
    skipped += large.length;
  }
  return {
    members: Int32Array.from(found.members),
    starts: Int32Array.from(found.starts),
    unused: Int32Array.from(found.unused),
    rules: used,
    refined,
    skipped,
  };
}

/** Calls `visit` once per pair a < b that shares a block, with the fields that may learn from it. Holds one record's partners at a time. */
export function forEachPair(blocks: Blocks, length: number, visit: (a: number, b: number, unused: number) => void): void {
  const { members, starts, unused } = blocks;
  const counts = new Int32Array(length + 1);
  for (const member of members) counts[member + 1]!++;
  for (let i = 0; i < length; i++) counts[i + 1]! += counts[i]!;
  // Per record the positions where it stands; all members after such a position are its partners.
  const places = new Int32Array(members.length);
  const blockAt = new Int32Array(members.length);
  const next = counts.slice();
  for (let block = 0; block + 1 < starts.length; block++) {
    for (let at = starts[block]!; at < starts[block + 1]!; at++) {
      const place = next[members[at]!]!++;
      places[place] = at;
      blockAt[place] = block;
    }
  }
  const seen = new Int32Array(length).fill(-1);
  const learn = new Int32Array(length);
  const touched = new Int32Array(length);
  for (let a = 0; a < length; a++) {
    let met = 0;
    for (let place = counts[a]!; place < counts[a + 1]!; place++) {
      const block = blockAt[place]!;
      const end = starts[block + 1]!;
      const bits = unused[block]!;
      for (let at = places[place]! + 1; at < end; at++) {
        const b = members[at]!;
        if (seen[b] === a) learn[b]! |= bits;
        else {
          seen[b] = a;
          learn[b] = bits;
          touched[met++] = b;
        }
      }
    }
    for (let at = 0; at < met; at++) visit(a, touched[at]!, learn[touched[at]!]!);
  }
}

interface Groups {
  readonly members: number[];
  readonly starts: number[];
  readonly unused: number[];
}

/** Records by key: group i is `sorted[starts[i] … starts[i + 1]]`, ascending. */
interface Grouped {
  readonly sorted: Int32Array;
  readonly starts: Int32Array;
}

function group(records: Int32Array, keys: readonly Key[]): Grouped {
  const numbers = new Map<number, number>();
  const counts: number[] = [];
  const who: number[] = [];
  const where: number[] = [];
  const enter = (record: number, at: number, key: number): void => {
    if (at < keys.length) {
      for (const part of keys[at]!.parts) {
        const value = part[record]!;
        if (value >= 0) enter(record, at + 1, key * keys[at]!.size + value);
      }
      return;
    }
    let number = numbers.get(key);
    if (number === undefined) {
      number = counts.push(0) - 1;
      numbers.set(key, number);
    }
    counts[number]!++;
    who.push(record);
    where.push(number);
  };
  for (const record of records) enter(record, 0, 0);
  const starts = new Int32Array(counts.length + 1);
  for (let at = 0; at < counts.length; at++) starts[at + 1] = starts[at]! + counts[at]!;
  const sorted = new Int32Array(who.length);
  const next = starts.slice();
  for (let at = 0; at < who.length; at++) sorted[next[where[at]!]!++] = who[at]!;
  return { sorted, starts };
}

/** The largest size up to which all blocks together make no more than `pairsMax` pairs. At least two: a block of two is never too common. */
function fairSize({ starts }: Grouped, pairsMax: number): number {
  const blocksOfSize = new Float64Array(BLOCK_SIZE_MAX + 1);
  for (let at = 0; at + 1 < starts.length; at++) {
    const size = starts[at + 1]! - starts[at]!;
    if (size <= BLOCK_SIZE_MAX) blocksOfSize[size]!++;
  }
  let pairs = 0;
  for (let size = 2; size <= BLOCK_SIZE_MAX; size++) {
    pairs += (blocksOfSize[size]! * size * (size - 1)) / 2;
    if (pairs > pairsMax) return Math.max(2, size - 1);
  }
  return BLOCK_SIZE_MAX;
}

/** Files groups of fair size as blocks and gives back the oversized ones. */
function file({ sorted, starts }: Grouped, sizeMax: number, unused: number, found: Groups): Int32Array[] {
  const large: Int32Array[] = [];
  for (let at = 0; at + 1 < starts.length; at++) {
    const [from, to] = [starts[at]!, starts[at + 1]!];
    if (to - from < 2) continue;
    if (to - from > sizeMax) {
      large.push(sorted.slice(from, to));
      continue;
    }
    // The same record twice in a row: both of its names are the same word.
    for (let i = from; i < to; i++) if (i === from || sorted[i] !== sorted[i - 1]) found.members.push(sorted[i]!);
    found.starts.push(found.members.length);
    found.unused.push(unused);
  }
  return large;
}

const fieldsOf = (part: Part): string[] => (part.startsWith('any-name') ? ['given-name', 'surname'] : [part.split('~')[0]!]);
const fieldBits = (records: Records, part: Part): number =>
  fieldsOf(part).reduce((bits, name) => bits | (1 << records.fields.findIndex((field) => field.name === name)), 0);

function keyOf(records: Records, part: Part): Key | null {
  const fields = fieldsOf(part).map((name) => records.fields.find((field) => field.name === name));
  if (!fields.every((field) => field !== undefined)) return null;
  const form = part.split('~')[1];
  const numbers = new Map<string, number>();
  const read = (field: Field, code: number): string => {
    const { value, sound } = field.dictionary.words[code]!;
    if (form === 'sound') return sound;
    if (form === 'start') return [...value][0]!;
    if (form === 'year') return value.slice(0, 4);
    return form === 'half' ? value.slice(0, Math.max(2, value.length >> 1)) : value;
  };
  const parts = fields.map((field) => {
    const byCode = field.dictionary.words.map((_, code) => {
      const text = read(field, code);
      const known = numbers.get(text) ?? numbers.size;
      numbers.set(text, known);
      return known;
    });
    return field.codes.map((code) => (code < 0 ? -1 : byCode[code]!));
  });
  return { parts, size: Math.max(1, numbers.size) };
}
