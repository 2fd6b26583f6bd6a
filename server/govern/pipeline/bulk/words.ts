/**
 * What the rows of a chunk say of persons, looked up by the few codes and names of codes they hold: none of it may stand in a column or a
 * dictionary. Turned around against reading row by row, where each value of a row is held against its own person.
 */
import { foldName } from '../../identity/identifiers.ts';
import { HAN } from '../prepare.ts';

/** Whose word it is: a number as `said.subject` has it, and the cells it was read from; null when it is the number itself. */
export interface Owner {
  readonly subject: string;
  readonly person: string | null;
}

export class Words {
  readonly #owners = new Map<string, Owner | Owner[]>();
  /** Lengths of the words in Chinese: those are found inside longer texts too. */
  readonly #lengths = new Set<number>();

  /** `words` are folded. */
  add(words: Iterable<string>, owner: Owner): void {
    for (const word of words) {
      const known = this.#owners.get(word);
      if (known === undefined) this.#owners.set(word, owner);
      else if (Array.isArray(known)) known.push(owner);
      else this.#owners.set(word, [known, owner]);
      if (HAN.test(word)) this.#lengths.add(word.length);
    }
  }

  /** Whose words the value is or holds. */
  ownersOf(value: string): Owner[] {
    const folded = foldName(value);
    const found = this.#of(folded);
    if (!HAN.test(folded)) return found;
    for (const length of this.#lengths) {
      for (let at = 0; at + length <= folded.length; at += 1) {
        const part = length === folded.length ? '' : folded.slice(at, at + length);
        if (part !== '' && HAN.test(part)) found.push(...this.#of(part));
      }
    }
    return found;
  }

  #of(word: string): Owner[] {
    const found = this.#owners.get(word);
    return found === undefined ? [] : Array.isArray(found) ? [...found] : [found];
  }
}
