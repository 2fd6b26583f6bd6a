/** For tests and benchmarks: rows of facts with the dull columns filled in, and committing them. */
import { createHash } from 'node:crypto';
import { columnsOf, type FactName, type FactRow, type FactValue, type StreamName } from '@xinglin/contracts';
import { formatUuid } from '../kernel/index.ts';
import type { Db } from '../platform/index.ts';
import type { Lake } from './types.ts';

/** The same name gives the same key. */
export const keyFor = (name: string): string => formatUuid(createHash('sha256').update(name).digest().subarray(0, 16));
export const micros = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n;

export const TEST_STREAM: StreamName = { orgId: 'demo', campusId: 'main', source: 'his', lane: 'live' };

export function factRow(fact: FactName, given: Readonly<Record<string, FactValue>>): FactRow {
  const occurred = (given['occurred_at'] as bigint | undefined) ?? micros('2026-01-05T02:00:00Z');
  const filled: Record<string, FactValue> = {
    ...{ fact_key: keyFor('fact'), version: 1, position: 1, is_deleted: false, org_id: 'demo', campus_id: 'main', source: 'his' },
    ...{ record_key: null, encounter_key: null, occurred_at: occurred, received_at: occurred, time_precision: 'second', edition: 'test@1' },
    day: new Date(Number(occurred / 1000n) + 8 * 3_600_000).toISOString().slice(0, 10),
    ...given,
  };
  return columnsOf(fact).map(({ name }) => filled[name] ?? null);
}

/** Writes rows and commits them as the stream's next position. */
export async function commitRows(lake: Lake, db: Db, rows: readonly (readonly [FactName, FactRow])[], stream: StreamName = TEST_STREAM): Promise<void> {
  const batch = lake.beginFacts();
  for (const [fact, row] of rows) await batch.add(fact, [row]);
  const files = await batch.close();
  const from = await lake.cursor(stream);
  await db.tx((tx) => lake.commit(tx, { stream, from, to: from + 1, files, edition: 'test@1' }));
}
