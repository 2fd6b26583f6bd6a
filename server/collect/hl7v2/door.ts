import { noted } from '../errors.ts';
import type { Door, DoorItem } from '../inbox/item.ts';
import { acceptMessage } from './accept.ts';
import { Hl7Splitter, MESSAGE_MAX, type Piece } from './split.ts';

/** Files and uploads of HL7 v2: one delivery per message. */
export class Hl7Door implements Door {
  readonly type = 'hl7v2';
  readonly mapping = null;
  readonly #splitter = new Hl7Splitter();
  readonly #zone: string;

  constructor(zone: string) {
    this.#zone = zone;
  }

  push(chunk: Uint8Array): DoorItem[] {
    return this.#splitter.push(chunk).map((each) => this.#item(each));
  }
  end(): DoorItem[] {
    return this.#splitter.end().map((each) => this.#item(each));
  }

  #item(piece: Piece): DoorItem {
    const { line } = piece;
    if (piece.kind === 'stray') return { kind: 'refused', line, ...noted('hl7-no-msh') };
    if (piece.kind === 'oversize') return { kind: 'refused', line, ...noted('line-too-long', { line, limitMb: MESSAGE_MAX / 1024 / 1024 }) };
    const accepted = acceptMessage(piece.bytes, { zone: this.#zone });
    if ('code' in accepted) return { kind: 'refused', line, ...accepted };
    return { kind: 'delivery', items: 1, line, body: accepted.body, meta: accepted.meta };
  }
}
