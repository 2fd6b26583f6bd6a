import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncPath } from '../sync-path.ts';

/** What the raw zone needs of a file system; tests hand in one that fails. */
export interface RawFiles {
  /** Refuses to open what is already there. */
  create(path: string): Promise<RawFile>;
  open(path: string, mode: 'read' | 'write'): Promise<RawFile>;
  /** Names in a folder, sorted; empty when it is not there. */
  list(folder: string): Promise<string[]>;
  makeFolder(folder: string): Promise<void>;
  /** Makes a new name in the folder durable. */
  syncFolder(folder: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}
export interface RawFile {
  /** Writes all of it or throws. */
  write(bytes: Uint8Array, offset: number): Promise<void>;
  sync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  /** Fewer bytes than asked only at the end of the file. */
  read(into: Buffer, offset: number): Promise<number>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export const diskFiles: RawFiles = {
  create: async (path) => new DiskFile(await open(path, 'wx+', 0o600)),
  open: async (path, mode) => new DiskFile(await open(path, mode === 'read' ? 'r' : 'r+')),
  async list(folder) {
    try {
      return (await readdir(folder)).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  },
  async makeFolder(folder) {
    const first = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    // Every folder made has a name in the one above it.
    for (let made = folder; ; made = dirname(made)) {
      await diskFiles.syncFolder(dirname(made));
      if (made === first) return;
    }
  },
  syncFolder: syncPath,
  rename,
  remove: (path) => rm(path, { force: true }),
};

class DiskFile implements RawFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }
  async write(bytes: Uint8Array, offset: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, offset + done);
      done += bytesWritten;
    }
  }
  sync(): Promise<void> {
    return this.#handle.datasync();
  }
  truncate(bytes: number): Promise<void> {
    return this.#handle.truncate(bytes);
  }
  async read(into: Buffer, offset: number): Promise<number> {
    let done = 0;
    while (done < into.length) {
      const { bytesRead } = await this.#handle.read(into, done, into.length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }
  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }
  close(): Promise<void> {
    return this.#handle.close();
  }
}
