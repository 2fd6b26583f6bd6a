import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignPersons, type CurrentLink, type Founder } from './assign.ts';
import type { Decision, MergeAct, ModelFindings, RecordEvidence } from './engine.ts';
import type { EvidenceType } from './identifiers.ts';
import { IDENTIFIER_HOLDERS_MAX, identityEngine } from './resolve.ts';

const record = (
  recordKey: string,
  numbers: Partial<Record<EvidenceType, string | string[]>>,
  more: { names?: string[]; birth?: string | null; isUnnamed?: boolean; suspect?: EvidenceType } = {},
): RecordEvidence => ({
  recordKey,
  evidence: Object.entries(numbers).flatMap(([type, blinds]) =>
    [blinds].flat().map((blind) => ({ type: type as EvidenceType, blind, isSuspect: more.suspect === type })),
  ),
  names: more.names ?? ['n1'],
  birth: more.birth === undefined ? 'b1' : more.birth,
  isUnnamed: more.isUnnamed ?? false,
});
const resolve = (records: RecordEvidence[], acts: MergeAct[] = [], decisions: Decision[] = [], findings: ModelFindings | null = null) =>
  identityEngine.byRules(records, acts, decisions).finish(findings);
const groups = (...known: Parameters<typeof resolve>) =>
  resolve(...known)
    .clusters.map((cluster) => cluster.records.join(''))
    .sort();
const reasons = (...known: Parameters<typeof resolve>) => resolve(...known).conflicts.map((each) => each.reason);

describe('records are one person', () => {
  it('when they share a valid resident id and the name or the birth date', () => {
    expect(groups([record('a', { 'resident-id': 'x' }), record('b', { 'resident-id': 'x' }, { names: ['n2'] })])).toEqual(['ab']);
    expect(groups([record('a', { 'resident-id': 'x' }), record('b', { 'resident-id': 'x' }, { birth: 'b2' })])).toEqual(['ab']);
  });
  it('when they share a record number of the same authority and nothing contradicts', () => {
    expect(groups([record('a', { mrn: 'm' }, { names: [], birth: null }), record('b', { mrn: 'm' })])).toEqual(['ab']);
  });
  it('when they share an insurance number and agree on the name or the birth date', () => {
    expect(groups([record('a', { insurance: 'i' }), record('b', { insurance: 'i' }, { birth: null })])).toEqual(['ab']);
    expect(groups([record('a', { insurance: 'i' }), record('b', { insurance: 'i' }, { names: [], birth: null })])).toEqual(['a', 'b']);
  });
  it('when their source merged them, even with different ids', () => {
    const both = [record('a', { 'resident-id': 'x' }), record('b', { 'resident-id': 'y' }, { names: ['n2'], birth: 'b2' })];
    expect(groups(both, [{ survivor: 'a', retired: 'b' }])).toEqual(['ab']);
    const chain = [record('a', {}), record('b', {}), record('c', {})];
    expect(
      groups(chain, [
        { survivor: 'b', retired: 'a' },
        { survivor: 'c', retired: 'b' },
      ]),
    ).toEqual(['abc']);
  });
});

