import type { Canonical, Reading } from '@xinglin/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canonical, mrn, person, plainCollect, type TestGovern, testGovern, visit } from '../testing.ts';

let t: TestGovern;
beforeEach(async () => {
  t = await testGovern();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await t.close();
});
const facts = async (fact: string) => (await t.lake.warehouse.query<{ n: number }>(`select count(*) as n from fact_${fact}`))[0]?.n;
const charge = (localId: string, more: Partial<Canonical> = {}) => canonical({ fact: 'charge', localId, values: { amount_fen: 100 }, ...more });

describe('a record nobody can file', () => {
  it('is found among thousands and set aside; all others are filed', async () => {
    const bad = canonical({ fact: 'charge', localId: 'bad', values: { amount_fen: 1 } });
    const read = plainCollect.read;
    // What our own code does not foresee: a statement on which preparing throws.
    vi.spyOn(plainCollect, 'read').mockImplementation(async (record) => {
      const reading: Reading = await read(record);
      return { ...reading, facts: reading.facts.map((each) => (each.localId === 'bad' ? ({ ...each, localId: null } as unknown as Canonical) : each)) };
    });
    for (let i = 0; i < 30; i += 1) await t.say([charge(`c${i}`)], { lane: 'bulk' });
    await t.say([bad], { lane: 'bulk' });
    for (let i = 30; i < 60; i += 1) await t.say([charge(`c${i}`)], { lane: 'bulk' });
    await t.govern.pipeline.drain();
    expect(await facts('charge')).toBe(60);
    expect((await t.govern.quarantined('his', null, 5)).map((row) => row.code)).toEqual(['govern.unfiled']);
  });

  it('does not loop when the lake refuses a value', async () => {
    const begin = t.lake.beginFacts.bind(t.lake);
    vi.spyOn(t.lake, 'beginFacts').mockImplementation(() => {
      const batch = begin();
      const add = batch.add.bind(batch);
      batch.add = (fact, rows) => add(fact, fact === 'charge' ? rows.map((row) => (row.includes(666) ? row.with(0, 'no key') : row)) : rows);
      return batch;
    });
    await t.say([charge('c1'), charge('c2')]);
    await t.say([charge('evil', { values: { amount_fen: 666 } })]);
    await t.say([charge('c3')]);
    await t.govern.pipeline.drain();
    expect(await facts('charge')).toBe(3);
    expect(await t.govern.quarantined('his', null, 5)).toHaveLength(1);
  });
});

describe('when the database goes away in a step', () => {
  it('the step is tried again and counted once', async () => {
    let failures = 3;
    const tx = t.platform.db.tx.bind(t.platform.db);
    vi.spyOn(t.platform.db, 'tx').mockImplementation(async (work) => {
      const result = await tx(async (inner) => {
        const done = await work(inner);
        if (failures > 0) {
          failures -= 1;
          throw Object.assign(new Error('gone'), { code: '57P01' });
        }
        return done;
      });
      return result;
    });
    await t.tell([person(mrn('P1'), { names: ['张三'] }), charge('c1'), visit('V1', { status: 'in-progress' })]);
    expect(failures).toBe(0);
    expect([await facts('charge'), await facts('person_record'), await facts('encounter')]).toEqual([1, 1, 1]);
    expect((await t.govern.figures()).get('his')?.facts).toBe(3);
  });

  it('an unknown outcome is looked up, not repeated', async () => {
    let isFirst = true;
    const tx = t.platform.db.tx.bind(t.platform.db);
    vi.spyOn(t.platform.db, 'tx').mockImplementation(async (work) => {
      const result = await tx(work);
      if (isFirst) {
        isFirst = false;
        throw Object.assign(new Error('commit unknown'), { code: '08006' });
      }
      return result;
    });
    await t.tell([charge('c1'), person(mrn('P1'), { names: ['张三'] })]);
    expect((await t.govern.figures()).get('his')?.facts).toBe(2);
    expect(await t.platform.db.query('select revision from govern.vault_record')).toEqual([{ revision: 1 }]);
  });

  it('a writer that outlived its process loses', async () => {
    let isFirst = true;
    const begin = t.lake.beginFacts.bind(t.lake);
    vi.spyOn(t.lake, 'beginFacts').mockImplementation(() => {
      const batch = begin();
      const close = batch.close.bind(batch);
      batch.close = async () => {
        // Between reading the state and writing, somebody else took a turn.
        if (isFirst) await t.platform.db.query('update govern.turn set number = number + 1');
        isFirst = false;
        return close();
      };
      return batch;
    });
    await t.tell([person(mrn('P1'), { names: ['张三'] })]);
    expect(await facts('person_record')).toBe(1);
  });
});

