/**
 * Holds the history while it is made month by month and handed over table by table: a run of one table is what the product reads fastest. One file
 * in the temporary folder, without a name as soon as it is open, so that nothing is left behind however the run ends. Everyone in it is invented.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOORS, type Door, FORMS } from './doors/forms.ts';
import { encoded } from './doors/gb18030.ts';
import { PART_BYTES, type Part } from './doors/parts.ts';

interface Kept extends Omit<Part, 'body'> {
  readonly offset: number;
  readonly bytes: number;
}

export class Spool {
  readonly #folder = mkdtempSync(join(tmpdir(), 'xinglin-history-'));
  readonly #file: number;
  readonly #parts = new Map<Door, Kept[]>();
  #end = 0;
  #isNamed = true;

  constructor() {
    this.#file = openSync(join(this.#folder, 'parts'), 'wx+', 0o600);
    this.#forget();
  }

  add({ body, ...part }: Part): void {
    for (let at = 0; at < body.length; ) at += writeSync(this.#file, body, at, body.length - at, this.#end + at);
    const kept = { ...part, offset: this.#end, bytes: body.length };
    const list = this.#parts.get(part.door);
    if (list === undefined) this.#parts.set(part.door, [kept]);
    else list.push(kept);
    this.#end += body.length;
  }

  /** Door after door, as the doors stand; of a table, months together in parts of `partBytes` at most, each with its header line. */
  *take(partBytes = PART_BYTES): Generator<Part> {
    for (const door of DOORS) {
      const kept = this.#parts.get(door) ?? [];
      if (FORMS[door].kind === 'csv') yield* this.#together(kept, encoded(FORMS[door].head, FORMS[door].charset), partBytes);
      else for (const { offset, bytes, ...part } of kept) yield { ...part, body: this.#read(offset, bytes) };
    }
  }

  *#together(kept: readonly Kept[], head: Buffer, partBytes: number): Generator<Part> {
    for (let at = 0; at < kept.length; ) {
      const { offset: _offset, bytes: _bytes, ...first } = kept[at] as Kept;
      const bodies = [head];
      let [size, items] = [head.length, 0];
      do {
        const each = kept[at] as Kept;
        bodies.push(this.#read(each.offset + head.length, each.bytes - head.length));
        size += each.bytes - head.length;
        items += each.items;
        at += 1;
      } while (at < kept.length && size + (kept[at] as Kept).bytes - head.length <= partBytes);
      yield { ...first, body: Buffer.concat(bodies), items };
    }
  }

  close(): void {
    closeSync(this.#file);
    if (this.#isNamed) rmSync(this.#folder, { recursive: true, force: true });
  }

  #read(offset: number, bytes: number): Buffer {
    const body = Buffer.allocUnsafe(bytes);
    for (let at = 0; at < bytes; ) {
      const got = readSync(this.#file, body, at, bytes - at, offset + at);
      if (got === 0) throw new Error('the spool of the history ends early');
      at += got;
    }
    return body;
  }

  /** Where the system does not let go of the name of an open file, it goes with `close`. */
  #forget(): void {
    try {
      rmSync(this.#folder, { recursive: true });
      this.#isNamed = false;
    } catch {
      this.#isNamed = true;
    }
  }
}