describe('records stay apart', () => {
  it('when they share an id but name and birth both differ, and the pair is listed', () => {
    const both = [record('a', { 'resident-id': 'x' }), record('b', { 'resident-id': 'x' }, { names: ['n2'], birth: 'b2' })];
    expect(groups(both)).toEqual(['a', 'b']);
    expect(reasons(both)).toEqual(['same-id-other-person']);
  });
  it('when their valid ids differ, whatever else they share', () => {
    const both = [record('a', { 'resident-id': 'x', mrn: 'm', insurance: 'i' }), record('b', { 'resident-id': 'y', mrn: 'm', insurance: 'i' })];
    expect(groups(both)).toEqual(['a', 'b']);
    expect(reasons(both)).toContain('different-ids');
  });
  it('when one of them could go to either of two people', () => {
    const three = [record('a', { 'resident-id': 'x', mrn: 'm' }), record('b', { mrn: 'm' }), record('c', { 'resident-id': 'y', mrn: 'm' })];
    expect(groups(three)).toEqual(['a', 'b', 'c']);
  });
  it('when a number contradicts the record it came in and the name is another', () => {
    const both = [record('a', { 'resident-id': 'x' }), record('b', { 'resident-id': 'x' }, { names: ['n2'], suspect: 'resident-id' })];
    expect(groups(both)).toEqual(['a', 'b']);
    expect(groups([record('a', { 'resident-id': 'x' }), record('b', { 'resident-id': 'x' }, { suspect: 'resident-id' })])).toEqual(['ab']);
  });
  it('when one is a newborn under the mother’s card', () => {
    expect(groups([record('a', { insurance: 'i' }), record('b', { insurance: 'i' }, { isUnnamed: true })])).toEqual(['a', 'b']);
  });
  it('when a crowd shares the number', () => {
    const crowd = Array.from({ length: IDENTIFIER_HOLDERS_MAX + 1 }, (_, i) => record(`r${String(i).padStart(3, '0')}`, { mrn: 'm' }));
    expect(groups(crowd)).toHaveLength(IDENTIFIER_HOLDERS_MAX + 1);
    expect(groups(crowd.slice(1))).toHaveLength(1);
  });
});

const someRecords = fc
  .array(
    fc.record({
      id: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null }),
      passport: fc.option(fc.constantFrom('p', 'q'), { nil: null }),
      mrn: fc.option(fc.constantFrom('m', 'n', 'o'), { nil: null }),
      insurance: fc.option(fc.constantFrom('i', 'j'), { nil: null }),
      name: fc.option(fc.constantFrom('n1', 'n2'), { nil: null }),
      birth: fc.option(fc.constantFrom('b1', 'b2'), { nil: null }),
      suspect: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) =>
    list.map((each, i) =>
      record(
        `r${String.fromCharCode(97 + i)}`,
        {
          ...(each.id === null ? {} : { 'resident-id': each.id }),
          ...(each.passport === null ? {} : { passport: each.passport }),
          ...(each.mrn === null ? {} : { mrn: each.mrn }),
          ...(each.insurance === null ? {} : { insurance: each.insurance }),
        },
        { names: each.name === null ? [] : [each.name], birth: each.birth, ...(each.suspect ? { suspect: 'resident-id' as const } : {}) },
      ),
    ),
  );

