/** Upkeep that runs by itself, and what the metrics show. */
import { streamText } from '@xinglin/contracts';
import { Counter, Gauge } from 'prom-client';
import type { Platform } from '../platform/index.ts';
import type { OpenLake } from './lake.ts';

/** A few hundred small files slow a query from 40 ms to some tenths of a second; looking whether a month is due costs nothing. */
const COMPACT_AFTER_COMMITS = 64;
const SWEEP_CRON = '23 * * * *';

/** The lake a platform's jobs and metrics speak of: the last one opened (tests open several, one after another). */
const lakes = new WeakMap<Platform, { lake: OpenLake }>();

export function superviseLake(platform: Platform, lake: OpenLake): { committed(): void } {
  const known = lakes.get(platform);
  if (known !== undefined) known.lake = lake;
  else {
    const current = { lake };
    lakes.set(platform, current);
    void platform.jobs.work('lake.compact', async () => void (await current.lake.compact()));
    void platform.jobs.work('lake.sweep', async () => {
      await current.lake.sweep();
      await current.lake.raw.tidy();
    });
    void platform.jobs.schedule('lake.sweep', SWEEP_CRON);
    registerMetrics(platform, () => current.lake);
  }
  // The first commit after a start looks too: files may have been left over.
  let commits = COMPACT_AFTER_COMMITS - 1;
  return {
    committed() {
      commits += 1;
      if (commits < COMPACT_AFTER_COMMITS) return;
      commits = 0;
      // Without a running job board (simulated time, a command) the next start catches up.
      platform.jobs.send(null, 'lake.compact', {}, { singletonKey: 'lake.compact' }).catch(() => {});
    },
  };
}

function registerMetrics(platform: Platform, current: () => OpenLake): void {
  const registers = [platform.metrics];
  new Gauge({
    ...{ name: 'xinglin_raw_lag', help: 'Deliveries stored and not yet processed, by stream', labelNames: ['stream'], registers },
    async collect() {
      for (const { stream, end } of await current().raw.streams()) this.set({ stream: streamText(stream) }, end - (await current().cursor(stream)));
    },
  });
  new Gauge({
    ...{ name: 'xinglin_raw_segments', help: 'Segment files of the raw zone', registers },
    collect() {
      this.set(current().raw.segmentCount());
    },
  });
  for (const name of ['accepted', 'duplicate', 'corrupt'] as const) {
    new Counter({
      ...{ name: `xinglin_raw_${name}_total`, help: `Deliveries ${name} since start`, registers },
      collect() {
        this.reset();
        this.inc(current().raw.counts[name]);
      },
    });
  }
  new Gauge({
    ...{ name: 'xinglin_fact_files', help: 'Live fact files, by kind', labelNames: ['kind'], registers },
    collect() {
      for (const kind of ['fresh', 'winners', 'superseded'] as const) {
        this.set(
          { kind },
          current()
            .warehouse.files()
            .filter((file) => file.kind === kind).length,
        );
      }
    },
  });
}
