/**
 * Cuts a stream of bytes into HL7 v2 messages. On bytes, before any decoding: CR, LF, VT, FS and the letters of `MSH` never occur
 * inside a GB18030 or UTF-8 character. Knows one message per file, many, batch envelopes (FHS BHS … BTS FTS), MLLP framing, and
 * any mix of line ends and blank lines. Holds one message at a time, at most `MESSAGE_MAX`.
 */

/** The largest message taken: ORU with an embedded document stay below it, and a broken file cannot fill the memory. */
export const MESSAGE_MAX = 16 * 1024 * 1024;

export type Piece =
  | { readonly kind: 'message'; readonly bytes: Uint8Array; readonly line: number }
  | { readonly kind: 'stray'; readonly line: number }
  | { readonly kind: 'oversize'; readonly line: number };

const CR = 0x0d;
const LF = 0x0a;
const VT = 0x0b;
const FS = 0x1c;
const NOTHING = Buffer.alloc(0);

type Inside = 'nothing' | 'message' | 'stray' | 'oversize';

export class Hl7Splitter {
  /** Bytes not yet given away: from the start of the current message, else of the current line. */
  #held: Buffer = NOTHING;
  #inside: Inside = 'nothing';
  /** Offsets into `#held`. */
  #start = 0;
  #contentEnd = 0;
  #lineStart = 0;
  #scanned = 0;
  /** The line being read is being thrown away: it, or the message it belongs to, is too long. */
  #isSkippingLine = false;
  #line = 1;
  #pieceLine = 1;
  #isAfterCr = false;
  readonly #max: number;

  constructor(max: number = MESSAGE_MAX) {
    this.#max = max;
  }

  push(chunk: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    this.#held = this.#held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([this.#held, chunk]);
    const held = this.#held;
    for (let at = this.#scanned; at < held.length; at += 1) {
      const byte = held[at];
      if (byte !== CR && byte !== LF && byte !== VT && byte !== FS) {
        this.#isAfterCr = false;
        continue;
      }
      this.#endLine(at, pieces);
      if (byte === FS) this.#endPiece(pieces);
      if (byte === CR || (byte === LF && !this.#isAfterCr)) this.#line += 1;
      this.#isAfterCr = byte === CR;
      this.#lineStart = at + 1;
    }
    this.#scanned = held.length;
    this.#letGo(pieces);
    return pieces;
  }

  end(): Piece[] {
    const pieces: Piece[] = [];
    this.#endLine(this.#held.length, pieces);
    this.#endPiece(pieces);
    this.#held = NOTHING;
    return pieces;
  }

  /** A whole line is in `#held[lineStart, end)`. */
  #endLine(end: number, pieces: Piece[]): void {
    if (this.#isSkippingLine) {
      this.#isSkippingLine = false;
      return;
    }
    const start = this.#lineStart + bomAt(this.#held, this.#lineStart, end);
    if (isBlank(this.#held, start, end)) return;
    const kind = kindOf(this.#held, start, end);
    if (kind === 'header') {
      this.#endPiece(pieces);
      this.#begin('message', start);
    } else if (kind === 'envelope') {
      this.#endPiece(pieces);
      return;
    } else if (this.#inside === 'nothing') this.#begin('stray', start);
    this.#contentEnd = end;
  }

  #begin(inside: Inside, start: number): void {
    this.#inside = inside;
    this.#start = start;
    this.#pieceLine = this.#line;
  }

  #endPiece(pieces: Piece[]): void {
    if (this.#inside === 'message')
      pieces.push(
        this.#contentEnd - this.#start > this.#max
          ? { kind: 'oversize', line: this.#pieceLine }
          : { kind: 'message', bytes: this.#held.subarray(this.#start, this.#contentEnd), line: this.#pieceLine },
      );
    else if (this.#inside !== 'nothing') pieces.push({ kind: this.#inside, line: this.#pieceLine });
    this.#inside = 'nothing';
  }

  /** Keeps only what is still needed, and gives up on what has become too long. */
  #letGo(pieces: Piece[]): void {
    const openLine = this.#held.length - this.#lineStart;
    if (this.#inside === 'message' && this.#contentEnd - this.#start > this.#max) this.#inside = 'oversize';
    if (openLine > this.#max && !this.#isSkippingLine) {
      // One endless line. Its first letters say whether it begins a message of its own.
      const start = this.#lineStart + bomAt(this.#held, this.#lineStart, this.#held.length);
      const kind = kindOf(this.#held, start, this.#held.length);
      if (kind === 'header' || this.#inside === 'nothing') {
        this.#endPiece(pieces);
        this.#begin('oversize', start);
      } else this.#inside = 'oversize';
      this.#isSkippingLine = true;
    }
    const from = this.#isSkippingLine ? this.#held.length : this.#inside === 'message' ? this.#start : this.#lineStart;
    this.#held = this.#held.subarray(from);
    this.#start -= from;
    this.#contentEnd -= from;
    this.#lineStart = Math.max(0, this.#lineStart - from);
    this.#scanned = this.#held.length;
  }
}

const bomAt = (bytes: Buffer, start: number, end: number): number =>
  end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? 3 : 0;

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) > 0x20) return false;
  return true;
}

/** `MSH` with a separator begins a message; FHS, BHS, BTS and FTS are the envelope of a batch. */
function kindOf(bytes: Buffer, start: number, end: number): 'header' | 'envelope' | 'segment' {
  if (end - start < 3) return 'segment';
  const name = bytes.toString('latin1', start, start + 3);
  const sign = end - start > 3 ? (bytes[start + 3] ?? 0) : 0;
  const isSign = sign > 0x20 && !/[A-Za-z0-9]/.test(String.fromCharCode(sign));
  if (name === 'MSH' && isSign) return 'header';
  if ((name === 'FHS' || name === 'BHS' || name === 'BTS' || name === 'FTS') && (isSign || end - start === 3)) return 'envelope';
  return 'segment';
}
