import type { Topic } from '@xinglin/contracts';
import { localDay } from '../../kernel/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { addDays, midnightOf, zoneHours } from '../business-days.ts';
import type { Indices } from './indices.ts';

const KIND = 'analyze.indices';
const DAILY = 'analyze.indices-daily';
/** News of one span makes one refresh. With simulated time a span is a day, else a simulated year would refresh all year long. */
const SPAN_MS = { real: 10_000, simulated: 86_400_000 };
/** Minutes after midnight at which yesterday is closed. */
const DAILY_AT_MINUTES = 20;
/** What moves an index enough that somebody may be waiting for it; visits are taken along daily and whenever someone looks. */
const TOPICS: readonly Topic[] = ['survey.answered', 'complaint.received'];

/**
 * Refreshes the stored indices when answers or complaints arrive (one refresh per span of business time) and every night; on the first
 * night of a month every day is made again, so that merged people and changed dictionaries reach the past too.
 */
export function keepFresh(platform: Platform, indices: Indices): { start(): Promise<void> } {
  const { clock, config, db, due, signals } = platform;
  const span = clock.isSimulated ? SPAN_MS.simulated : SPAN_MS.real;
  let asked = 0;

  const ask = async (tx: Tx): Promise<void> => {
    const ends = (Math.floor(clock.now().getTime() / span) + 1) * span;
    if (ends === asked) return;
    await due.schedule(tx, { kind: KIND, key: String(ends / span), dueAt: new Date(ends), payload: {} });
    tx.afterCommit(() => {
      asked = ends;
    });
  };
  for (const topic of TOPICS) signals.on(topic, 'analyze.indices', ask);

  due.on(KIND, async (tx) => {
    await indices.refresh({ tx });
  });
  due.on(DAILY, async (tx) => {
    await indices.refresh({ tx, isFull: localDay(clock.now(), config.timeZone).endsWith('-01') });
    await scheduleDaily(tx);
  });
  const scheduleDaily = (tx: Tx): Promise<void> => {
    const hours = zoneHours(config.timeZone, clock.now());
    const dueAt = new Date(midnightOf(addDays(localDay(clock.now(), config.timeZone), 1), hours).getTime() + DAILY_AT_MINUTES * 60_000);
    return due.schedule(tx, { kind: DAILY, key: config.orgId, dueAt, payload: {} });
  };
  return { start: () => db.tx(scheduleDaily) };
}
