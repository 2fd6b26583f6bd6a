/** Rows of one chunk as bytes, until it ends. It ends where its rows say (see door.ts), or at a limit. */
import { charactersOf } from './csv.ts';

/** Reading a chunk is one step of the pipeline: small enough to be quick, large enough to be worth it. */
const ROWS_MAX = 2000;
const ROWS_MIN = 500;
const CHARACTERS_MAX = 1024 * 1024;
/** One row in this many ends a chunk: 1,250 rows on average. */
const END_ONE_IN = 750;
const NEWLINE = 0x0a;
const LINE_END = Buffer.from([NEWLINE]);
const NOTHING = new Uint8Array(0);

export class RowsHeld {
  count = 0;
  /** Of the first row. */
  line = 0;
  #pieces: Uint8Array[] = [];
  /** So many of them are our own. */
  #settled = 0;
  /** Rows that follow one another in the same bytes are one piece. */
  #block: Uint8Array = NOTHING;
  #from = 0;
  #to = 0;
  /** At least as many as there are, because a byte may be less than a character; from `CHARACTERS_MAX` on they are counted. */
  #characters = 0;
  #isCounted = false;

  /** `bytes` are held until the chunk is taken or `settle` is called; a newline at `end` belongs to them. True when the chunk ends with this row. */
  add(bytes: Uint8Array, from: number, end: number, line: number): boolean {
    if (this.count === 0) this.line = line;
    this.count += 1;
    // A row may end in a carriage return, which is not part of it.
    const last = end > from && bytes[end] === NEWLINE && bytes[end - 1] === 0x0d ? end - 1 : end;
    if (bytes !== this.#block || from !== this.#to) {
      this.#endPiece();
      this.#block = bytes;
      this.#from = from;
    }
    if (bytes[last] === NEWLINE) this.#to = last + 1;
    else {
      this.#to = last;
      this.#endPiece();
      this.#pieces.push(LINE_END);
    }
    this.#characters += this.#isCounted ? charactersOf(bytes, from, last) : last - from;
    return this.count >= ROWS_MAX || this.#isLong() || (this.count >= ROWS_MIN && endsChunk(bytes, from, last));
  }

  /** Copies what is held, so that a few rows do not keep whole blocks of a file in memory. */
  settle(): void {
    this.#endPiece();
    if (this.#pieces.length === this.#settled) return;
    this.#pieces.push(Buffer.concat(this.#pieces.splice(this.#settled)));
    this.#settled = this.#pieces.length;
  }

  /** The rows under their header, each ended by a newline. Then nothing is held. */
  take(header: string): Buffer {
    this.#endPiece();
    const body = Buffer.concat([Buffer.from(header), LINE_END, ...this.#pieces]);
    this.#pieces = [];
    this.#settled = 0;
    this.#characters = 0;
    this.#isCounted = false;
    this.count = 0;
    return body;
  }

  #endPiece(): void {
    if (this.#to > this.#from) this.#pieces.push(this.#block.subarray(this.#from, this.#to));
    this.#block = NOTHING;
    this.#from = 0;
    this.#to = 0;
  }

  #isLong(): boolean {
    if (this.#characters >= CHARACTERS_MAX && !this.#isCounted) {
      this.#isCounted = true;
      this.#characters = -this.count;
      for (const piece of [...this.#pieces, this.#block.subarray(this.#from, this.#to)]) this.#characters += charactersOf(piece, 0, piece.length);
    }
    return this.#characters >= CHARACTERS_MAX;
  }
}

/** FNV-1a of the row's characters: about one in `END_ONE_IN` ends a chunk, always the same ones. */
function endsChunk(bytes: Uint8Array, from: number, end: number): boolean {
  let hash = 0x811c9dc5;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x80) {
      hash = Math.imul(hash ^ byte, 0x01000193);
      continue;
    }
    const next = (bytes[at + 1] as number) & 0x3f;
    if (byte < 0xe0) hash = Math.imul(hash ^ (((byte & 0x1f) << 6) | next), 0x01000193);
    else if (byte < 0xf0) hash = Math.imul(hash ^ (((byte & 0x0f) << 12) | (next << 6) | ((bytes[at + 2] as number) & 0x3f)), 0x01000193);
    else {
      const beyond = (((byte & 0x07) << 18) | (next << 12) | (((bytes[at + 2] as number) & 0x3f) << 6) | ((bytes[at + 3] as number) & 0x3f)) - 0x10000;
      hash = Math.imul(hash ^ (0xd800 + (beyond >> 10)), 0x01000193);
      hash = Math.imul(hash ^ (0xdc00 + (beyond & 0x3ff)), 0x01000193);
    }
    at += byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
  return (hash >>> 0) % END_ONE_IN === 0;
}
