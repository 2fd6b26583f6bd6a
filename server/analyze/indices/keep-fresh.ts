import type { Topic } from '@xinglin/contracts';
import { localDay } from '../../kernel/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { addDays, midnightOf, zoneHours } from '../business-days.ts';
import type { Indices } from './indices.ts';

const KIND = 'analyze.indices';
const NIGHTLY = 'analyze.indices-nightly';
/** News of one span makes one refresh. With simulated time a span is a day, else a simulated year would refresh all year long. */
const SPAN_MS = { real: 10_000, simulated: 86_400_000 };
/** Minutes after midnight at which yesterday is closed. With simulated time only the first night of a month is worked. */
const NIGHTLY_AT_MINUTES = 20;
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
  due.on(NIGHTLY, async (tx) => {
    await indices.refresh({ tx, isFull: today().endsWith('-01') });
    await scheduleNight(tx);
  });
  const today = (): string => localDay(clock.now(), config.timeZone);
  const scheduleNight = (tx: Tx): Promise<void> => {
    const next = clock.isSimulated ? `${addDays(`${today().slice(0, 8)}01`, 31).slice(0, 8)}01` : addDays(today(), 1);
    const midnight = midnightOf(next, zoneHours(config.timeZone, clock.now()));
    return due.schedule(tx, { kind: NIGHTLY, key: config.orgId, dueAt: new Date(midnight.getTime() + NIGHTLY_AT_MINUTES * 60_000), payload: {} });
  };
  return { start: () => db.tx(scheduleNight) };
}
