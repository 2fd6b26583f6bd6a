/** For tests: the room on a database and a data folder of its own, and files to feed it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RawRecord, StreamName } from '@xinglin/contracts';
import type { SimulatedClock } from '../../kernel/index.ts';
import { createLake, type Lake } from '../../lake/index.ts';
import type { Platform } from '../../platform/index.ts';
import { testPlatform } from '../../platform/testing.ts';
import { createCollect } from '../collect.ts';
import type { Collect } from '../types.ts';

export interface OpenCollect {
  readonly platform: Platform;
  readonly clock: SimulatedClock;
  readonly lake: Lake;
  readonly collect: Collect;
  /** Writes a file and gives its path. */
  file(name: string, content: string | Uint8Array): string;
  /** Everything in the raw zone, stream by stream. */
  stored(): Promise<RawRecord[]>;
  /** The same data folder after the process died: nothing was flushed or closed in order. */
  restarted(): Promise<Collect>;
  close(): Promise<void>;
}

export async function openCollect({ wrapLake = (lake) => lake }: { wrapLake?: (lake: Lake) => Lake } = {}): Promise<OpenCollect> {
  const { platform, clock, dataDir, close } = await testPlatform();
  const lake = await createLake({ platform });
  const used = wrapLake(lake);
  const collect = await createCollect({ platform, lake: used });
  return {
    ...{ platform, clock, lake, collect },
    file(name, content) {
      const path = join(dataDir, 'in', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    async stored() {
      const all: RawRecord[] = [];
      for (const { stream } of await lake.raw.streams()) all.push(...(await recordsOf(lake, stream)));
      return all;
    },
    restarted: () => createCollect({ platform, lake }),
    async close() {
      await collect.close();
      await lake.close();
      await close();
    },
  };
}

const recordsOf = (lake: Lake, stream: StreamName): Promise<RawRecord[]> => lake.raw.read(stream, 0, { records: 1_000_000, bytes: 1e9 });
