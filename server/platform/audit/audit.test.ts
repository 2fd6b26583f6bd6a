import type { Viewer } from '@xinglin/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../testing.ts';

let test0: TestPlatform;
beforeAll(async () => {
  test0 = await testPlatform();
});
afterAll(() => test0.close());

const viewer: Viewer = { kind: 'staff', userId: 'u1', role: 'nurse', orgId: 'demo', departments: 'all', purpose: 'followup' };
const entry = { viewer, action: 'patient.read', relation: 'govern.person', subject: 'p1', outcome: 'allowed' as const };

describe('the audit log', () => {
  test('entries written at the same moment stand in one unbroken chain', async () => {
    const { audit, db } = test0.platform;
    await Promise.all(Array.from({ length: 40 }, () => audit.record(entry)));
    await db.tx((tx) => audit.record({ ...entry, action: 'case.write', q: tx }));
    expect(await audit.verify()).toEqual({ isIntact: true, checked: 41, firstBroken: null });
  });

  test('an entry of a change that rolled back is not there', async () => {
    const { audit, db } = test0.platform;
    await expect(
      db.tx(async (tx) => {
        await audit.record({ ...entry, q: tx });
        throw new Error('no');
      }),
    ).rejects.toThrow();
    expect((await audit.verify()).checked).toBe(41);
  });

  test('the database itself refuses to change, remove or truncate entries', async () => {
    const { db } = test0.platform;
    await expect(db.query(`update platform.audit_entry set actor = 'x' where sequence = 3`)).rejects.toThrow();
    await expect(db.query('delete from platform.audit_entry where sequence = 3')).rejects.toThrow();
    await expect(db.query('truncate platform.audit_entry')).rejects.toThrow();
  });

  test('whoever gets round that is found at the very entry: changed, removed in the middle, cut at the end', async () => {
    const { audit, db } = test0.platform;
    const tampering = [
      { sql: `update platform.audit_entry set actor = 'someone else' where sequence = 7`, at: 7 },
      { sql: 'delete from platform.audit_entry where sequence = 12', at: 12 },
      { sql: 'delete from platform.audit_entry where sequence > 38', at: 39 },
    ];
    for (const { sql, at } of tampering) {
      await db
        .tx(async (tx) => {
          await tx.query('alter table platform.audit_entry disable trigger all');
          await tx.query(sql);
          // The same connection sees the change; verify reads through it and the transaction is thrown away.
          const { createAudit } = await import('./audit.ts');
          const found = await createAudit({ ...db, query: tx.query.bind(tx), one: tx.one.bind(tx) } as typeof db, test0.platform.keys).verify();
          expect(found).toMatchObject({ isIntact: false, firstBroken: at });
          throw new Error('roll back');
        })
        .catch((error: Error) => {
          if (error.message !== 'roll back') throw error;
        });
    }
    expect((await audit.verify()).isIntact).toBe(true);
  });
});
