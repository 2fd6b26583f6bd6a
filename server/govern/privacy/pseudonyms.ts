/** How every key in a fact is made. The parts are part of the file format: changing one orphans all facts. */

import type { RawRecord, SourceId } from '@xinglin/contracts';
import { type Clearable, forgetAtRest } from '../../kernel/index.ts';
import type { Keys } from '../../platform/index.ts';
import { isUuid } from './safe-values.ts';

/** Loop statements name things by our own opaque ids already (see contracts/loop.ts). */
export const RECORD_KEY_SYSTEM = 'record-key';

export interface Pseudonyms {
  record(source: string, subject: SourceId): string;
  encounter(source: string, localId: string): string;
  fact(source: string, fact: string, localId: string): string;
  /** Depends on the words too, so a corrected text is another text and a repeated one the same. */
  text(factKey: string, text: string): string;
  /** A `key` column of a fact (invitation, case, anonymous visitor …). */
  column(source: string, column: string, value: string): string;
  /** Short stand-in for a code that cannot be written in ASCII. */
  code(dimension: string, source: string, text: string): string;
  act(kind: string, source: string, ...parts: readonly string[]): string;
}

/**
 * `isOwn`: the delivery is a loop statement; UUIDs in it are our own keys and pass through, so that later rooms find
 * their invitation, case or visit again. Anything else is hashed like a source's number.
 */
function pseudonymsFor(keys: Keys, orgId: string, isOwn: boolean): Pseudonyms {
  const own = (value: string): string | null => (isOwn && isUuid(value) ? value.toLowerCase() : null);
  const records = new Remembered();
  const encounters = new Remembered();
  /** How keys of a source's facts are made, by source and fact. */
  const facts = new Map<string, (localId: string) => string>();
  return {
    record: (source, subject) =>
      (subject.system === RECORD_KEY_SYSTEM ? own(subject.value) : null) ??
      records.of(`${source} ${subject.type}`, subject.system, subject.value, () =>
        keys.pseudonym('record', orgId, source, subject.type, subject.system, subject.value),
      ),
    encounter: (source, localId) => own(localId) ?? encounters.of(source, '', localId, () => keys.pseudonym('encounter', orgId, source, localId)),
    fact(source, fact, localId) {
      const kind = `${source} ${fact}`;
      let keyOf = facts.get(kind);
      if (keyOf === undefined) {
        keyOf = keys.numberKeys(...factKind(orgId, source, fact)).of;
        facts.set(kind, keyOf);
      }
      return keyOf(localId);
    },
    text: (factKey, text) => keys.pseudonym('text', orgId, factKey, text),
    column: (source, column, value) => own(value) ?? keys.pseudonym('column', orgId, source, column, value),
    code: (dimension, source, text) => `n-${keys.pseudonym('code', orgId, dimension, source, text).replaceAll('-', '').slice(0, 16)}`,
    act: (kind, source, ...parts) => keys.pseudonym('act', orgId, source, kind, ...parts),
  };
}

/** What `Keys.numberKeys` makes the keys of a source's facts of. */
export const factKind = (orgId: string, source: string, fact: string): readonly string[] => ['fact', orgId, source, fact];

export type PseudonymsOf = (orgId: string, isOwn: boolean) => Pseudonyms;
/** Made once for each organisation, so that what was worked out for one delivery is known for the next, whoever reads it. */
export function pseudonymsOf(keys: Keys): PseudonymsOf {
  const made = new Map<string, Pseudonyms>();
  return (orgId, isOwn) => {
    const name = `${orgId} ${isOwn}`;
    const names = made.get(name) ?? pseudonymsFor(keys, orgId, isOwn);
    made.set(name, names);
    return names;
  };
}

/** Messages of one stay or one patient come near one another; making a key again costs ten times as much as finding it. */
const REMEMBERED_MAX = 20_000;

/** Keys by kind, system and value. */
class Remembered implements Clearable {
  readonly #known = new Map<string, Map<string, Map<string, string>>>();
  #size = 0;

  constructor() {
    forgetAtRest(this);
  }

  of(kind: string, system: string, value: string, make: () => string): string {
    const known = this.#known.get(kind)?.get(system)?.get(value);
    return known ?? this.#add(kind, system, value, make());
  }

  #add(kind: string, system: string, value: string, key: string): string {
    if (this.#size >= REMEMBERED_MAX) this.clear();
    const systems = this.#known.get(kind) ?? new Map<string, Map<string, string>>();
    const values = systems.get(system) ?? new Map<string, string>();
    this.#known.set(kind, systems.set(system, values.set(value, key)));
    this.#size += 1;
    return key;
  }

  clear(): void {
    this.#known.clear();
    this.#size = 0;
  }
}

export const isOwnDelivery = (record: RawRecord): boolean => record.type === 'loop';