describe('the answer', () => {
  it('does not depend on the order of records', () => {
    fc.assert(
      fc.property(
        someRecords.chain((records) => fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length }))),
        ([records, shuffled]) => {
          expect(groups(shuffled)).toEqual(groups(records));
        },
      ),
      { numRuns: 300 },
    );
  });
  it('never puts two different resident ids into one person without a merge act', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const ids = new Map(records.map((each) => [each.recordKey, each.evidence.find((e) => e.type === 'resident-id')?.blind]));
        for (const cluster of resolve(records).clusters) {
          expect(new Set(cluster.records.map((key) => ids.get(key)).filter((id) => id !== undefined)).size).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the model', () => {
  const lone = (recordKey: string, id?: string) => record(recordKey, id === undefined ? {} : { 'resident-id': id }, { names: [recordKey], birth: recordKey });
  const findings = (weights: Record<string, number>, vetoed: string[] = []): ModelFindings => ({
    edition: 'm@1',
    pairs: Object.entries(weights).flatMap(([pair, weight]) => (weight > 0 ? [{ a: pair[0] ?? '', b: pair[1] ?? '', weight }] : [])),
    score: (a, b) => {
      const pair = [a, b].sort().join('');
      return { weight: weights[pair] ?? -12, isVetoed: vetoed.includes(pair) };
    },
  });
  const held = (...known: Parameters<typeof resolve>) =>
    resolve(...known)
      .held.map((each) => `${each.a}${each.b} ${each.reason}`)
      .sort();

  it('joins what rules left apart, and says so', () => {
    const result = resolve([lone('a'), lone('b')], [], [], findings({ ab: 10 }));
    expect(result.clusters).toMatchObject([{ records: ['a', 'b'] }]);
    expect(result.clusters[0]?.basis).toEqual(['model:m@1', 'model:m@1']);
  });
  it('does not chain people over one alike pair', () => {
    const chain = [[lone('a'), lone('b'), lone('c')], [], [], findings({ ab: 10, bc: 10, ac: -12 })] as const;
    expect(groups([...chain[0]], [], [], chain[3])).toEqual(['a', 'b', 'c']);
    expect(held([...chain[0]], [], [], chain[3])).toEqual(['ab ambiguous', 'bc ambiguous']);
    expect(groups([lone('a'), lone('b'), lone('c')], [], [], findings({ ab: 10, bc: 10, ac: 2 }))).toEqual(['abc']);
  });
  it('takes the plainly better of two people with different ids, and neither when both fit', () => {
    const three = () => [lone('a', 'x'), lone('b'), lone('c', 'y')];
    expect(groups(three(), [], [], findings({ ab: 12, bc: 1 }))).toEqual(['ab', 'c']);
    expect(groups(three(), [], [], findings({ ab: 10, bc: 9 }))).toEqual(['a', 'b', 'c']);
    expect(groups([lone('a', 'x'), lone('b', 'y')], [], [], findings({ ab: 12 }))).toEqual(['a', 'b']);
    expect(held([lone('a', 'x'), lone('b', 'y')], [], [], findings({ ab: 12 }))).toEqual(['ab different-ids']);
  });
  it('keeps twins apart even when a third record fits one of them', () => {
    expect(groups([lone('a'), lone('b'), lone('c')], [], [], findings({ ab: 12, bc: 3 }, ['ac']))).toEqual(['ab', 'c']);
  });
  it('is overruled by decisions, either way', () => {
    expect(groups([lone('a'), lone('b')], [], [{ a: 'a', b: 'b', decision: 'different' }], findings({ ab: 12 }))).toEqual(['a', 'b']);
    expect(groups([lone('a', 'x'), lone('b', 'y')], [], [{ a: 'a', b: 'b', decision: 'same' }], null)).toEqual(['ab']);
  });
  it('gives the same answer in any order, never two ids in one person, never what was decided apart', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const pairsOf = names.flatMap((a, i) => names.slice(i + 1).map((b) => a + b));
    const known = fc.record({
      ids: fc.array(fc.constantFrom('x', 'y', undefined), { minLength: 6, maxLength: 6 }),
      weights: fc.array(fc.integer({ min: -12, max: 12 }), { minLength: pairsOf.length, maxLength: pairsOf.length }),
      apart: fc.subarray(pairsOf, { maxLength: 3 }),
      order: fc.shuffledSubarray(names, { minLength: 6 }),
    });
    fc.assert(
      fc.property(known, ({ ids, weights, apart, order }) => {
        const model = findings(Object.fromEntries(pairsOf.map((pair, i) => [pair, weights[i] ?? 0])));
        const decisions = apart.map((pair) => ({ a: pair[0] ?? '', b: pair[1] ?? '', decision: 'different' as const }));
        const people = (list: string[]) => groups(list.map((name) => lone(name, ids[names.indexOf(name)])), [], decisions, { ...model, pairs: [...model.pairs] }); // biome-ignore format: one call
        const found = people(names);
        expect(people(order)).toEqual(found);
        for (const person of found) {
          const own = new Set([...person].map((name) => ids[names.indexOf(name)]).filter((id) => id !== undefined));
          expect(own.size).toBeLessThanOrEqual(1);
          for (const pair of apart) expect(person.includes(pair[0] ?? '') && person.includes(pair[1] ?? '')).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('groups that share nothing', () => {
  const someone = fc.record({
    numbers: fc.array(fc.tuple(fc.constantFrom('resident-id', 'hk-macau-permit', 'mrn', 'insurance'), fc.constantFrom('v', 'w', 'x', 'y', 'z')), {
      maxLength: 3,
    }),
    names: fc.subarray(['n1', 'n2']),
    birth: fc.constantFrom(null, 'b1', 'b2'),
    isUnnamed: fc.boolean(),
  });
  it('are decided together as each would be alone', () => {
    const town = fc.array(someone, { minLength: 2, maxLength: 6 });
    const said = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 2 });
    fc.assert(
      fc.property(fc.array(fc.tuple(town, said), { minLength: 2, maxLength: 5 }), (towns) => {
        const parts = towns.map(([people, acts], at) => ({
          records: people.map(({ numbers, ...rest }, place): RecordEvidence => {
            const evidence = [...new Set(numbers.map(([type, value]) => `${type} ${value}${at}`))].sort().map((each) => each.split(' '));
            // Keys of the towns are mixed in the order of records.
            return {
              recordKey: `${place}${at}`,
              ...rest,
              evidence: evidence.map(([type, blind]) => ({ type: type as EvidenceType, blind: blind ?? '', isSuspect: false })),
            };
          }),
          acts: acts.filter(([a, b]) => a !== b && a < people.length && b < people.length).map(([a, b]) => ({ survivor: `${a}${at}`, retired: `${b}${at}` })),
        }));
        const alone = parts.map(({ records, acts }) => resolve(records, acts));
        const together = resolve(parts.flatMap((each) => each.records), parts.flatMap((each) => each.acts)); // biome-ignore format: one call
        const sorted = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort();
        expect(sorted(together.clusters)).toEqual(sorted(alone.flatMap((each) => each.clusters)));
        expect(sorted(together.conflicts)).toEqual(sorted(alone.flatMap((each) => each.conflicts)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('person ids', () => {
  const ids = (start: number) => {
    let next = start;
    return () => `p${next++}`;
  };
  const clusters = (...lists: string[][]) => lists.map((records) => ({ records, basis: [] }));
  const link = (recordKey: string, personId: string): CurrentLink => ({ recordKey, personId });
  const founded = (personId: string, recordKey: string, turn: number, isRetired = false): Founder => ({ personId, recordKey, turn, isRetired });

  it('stay, and of two merged people the later is retired into the one there first, however many records it has', () => {
    const current = [link('a', 'p1'), link('b', 'p2'), link('c', 'p2')];
    const result = assignPersons(clusters(['a', 'b', 'c']), current, [founded('p1', 'a', 1), founded('p2', 'b', 2)], ids(9));
    expect(result).toMatchObject({ persons: ['p1'], retired: [{ personId: 'p2', into: 'p1' }], created: [], revived: [] });
  });
  it('come back exactly when a merge is undone', () => {
    const current = [link('a', 'p1'), link('b', 'p1'), link('c', 'p1')];
    const result = assignPersons(clusters(['a'], ['b', 'c']), current, [founded('p1', 'a', 1), founded('p2', 'b', 2, true)], ids(9));
    expect(result).toMatchObject({ persons: ['p1', 'p2'], revived: ['p2'], created: [], retired: [] });
  });
  it('of a split are new for those who leave the founder, and go back into it', () => {
    const parted = assignPersons(clusters(['a'], ['b', 'c']), [link('a', 'p1'), link('b', 'p1'), link('c', 'p1')], [founded('p1', 'a', 1)], ids(9));
    expect(parted).toMatchObject({ persons: ['p1', 'p9'], created: ['p9'], retired: [] });
    const back = assignPersons(
      clusters(['a', 'b', 'c']),
      [link('a', 'p1'), link('b', 'p9'), link('c', 'p9')],
      [founded('p1', 'a', 1), founded('p9', 'b', 5)],
      ids(20),
    );
    expect(back).toMatchObject({ persons: ['p1'], retired: [{ personId: 'p9', into: 'p1' }] });
  });
  it('whose founder is gone are retired into whoever their records are', () => {
    expect(assignPersons(clusters(['b']), [link('b', 'p1')], [], ids(9))).toMatchObject({ persons: ['p9'], retired: [{ personId: 'p1', into: 'p9' }] });
  });
  it('are new for a record never seen', () => {
    expect(assignPersons(clusters(['a']), [], [], ids(7))).toMatchObject({ persons: ['p7'], created: ['p7'] });
  });
});
