import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Queryable } from '../../platform/index.ts';
import { residentIdOf } from '../testing/resident-id.ts';
import { mrn, person, testGovern } from '../testing.ts';
import { knownGroups } from './known-groups.ts';

/** One step, as the tables say it: whoever shares evidence, was named together, is a match, or is one person now. */
const beside = async (q: Queryable, recordKey: string): Promise<string[]> => {
  const rows = await q.query<{ record_key: string }>(
    `select other.record_key from govern.record_identifier own join govern.record_identifier other on other.type = own.type and other.blind = own.blind
     where own.record_key = $1 and own.is_evidence and other.is_evidence
       and not exists (select from govern.crowded_identifier c where c.type = own.type and c.blind = own.blind)
     union select retired_key from govern.merge_act where survivor_key = $1
     union select survivor_key from govern.merge_act where retired_key = $1
     union select record_b from govern.match_pair where record_a = $1 and verdict = 'match'
     union select record_a from govern.match_pair where record_b = $1 and verdict = 'match'
     union select other.record_key from govern.link own join govern.link other on other.person_id = own.person_id where own.record_key = $1`,
    [recordKey],
  );
  return rows.map((row) => row.record_key);
};

describe('the groups around some records', () => {
  it('are all that is reached step by step, with their numbers, links and pairs', async () => {
    const someone = fc.record({
      source: fc.constantFrom('his', 'lis', 'emr'),
      number: fc.constantFrom('1', '2', '3', '4', '5', '6'),
      name: fc.constantFrom('张伟', '章伟', '李晓东', '欧阳修文'),
      birthDate: fc.constantFrom(null, '1980-03-15', '2015-06-01'),
      phones: fc.subarray(['13912345671', '13912345672']),
      id: fc.constantFrom(null, null, 123, 145, 167),
      into: fc.constantFrom(null, null, null, '1', '4', '8'),
    });
    const t = await testGovern();
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(someone, { minLength: 3, maxLength: 10 }), fc.nat(), async (people, first) => {
          for (const { source, number, name, birthDate, phones, id, into } of people) {
            const own = mrn(number, source);
            const ids = id === null ? [own] : [own, { type: 'resident-id' as const, system: 'CN', value: residentIdOf('330106', '19800315', id) }];
            await t.say([person(own, { names: [name], birthDate, phones, identifiers: ids })], { source });
            const target = into === null || into === number ? null : mrn(into, source);
            if (target !== null) await t.say([], { source, acts: [{ act: 'merge', survivor: target, retired: own, occurredAt: '2026-01-05T00:00:00Z' }] });
          }
          await t.govern.pipeline.drain();
          const { db } = t.platform;
          const all = (await db.query<{ k: string }>('select record_key as k from govern.record order by 1')).map((row) => row.k);
          const seed = all[first % all.length] as string;
          const reached = new Set([seed]);
          for (const recordKey of reached) for (const other of await beside(db, recordKey)) reached.add(other);
          const known = await knownGroups(db, [seed]);
          expect([...known.records.keys()].sort()).toEqual([...reached].sort());
          const inside = [[...reached]];
          const links = 'select record_key, person_id, linked_by, since_turn from govern.link where record_key = any($1::uuid[]) order by 1';
          expect([...known.links.values()].sort((a, b) => (a.record_key < b.record_key ? -1 : 1))).toEqual(await db.query(links, inside));
          const pairs = `select record_a as a, record_b as b, weight, held from govern.match_pair where record_a = any($1::uuid[]) and verdict = 'match' order by 1, 2`;
          expect([...known.pairs].sort((x, y) => (`${x.a}${x.b}` < `${y.a}${y.b}` ? -1 : 1))).toEqual(await db.query(pairs, inside));
          for (const each of known.records.values()) {
            const rows = await db.query<{ type: string; blind: Buffer }>(
              `select type, blind from govern.record_identifier where record_key = $1 and is_evidence order by 1, 2`,
              [each.recordKey],
            );
            expect(each.evidence.map(({ type, blind }) => [type, blind])).toEqual(rows.map((row) => [row.type, row.blind.toString('latin1')]));
          }
        }),
        { numRuns: 12 },
      );
    } finally {
      await t.close();
    }
  }, 120_000);
});