describe('a stream', () => {
  it('is followed as it grows, live before bulk', async () => {
    t.govern.pipeline.start();
    for (let i = 0; i < 20; i += 1) await t.say([charge(`b${i}`)], { lane: 'bulk' });
    await t.say([charge('live')], { lane: 'live' });
    await t.govern.pipeline.drain();
    expect(await facts('charge')).toBe(21);
    expect((await t.govern.pipeline.waiting()).every((each) => each.waiting === 0)).toBe(true);
    await t.say([charge('later')]);
    await t.govern.pipeline.drain();
    expect(await facts('charge')).toBe(22);
  });

  it('stopped in the middle goes on from there', async () => {
    for (let i = 0; i < 50; i += 1) await t.say([charge(`c${i}`)]);
    t.govern.pipeline.start();
    await t.govern.pipeline.stop();
    const filed = (await t.govern.figures()).get('his')?.facts ?? 0;
    await t.govern.pipeline.drain();
    expect(filed).toBeLessThanOrEqual(50);
    expect(await facts('charge')).toBe(50);
    expect((await t.govern.figures()).get('his')?.facts).toBe(50);
  });

  it('files one Parquet file, not one per record, from many small bulk deliveries', async () => {
    for (let i = 0; i < 300; i += 1) await t.say([charge(`c${i}`)], { lane: 'bulk' });
    await t.govern.pipeline.drain();
    const files = await t.platform.db.query('select path from lake.fact_file');
    expect(files).toHaveLength(1);
  });
});

describe('facts under keys made another way', () => {
  it('are made again at the next start, and what is sent once more counts once', async () => {
    await t.tell([charge('F1'), charge('F2')]);
    const keysOf = async (): Promise<unknown[]> => t.lake.warehouse.query('select cast(fact_key as varchar) as key from fact_charge order by 1');
    const keys = await keysOf();
    await t.platform.db.query(`update platform.setting set value = 'hmac' where name = 'govern.fact-keys'`);
    const { identityEngine } = await import('../identity/resolve.ts');
    const { createPipeline } = await import('./pipeline.ts');
    const again = async (): Promise<void> => {
      t.platform.metrics.clear();
      await (await createPipeline({ platform: t.platform, lake: t.lake, collect: plainCollect, engine: identityEngine, matcher: null })).drain();
    };
    const { generation } = await t.platform.db.one<{ generation: number }>('select generation from govern.turn');
    await again();
    expect(await t.platform.db.one('select generation from govern.turn')).toEqual({ generation: generation + 1 });
    expect(await keysOf()).toEqual(keys);
    await again();
    expect(await t.platform.db.one('select generation from govern.turn')).toEqual({ generation: generation + 1 });
  });
});

describe('a rebuild', () => {
  it('killed in the middle goes on at the next start', async () => {
    for (let i = 0; i < 5; i += 1) await t.tell([person(mrn(`P${i}`), { names: [`甲${i}`] })], { source: `s${i}` });
    const links = await t.platform.db.query('select record_key, person_id from govern.link order by 1');
    const { beginRebuild } = await import('./rebuild.ts');
    const { identityEngine } = await import('../identity/resolve.ts');
    await beginRebuild({ platform: t.platform, lake: t.lake, engine: identityEngine });
    const { createPipeline } = await import('./pipeline.ts');
    t.platform.metrics.clear();
    const next = await createPipeline({ platform: t.platform, lake: t.lake, collect: plainCollect, engine: identityEngine, matcher: null });
    await next.drain();
    expect(await facts('person_record')).toBe(5);
    expect(await t.platform.db.query('select record_key, person_id from govern.link order by 1')).toEqual(links);
    expect(await t.platform.db.query('select * from govern.rebuild')).toEqual([]);
  });
});
