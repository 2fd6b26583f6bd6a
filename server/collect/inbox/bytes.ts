/** Bytes of files and streams. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { HEAD_BYTES } from './recognise.ts';

/** Large enough that cutting costs more than reading, small enough to hold a few. */
const READ_BYTES = 1024 * 1024;

export const bytesOf = (path: string): AsyncIterable<Uint8Array> => createReadStream(path, { highWaterMark: READ_BYTES });

export async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export async function hashOf(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of bytesOf(path)) hash.update(chunk);
  return hash.digest();
}

/** Gathers the head of a stream and gives it back as part of the whole. */
export async function peek(stream: AsyncIterable<Uint8Array>): Promise<{ head: Uint8Array; all: () => AsyncIterable<Uint8Array> }> {
  const iterator = stream[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isDone = false;
  while (size < HEAD_BYTES && !isDone) {
    const next = await iterator.next();
    isDone = next.done === true;
    if (next.done !== true) {
      chunks.push(next.value);
      size += next.value.length;
    }
  }
  const head = Buffer.concat(chunks);
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    while (!isDone) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  };
  return { head: head.subarray(0, HEAD_BYTES), all };
}
