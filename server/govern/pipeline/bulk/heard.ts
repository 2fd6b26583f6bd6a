/** What was read of people in earlier runs of one chunk: those who come again in the same words cost a look-up. In memory, gone with the chunk. */
import type { Canonical, PersonDetails } from '@xinglin/contracts';
import { deceasedSaid, unfitDetails, wordsOf } from '../prepare.ts';

type Unfit = ReturnType<typeof unfitDetails>;
export interface Heard {
  readonly factKey: string;
  readonly details: PersonDetails;
  readonly isDeceased: boolean | null;
  readonly words: ReadonlySet<string>;
  /** As of a moment: only a number from the future may become one. */
  unfitAt(receivedAt: Date): Unfit;
}

/** Some 40 MB. */
const HEARD_MAX = 30_000;

export class HeardPersons {
  #layout = '';
  readonly #heard = new Map<string, Heard>();

  /** `layout` names what the texts mean; those of another one are forgotten. */
  of(layout: string, text: string, read: () => Canonical | null, factKeyOf: () => string): Heard | null {
    if (layout !== this.#layout || this.#heard.size >= HEARD_MAX) this.#heard.clear();
    this.#layout = layout;
    const known = this.#heard.get(text);
    if (known !== undefined) return known;
    const said = read();
    if (said?.person == null) return null;
    const details = said.person;
    let unfit: { readonly at: Date; readonly notes: Unfit } | null = null;
    const heard: Heard = {
      ...{ factKey: factKeyOf(), details, isDeceased: deceasedSaid(said), words: wordsOf(details) },
      unfitAt(receivedAt) {
        const isSure = unfit !== null && unfit.at <= receivedAt && unfit.notes.every(({ rule }) => rule !== 'invalid-id');
        if (unfit === null || !isSure) unfit = { at: receivedAt, notes: unfitDetails(details, receivedAt) };
        return unfit.notes;
      },
    };
    this.#heard.set(text, heard);
    return heard;
  }
}
