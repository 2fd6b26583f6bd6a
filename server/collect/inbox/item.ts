/** What a way in finds in a stream of bytes, in order. */
import type { RawType } from '@xinglin/contracts';
import type { Noted } from '../errors.ts';

export type DoorItem =
  | {
      readonly kind: 'delivery';
      readonly body: Uint8Array;
      readonly items: number;
      readonly meta: Readonly<Record<string, string | number>>;
      readonly line: number;
    }
  | ({ readonly kind: 'refused'; readonly line: number | null } & Noted);

/** Cuts one file or upload. `end` gives what was still held. */
export interface Door {
  readonly type: RawType;
  /** `id@edition` of the CSV mapping, known once the header was read. */
  readonly mapping: string | null;
  push(chunk: Uint8Array): DoorItem[];
  end(): DoorItem[];
}
