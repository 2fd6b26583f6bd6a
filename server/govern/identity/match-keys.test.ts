import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '../../platform/index.ts';
import { type TestPlatform, testPlatform } from '../../platform/testing.ts';
import { keyName, selectShared } from './match-keys.ts';

let test: TestPlatform;
beforeAll(async () => {
  test = await testPlatform();
});
afterAll(async () => {
  await test.close();
});

const phone = (number: number) => ({ rule: 'phone', blind: Buffer.from(`phone ${number}`) });
/** Record r has phone r/6, so six records each; `births` dates among the six of one phone. */
const fill = (tx: Tx, phones: number, births: number): Promise<unknown> =>
  tx.query(
    `with record as (select gen_random_uuid() as key, n from generate_series(0, $1::int * 6 - 1) as n)
     insert into govern.record_identifier (record_key, type, blind, is_evidence, is_suspect)
     select key, 'phone', convert_to('phone ' || n / 6, 'UTF8'), false, false from record
     union all select key, 'birth', convert_to('birth ' || n % $2::int, 'UTF8'), false, false from record
     union all select key, 'mrn', convert_to('mrn ' || n, 'UTF8'), true, false from record`,
    [phones, births],
  );
const rowsScanned = async (tx: Tx): Promise<number> =>
  (await tx.one<{ rows: number }>(`select seq_tup_read as rows from pg_stat_xact_user_tables where relname = 'record_identifier'`)).rows;

describe('a phone', () => {
  it('is shared when people of more than five birth dates have it', async () => {
    const asked = [phone(0), phone(1), phone(99)];
    const sharedBy = (births: number) =>
      test.platform.db.tx(async (tx) => {
        await tx.query('delete from govern.record_identifier');
        await fill(tx, 2, births);
        return selectShared(tx, asked);
      });
    expect(await sharedBy(5)).toEqual(new Set());
    expect(await sharedBy(6)).toEqual(new Set([keyName(phone(0)), keyName(phone(1))]));
  });

  it('is looked up by itself also where the planner knows nothing yet of the tables that grew', async () => {
    await test.platform.db.tx(async (tx) => {
      await fill(tx, 16_000, 6);
      const before = await rowsScanned(tx);
      const asked = Array.from({ length: 20 }, (_, number) => phone(number));
      expect((await selectShared(tx, asked)).size).toBe(20);
      expect((await rowsScanned(tx)) - before).toBe(0);
    });
  });
});
