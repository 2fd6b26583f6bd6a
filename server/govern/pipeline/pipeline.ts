/** All streams followed, each by its own loop; waking, draining, stopping and rebuilding as one. */
import { setTimeout as pause } from 'node:timers/promises';
import { type StreamName, streamText } from '@xinglin/contracts';
import { Counter } from 'prom-client';
import { createMatchRound } from '../identity/match-round.ts';
import { pseudonymsOf } from '../privacy/pseudonyms.ts';
import type { Pipeline } from '../types.ts';
import { createBulkLane } from './bulk/bulk-lane.ts';
import type { PipelineParts } from './file-chunk.ts';
import { Journal } from './journal.ts';
import { Pen } from './pen.ts';
import { createPreparer } from './prepare.ts';
import { beginRebuild, finishRebuild, loadRebuild, renewFactKeys } from './rebuild.ts';
import { BulkRoom } from './room.ts';
import { StreamLoop } from './stream-loop.ts';

const FINISH_RETRY_MS = 1_000;

type Given = Omit<PipelineParts, 'pen' | 'journal' | 'preparer' | 'bulkLane' | 'replayUntil' | 'isRebuilding'>;

export async function createPipeline(given: Given): Promise<Pipeline> {
  const { platform, lake } = given;
  const loops = new Map<string, StreamLoop>();
  const bulkRoom = new BulkRoom();
  const namesOf = pseudonymsOf(platform.keys);
  await renewFactKeys(given);
  let replay = await loadRebuild(platform.db);
  const parts: PipelineParts = {
    ...given,
    pen: new Pen(),
    journal: new Journal(),
    preparer: createPreparer(platform, namesOf),
    bulkLane: createBulkLane(platform, lake, given.collect, namesOf),
    replayUntil: (stream) => replay.get(streamText(stream)) ?? 0,
    isRebuilding: () => replay.size > 0,
  };
  const { matcher, engine } = given;
  const round =
    matcher === null
      ? null
      : await createMatchRound({
          ...{ platform, engine, matcher, isRebuilding: parts.isRebuilding },
          hold: (work) => parts.pen.hold('bulk', work),
          onLinks: () => lake.warehouse.changed('link'),
        });
  const filedCounter = new Counter({ name: 'xinglin_govern_facts_total', help: 'Fact rows filed', registers: [platform.metrics] });
  let mode: 'stopped' | 'following' | 'draining' = 'stopped';
  let totals = { records: 0, facts: 0 };
  let listeners: (() => void)[] = [];
  const notify = () => {
    const all = listeners;
    listeners = [];
    for (const each of all) each();
  };
  const somethingHappened = () => new Promise<void>((resolve) => listeners.push(resolve));

  const follow = (stream: StreamName): void => {
    const name = streamText(stream);
    const known = loops.get(name);
    if (known !== undefined) {
      known.wake();
      return;
    }
    const loop = new StreamLoop({
      ...{ parts, stream, isDraining: () => mode === 'draining', bulkRoom },
      onProgress(filed) {
        totals = { records: totals.records + filed.records, facts: totals.facts + filed.facts };
        filedCounter.inc(filed.facts);
        notify();
      },
    });
    loops.set(name, loop);
    loop.start();
  };
  const followAll = async (): Promise<void> => {
    for (const { stream } of await lake.raw.streams()) if (mode !== 'stopped') follow(stream);
  };
  const stopLoops = async (): Promise<void> => {
    const all = [...loops.values()];
    loops.clear();
    await Promise.all(all.map((loop) => loop.stop()));
    notify();
  };
  lake.raw.onAppend((stream) => {
    if (mode !== 'stopped') follow(stream);
  });

  /** What is appended and not filed yet, by what the loops know. */
  const waiting = async (): Promise<{ stream: StreamName; waiting: number }[]> => {
    const streams = await lake.raw.streams();
    return Promise.all(
      streams.map(async ({ stream, end }) => ({ stream, waiting: Math.max(0, end - (loops.get(streamText(stream))?.cursor ?? (await lake.cursor(stream)))) })),
    );
  };
  const untilDrained = async (onProgress?: (left: number) => void): Promise<void> => {
    for (;;) {
      const happened = somethingHappened();
      if (mode === 'stopped') return;
      const left = (await waiting()).reduce((sum, each) => sum + each.waiting, 0);
      onProgress?.(left);
      const isIdle = [...loops.values()].every((loop) => loop.isAsleep);
      if (left === 0 && isIdle) return;
      await happened;
    }
  };
  /** When the last stream has replayed what a rebuild asked for, its links are decided. Also picks up a rebuild that was killed. */
  let finishing: Promise<void> | null = null;
  const finishWhenReplayed = (): void => {
    finishing ??= (async () => {
      while (replay.size > 0 && mode !== 'stopped') {
        const happened = somethingHappened();
        try {
          if (!(await isReplayed(lake, replay))) await happened;
          else {
            await parts.pen.hold('bulk', () => finishRebuild({ ...given, now: platform.clock.now() }));
            replay = new Map();
            lake.warehouse.changed('link');
            notify();
          }
        } catch (error) {
          platform.log.warn('govern.rebuild-unfinished', { error });
          await pause(FINISH_RETRY_MS);
        }
      }
    })().finally(() => {
      finishing = null;
    });
  };

  const pipeline: Pipeline = {
    start() {
      if (mode === 'following') return;
      mode = 'following';
      followAll().catch((error: unknown) => platform.log.error('govern.start-failed', { error }));
      finishWhenReplayed();
      round?.start();
    },
    async drain(onProgress) {
      const before = mode;
      if (before === 'stopped') mode = 'draining';
      try {
        await followAll();
        finishWhenReplayed();
        await untilDrained(onProgress);
        while (replay.size > 0) await somethingHappened();
      } finally {
        if (before === 'stopped') await pipeline.stop();
      }
    },
    async stop() {
      mode = 'stopped';
      await stopLoops();
      await parts.bulkLane.close();
      await finishing;
      await round?.stop();
    },
    async relink() {
      await round?.again();
    },
    async rebuild(onProgress) {
      const before = mode;
      await pipeline.stop();
      const all = await parts.pen.hold('bulk', () => beginRebuild(given));
      replay = await loadRebuild(platform.db);
      totals = { records: 0, facts: 0 };
      mode = before === 'stopped' ? 'draining' : before;
      try {
        await followAll();
        finishWhenReplayed();
        while (replay.size > 0) {
          const happened = somethingHappened();
          onProgress?.(Math.min(totals.records, all), all);
          await happened;
        }
        return { ...totals };
      } finally {
        if (before === 'stopped') await pipeline.stop();
      }
    },
    waiting,
  };
  return pipeline;
}

async function isReplayed(lake: Given['lake'], replay: ReadonlyMap<string, number>): Promise<boolean> {
  for (const { stream } of await lake.raw.streams()) {
    if ((await lake.cursor(stream)) < (replay.get(streamText(stream)) ?? 0)) return false;
  }
  return true;
}
