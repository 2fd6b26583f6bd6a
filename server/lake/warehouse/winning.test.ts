/** The cheap view of winning versions against the plain one: a window over every row ever written. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestPlatform, testPlatform } from '../../platform/testing.ts';
import { createLake, type OpenLake } from '../lake.ts';
import { commitRows, factRow, keyFor, micros, TEST_STREAM } from '../testing.ts';

let t: TestPlatform;
let lake: OpenLake;
beforeAll(async () => {
  t = await testPlatform();
  lake = await createLake({ platform: t.platform, graceSeconds: 0 });
});
afterAll(async () => {
  await lake.close();
  await t.close();
});

interface Statement {
  readonly key: number;
  readonly version: number;
  readonly month: number;
  readonly isDeleted: boolean;
}
interface Written extends Statement {
  readonly position: number;
  readonly score: number;
}
type Step =
  | { readonly kind: 'commit'; readonly rows: readonly Statement[] }
  | { readonly kind: 'compact'; readonly minFiles: number }
  | { readonly kind: 'merge' }
  | { readonly kind: 'reopen' };

const statement = fc.record({ key: fc.nat(4), version: fc.nat(3), month: fc.nat(2), isDeleted: fc.boolean() });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('commit' as const), rows: fc.array(statement, { minLength: 1, maxLength: 6 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('compact' as const), minFiles: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'merge' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
);

const month = (n: number): string => `2025-0${n + 1}`;
const row = ({ key, version, position, month: m, isDeleted, score }: Written) =>
  factRow('case_event', {
    ...{ fact_key: keyFor(`k${key}`), origin: 'alert', record_key: keyFor(`p${key % 3}`), version, position, is_deleted: isDeleted, score },
    ...{ occurred_at: micros(`${month(m)}-10T08:00:00Z`), received_at: micros('2026-01-01T00:00:00Z') + BigInt(position) * 1000n },
  });

/** The plain definition. */
function winners(written: readonly Written[]): string[] {
  const best = new Map<number, Written>();
  for (const each of written) {
    const before = best.get(each.key);
    if (before === undefined || each.version > before.version || (each.version === before.version && each.position > before.position)) best.set(each.key, each);
  }
  return [...best.values()]
    .filter((each) => !each.isDeleted)
    .map((each) => `${each.key} ${each.version} ${each.position} ${each.score}`)
    .sort();
}

const freshMonths = (files: readonly { kind: string; month: string }[]): string[] => [
  ...new Set(files.filter((file) => file.kind === 'fresh').map((file) => file.month)),
];

async function asked(relation: string): Promise<string[]> {
  const keys = new Map(Array.from({ length: 8 }, (_, i) => [keyFor(`k${i}`), i]));
  const rows = await lake.warehouse.query<{ fact_key: string; version: number; position: number; score: number }>(
    `select fact_key, version, position, score from ${relation}`,
  );
  return rows.map((each) => `${keys.get(each.fact_key)} ${each.version} ${each.position} ${each.score}`).sort();
}

