import { Gauge, type Registry } from 'prom-client';
import type { RunningJobs } from './jobs/index.ts';
import type { Db } from './types.ts';

const WAITING = `
  select 'due' as board, case when attempts > 0 then 'failing' else 'waiting' end as state, count(*) as count from platform.due group by 2
  union all
  select 'signals', case when attempts > 0 then 'failing' else 'waiting' end, count(*) from platform.signal_delivery group by 2
  union all
  select 'outbox', status, count(*) from platform.outbox_message group by 2`;

const STATES: Readonly<Record<string, readonly string[]>> = {
  due: ['waiting', 'failing'],
  signals: ['waiting', 'failing'],
  outbox: ['queued', 'claimed', 'sent', 'failed', 'skipped', 'unknown'],
};

/** What waits and what fails, counted when somebody reads the metrics and never otherwise. */
export function registerBoard(registry: Registry, db: Db, jobs: Pick<RunningJobs, 'board'>): void {
  registry.registerMetric(
    new Gauge({
      name: 'xinglin_work_items',
      help: 'Items by board (due, signals, outbox) and state; `failing` and `unknown` need a look',
      labelNames: ['board', 'state'],
      registers: [],
      async collect() {
        const rows = await db.query<{ board: string; state: string; count: number }>(WAITING).catch(() => []);
        if (rows.length > 0) this.reset();
        for (const [board, states] of Object.entries(STATES)) for (const state of states) this.set({ board, state }, 0);
        for (const { board, state, count } of rows) this.set({ board, state }, count);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'xinglin_jobs',
      help: 'Jobs by name and state',
      labelNames: ['job', 'state'],
      registers: [],
      async collect() {
        const rows = await jobs.board().catch(() => null);
        if (rows === null) return;
        this.reset();
        for (const { name, state, count } of rows) this.set({ job: name, state }, count);
      },
    }),
  );
}
