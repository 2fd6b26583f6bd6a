/** The lake put together: raw zone, facts and warehouse of one data folder. */
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { FACT_NAMES } from '@xinglin/contracts';
import { restSoon, trimAtRest, wallNow } from '../kernel/index.ts';
import type { Platform, Tx } from '../platform/index.ts';
import type { QueryValue } from './engine/convert.ts';
import { Engine, giveFreedBack, literal } from './engine/duckdb.ts';
import { registerPseudonym } from './engine/pseudonym.ts';
import { Batch } from './facts/batch.ts';
import { compactFact, FILES_MIN, type Plan, planCompaction } from './facts/compact.ts';
import { FactFolder } from './facts/fact-folder.ts';
import { addFiles, type LiveFile, moveCursor, nextGeneration, readCursor, removeAllFiles } from './facts/manifest.ts';
import { sweepFiles } from './facts/sweep.ts';
import { superviseLake } from './jobs.ts';
import { postgresIndex } from './raw/content-index.ts';
import { type OpenRawZone, openRawZone } from './raw/raw-zone.ts';
import type { Lake } from './types.ts';
import { DuckWarehouse } from './warehouse/warehouse.ts';

export interface LakeOptions {
  readonly platform: Platform;
  /** How long a file stays after it left the manifest, for readers outside this process. */
  readonly graceSeconds?: number;
}
const GRACE_SECONDS = 600;
/** More threads than this do not make the demo faster and cost memory each. */
const THREADS_MAX = 4;
/** What the engine that reads deliveries may use: a batch of them is small, and it may not spill. */
const INTAKE_MEMORY_SHARE = 0.5;
const INTAKE_MEMORY_MIN_MB = 128;

export interface OpenLake extends Lake {
  readonly raw: OpenRawZone;
  readonly warehouse: DuckWarehouse;
  /** Compacts the months another rule chooses, fact by fact. */
  compactBy(planOf: (files: readonly LiveFile[]) => Plan): Promise<{ merged: number; removed: number }>;
}

export async function createLake(options: LakeOptions): Promise<OpenLake> {
  const { platform, graceSeconds = GRACE_SECONDS } = options;
  const { config, db, clock, log, keys } = platform;
  const folders = { raw: join(config.dataDir, 'raw'), facts: join(config.dataDir, 'facts'), tmp: join(config.dataDir, 'tmp', 'lake') };
  await rm(folders.tmp, { recursive: true, force: true });
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });

  const threads = Math.min(THREADS_MAX, availableParallelism());
  const engine = await Engine.open({
    memoryMb: config.warehouseMemoryMb,
    threads,
    spillFolder: join(folders.tmp, 'spill'),
    folders: [folders.facts, folders.tmp],
  });
  const factFolder = new FactFolder(folders.facts, engine);
  const warehouse = new DuckWarehouse({ engine, db, clock, folder: factFolder });
  const raw = await openRawZone({ folder: folders.raw, keys: (id) => keys.segmentKey(id), index: postgresIndex(db), clock, log });
  const intake = lazyIntake(platform, folders.tmp, threads);
  const batches = new Set<Batch>();
  const endTrim = trimAtRest(giveFreedBack);
  let compacting: Promise<unknown> = Promise.resolve();

  const stage = (select: string, params: readonly unknown[], path: string): Promise<void> =>
    warehouse.composed(select, async (text, relations) => {
      const into = relations > 0 ? engine : await intake.open();
      await into.write((run) => run(`copy (${text}) to ${literal(path)} (format parquet)`, params as readonly QueryValue[]));
    });

  const lake: OpenLake = {
    raw,
    warehouse,
    cursor: (stream) => readCursor(db, stream),
    beginFacts() {
      const batch = new Batch({ engine, folder: factFolder, tmpFolder: folders.tmp, stage, onClose: (closed) => batches.delete(closed) });
      batches.add(batch);
      return batch;
    },
    async commit(tx, { stream, from, to, files, edition }) {
      await moveCursor(tx, stream, from, to);
      if (files.length === 0) return;
      const generation = await nextGeneration(tx, 'commit', wallNow());
      await addFiles(tx, files, { generation, edition });
      tx.afterCommit(() => {
        for (const file of files) factFolder.pending.delete(file.path);
        warehouse.filesChanged(generation);
        supervisor.committed();
        restSoon();
      });
    },
    compact: ({ minFiles = FILES_MIN } = {}) => lake.compactBy((files) => planCompaction(files, minFiles)),
    compactBy(planOf) {
      const work = compacting.then(async () => {
        await warehouse.refresh();
        const done = { merged: 0, removed: 0 };
        for (const fact of FACT_NAMES) {
          const files = warehouse.files().filter((file) => file.fact === fact);
          const { merged, removed, generation } = await compactFact({ engine, db, folder: factFolder }, fact, files, planOf(files));
          if (generation !== null) warehouse.filesChanged(generation);
          done.merged += merged;
          done.removed += removed;
        }
        if (done.merged > 0) log.info('lake.compacted', done);
        restSoon();
        return done;
      });
      compacting = work.catch(() => {});
      return work;
    },
    async forgetFacts(tx: Tx) {
      const generation = await nextGeneration(tx, 'rebuild', wallNow());
      await removeAllFiles(tx, generation, wallNow());
      tx.afterCommit(() => warehouse.filesChanged(generation));
    },
    async sweep() {
      await warehouse.refresh();
      return await sweepFiles({
        db,
        folder: factFolder,
        before: new Date(wallNow().getTime() - graceSeconds * 1000),
        generation: warehouse.oldestGenerationInUse(),
      });
    },
    async close() {
      endTrim();
      for (const batch of batches) await batch.abort();
      await compacting;
      await raw.close();
      await engine.close();
      await intake.close();
      await rm(folders.tmp, { recursive: true, force: true });
    },
  };
  const supervisor = superviseLake(platform, lake);
  await lake.sweep();
  return lake;
}

/**
 * The engine in which `addFrom` reads deliveries. They are identified there, so it has nowhere to spill: too much at once fails instead of
 * leaving a patient's data in a temporary file. It has `pseudonym(part, …)`, which is `platform.keys.pseudonym` as UUID text.
 */
function lazyIntake(platform: Platform, tmpFolder: string, threads: number) {
  let opening: Promise<Engine> | null = null;
  const memoryMb = Math.max(INTAKE_MEMORY_MIN_MB, Math.round(platform.config.warehouseMemoryMb * INTAKE_MEMORY_SHARE));
  return {
    open(): Promise<Engine> {
      opening ??= Engine.open({ memoryMb, threads, spillFolder: null, folders: [tmpFolder] }).then(async (engine) => {
        await engine.withConnection(async (connection) => registerPseudonym(connection, (parts) => platform.keys.pseudonym(...parts)));
        return engine;
      });
      return opening;
    },
    async close(): Promise<void> {
      await (await opening)?.close();
    },
  };
}