describe('winning versions', () => {
  it('are those of the plain definition after any commits, late arrivals, tombstones, compactions and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9, size: 'max' }), async (steps) => {
        await t.platform.db.tx((tx) => lake.forgetFacts(tx));
        const written: Written[] = [];
        for (const each of steps) {
          if (each.kind === 'compact') await lake.compact({ minFiles: each.minFiles });
          else if (each.kind === 'merge') await lake.compactBy((files) => ({ fold: [], merge: freshMonths(files) }));
          else if (each.kind === 'reopen') {
            await lake.close();
            lake = await createLake({ platform: t.platform, graceSeconds: 0 });
          } else {
            const rows = each.rows.map((given, i) => ({ ...given, position: written.length + 1 + i, score: written.length + i }));
            written.push(...rows);
            await commitRows(
              lake,
              t.platform.db,
              rows.map((given) => ['case_event', row(given)] as const),
            );
          }
          expect(await asked('fact_case_event')).toEqual(winners(written));
        }
        expect(await asked('fact_case_event_history')).toEqual(written.map((each) => `${each.key} ${each.version} ${each.position} ${each.score}`).sort());
        await lake.sweep();
        expect(await asked('fact_case_event')).toEqual(winners(written));
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 15) },
    );
  }, 600_000);

  it('of rows that agree in version and position exactly one stays, whatever is compacted', async () => {
    await t.platform.db.tx((tx) => lake.forgetFacts(tx));
    const twin = { key: 1, version: 1, position: 1, month: 0, isDeleted: false, score: 4 };
    await commitRows(lake, t.platform.db, [
      ['case_event', row(twin)],
      ['case_event', row(twin)],
    ]);
    await commitRows(lake, t.platform.db, [['case_event', row(twin)]]);
    expect(await asked('fact_case_event')).toHaveLength(1);
    await lake.compact({ minFiles: 1 });
    expect(await asked('fact_case_event')).toHaveLength(1);
    await commitRows(lake, t.platform.db, [['case_event', row(twin)]]);
    expect(await asked('fact_case_event')).toHaveLength(1);
    expect(await asked('fact_case_event_history')).toHaveLength(4);
  });

  it('in another month takes the older one out there', async () => {
    await t.platform.db.tx((tx) => lake.forgetFacts(tx));
    const first = { key: 2, version: 1, position: 1, month: 0, isDeleted: false, score: 1 };
    await commitRows(lake, t.platform.db, [
      ['case_event', row(first)],
      ['case_event', row({ ...first, key: 3 })],
    ]);
    await lake.compact({ minFiles: 1 });
    await commitRows(lake, t.platform.db, [['case_event', row({ ...first, version: 2, position: 2, month: 2, score: 9 })]]);
    expect(await lake.compact({ minFiles: 1 })).toEqual({ merged: 2, removed: 1 });
    const live = await t.platform.db.query(`select month, kind, row_count from lake.live_fact_file where fact = 'case_event' order by month, kind`);
    expect(live).toEqual([
      { month: '2025-01', kind: 'superseded', row_count: 1 },
      { month: '2025-01', kind: 'winners', row_count: 1 },
      { month: '2025-03', kind: 'winners', row_count: 1 },
    ]);
  });
});

describe('compaction', () => {
  it('keeps files a running query reads, and sweeps them afterwards', async () => {
    await t.platform.db.tx((tx) => lake.forgetFacts(tx));
    await lake.sweep();
    for (let i = 0; i < 4; i++)
      await commitRows(lake, t.platform.db, [['case_event', row({ key: i, version: 1, position: i, month: 0, isDeleted: false, score: i })]]);
    let swept = -1;
    const seen = await lake.warehouse.composed('select sum(score) as s from fact_case_event', async (text) => {
      await lake.compact({ minFiles: 1 });
      swept = await lake.sweep();
      return text;
    });
    expect(swept).toBe(0);
    expect(seen).toContain('.parquet');
    expect(await lake.sweep()).toBe(4);
    expect(await lake.warehouse.query('select sum(score) as s from fact_case_event')).toEqual([{ s: 6 }]);
  });

  it('queries running all the while always see every committed fact', async () => {
    await t.platform.db.tx((tx) => lake.forgetFacts(tx));
    let committed = 0;
    let isDone = false;
    const counts: [number, number][] = [];
    const reader = (async () => {
      while (!isDone) {
        const least = committed;
        const [{ n } = { n: -1 }] = await lake.warehouse.query<{ n: number }>('select count(*) as n from fact_case_event');
        counts.push([least, n]);
      }
    })();
    for (let i = 0; i < 25; i++) {
      await commitRows(lake, t.platform.db, [['case_event', factRow('case_event', { fact_key: keyFor(`n${i}`), position: i })]]);
      committed = i + 1;
      if (i % 5 === 4) {
        await lake.compact({ minFiles: 2 });
        await lake.sweep();
      }
    }
    isDone = true;
    await reader;
    expect(counts.length).toBeGreaterThan(5);
    for (const [least, n] of counts) expect(n).toBeGreaterThanOrEqual(least);
    expect(await lake.cursor(TEST_STREAM)).toBe(25);
  });

  it('gives up when the facts are forgotten meanwhile, and leaves no file behind', async () => {
    await t.platform.db.tx((tx) => lake.forgetFacts(tx));
    for (let i = 0; i < 3; i++) await commitRows(lake, t.platform.db, [['case_event', factRow('case_event', { fact_key: keyFor(`f${i}`), position: i })]]);
    await lake.warehouse.refresh();
    const [{ file_id } = { file_id: 0 }] = await t.platform.db.query<{ file_id: number }>(
      'select file_id from lake.fact_file where generation_removed is null limit 1',
    );
    // Another process takes one file out without this one having heard of it.
    await t.platform.db.query('update lake.fact_file set generation_removed = generation_added, removed_at = $2 where file_id = $1', [file_id, new Date()]);
    expect(await lake.compact({ minFiles: 1 })).toEqual({ merged: 0, removed: 0 });
  });
});
