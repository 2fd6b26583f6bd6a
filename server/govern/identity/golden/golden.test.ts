import type { PersonDetails } from '@xinglin/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeStatement, type PersonState } from '../../privacy/person-state.ts';
import { noDetails } from '../../testing/statements.ts';
import { detailsOfGolden, type GoldenInput, goldenOf } from './golden.ts';

const TODAY = new Date('2026-03-01T00:00:00Z');
const ID = '11010519491231002X';
const OTHER_ID = '440308199901101512';
const id = (value: string, system = 'CN') => ({ type: 'resident-id', system, value }) as const;

function stateOf(details: Partial<PersonDetails>, at = 1): PersonState {
  const statement = { stamp: [at, 0], occurredAt: at, precision: 'second', isDeleted: false, details: { ...noDetails, ...details } } as const;
  return mergeStatement(null, { ...statement, isDeceased: details.deceased ?? null });
}
let serial = 0;
const record = (details: Partial<PersonDetails>, more: { at?: number; trust?: number; source?: string; key?: string } = {}): GoldenInput => ({
  recordKey: more.key ?? `record-${String((serial += 1)).padStart(4, '0')}`,
  source: more.source ?? 'his',
  trust: more.trust ?? 50,
  state: stateOf(details, more.at),
});
const golden = (...records: GoldenInput[]) => goldenOf(records, TODAY);

describe('a field', () => {
  it('nobody disputes is the only one', () => {
    const { name } = golden(record({ names: ['张三'] }), record({ names: ['张 三'] }), record({}));
    expect(name).toMatchObject({ value: '张三', rule: 'only', others: 0 });
  });
  it('nobody states is empty', () => expect(golden(record({})).birthDate).toEqual({ value: null, source: null, recordKey: null, rule: 'only', others: 0 }));
  it('of a trusted source beats a newer one', () => {
    const { name } = golden(record({ names: ['张山'] }, { at: 9, source: 'survey', trust: 20 }), record({ names: ['张三'] }, { at: 1, trust: 90 }));
    expect(name).toMatchObject({ value: '张三', source: 'his', rule: 'trust', others: 1 });
  });
  it('most records agree on wins between equals', () => {
    const { name } = golden(record({ names: ['张山'] }, { at: 9 }), record({ names: ['张三'] }), record({ names: ['张三'] }));
    expect(name).toMatchObject({ value: '张三', rule: 'frequency', others: 1 });
  });
  it('stated last decides when nothing else does', () => {
    const { insuranceType } = golden(record({ insuranceType: '居民医保' }, { at: 1 }), record({ insuranceType: '职工医保' }, { at: 2 }));
    expect(insuranceType).toMatchObject({ value: '职工医保', rule: 'recency' });
  });
});

describe('names, numbers and dates', () => {
  it('a birth date the valid resident id confirms beats a trusted one it contradicts', () => {
    const { birthDate } = golden(record({ birthDate: '1949-12-13' }, { trust: 99 }), record({ birthDate: '1949-12-31', identifiers: [id(ID)] }, { trust: 1 }));
    expect(birthDate).toMatchObject({ value: '1949-12-31', rule: 'valid', others: 1 });
  });
  it('a whole birth date beats a year', () => {
    expect(golden(record({ birthDate: '1949' }, { trust: 90 }), record({ birthDate: '1949-12-31' })).birthDate).toMatchObject({
      value: '1949-12-31',
      rule: 'precise',
    });
  });
  it('an id with a wrong check character is never the resident id', () => {
    expect(golden(record({ identifiers: [id('110105194912310021')] }, { trust: 99 })).residentId.value).toBeNull();
    expect(golden(record({ identifiers: [id('110105194912310021')] }), record({ identifiers: [id(ID)] })).residentId).toMatchObject({ value: ID, others: 0 });
  });
  it('of two valid ids the one that fits its own birth date wins', () => {
    const { residentId } = golden(record({ birthDate: '1949-12-31', identifiers: [id(OTHER_ID)] }, { trust: 90 }), record({ identifiers: [id(ID)] }));
    expect(residentId).toMatchObject({ value: ID, rule: 'valid', others: 1 });
  });
  it('a newborn’s stand-in gives way to a name', () => {
    expect(golden(record({ names: ['李四之女'] }, { trust: 90, at: 9 }), record({ names: ['李小雨'] })).name).toMatchObject({ value: '李小雨', rule: 'valid' });
  });
  it('a nickname stands in only when no record knows a name', () => {
    expect(golden(record({ nickname: '春风' }), record({ names: ['李四'] })).name.value).toBe('李四');
    const alone = record({ nickname: '春风' });
    expect(golden(alone).name.value).toBe('春风');
    expect(detailsOfGolden(golden(alone), [alone])).toMatchObject({ names: [], nickname: '春风' });
  });
  it('the newest mobile is the phone, whatever landline came later', () => {
    const { phone } = golden(
      record({ phones: ['0571-87654321'] }, { at: 9 }),
      record({ phones: ['13912345670'] }, { at: 3 }),
      record({ phones: ['13912345671'] }, { at: 5 }),
    );
    expect(phone).toMatchObject({ value: '+8613912345671', rule: 'recency', others: 2 });
  });
  it('each identifier is there once, however often and in whatever form it is said', () => {
    const { identifiers } = golden(
      record({ identifiers: [id(ID), { type: 'mrn', system: 'HIS', value: 'A-1' }] }),
      record({ identifiers: [id('110105 19491231 002x', 'GB'), { type: 'mrn', system: 'HIS', value: 'a1' }, { type: 'mrn', system: 'LIS', value: 'A-1' }] }),
    );
    expect(identifiers.value?.map((each) => [each.type, each.system])).toEqual([
      ['mrn', 'HIS'],
      ['mrn', 'LIS'],
      ['resident-id', 'CN'],
    ]);
  });
  it('a death one source reports holds', () => {
    expect(golden(record({ deceased: false }, { at: 9, trust: 90 }), record({ deceased: true }, { trust: 1 })).deceased).toMatchObject({
      value: true,
      rule: 'any',
      others: 1,
    });
  });
});

describe('the merged person', () => {
  it('does not depend on the order of the records, and saying a record twice changes no value', () => {
    const details = fc.record({
      names: fc.subarray(['张三', '张山', '王五之子']),
      phones: fc.subarray(['13912345670', '13912345671', '0571-87654321']),
      birthDate: fc.constantFrom(null, '1949', '1949-12-31', '1999-01-10'),
      identifiers: fc.subarray([id(ID), id(OTHER_ID)]),
      insuranceType: fc.constantFrom(null, '职工医保', '居民医保'),
    });
    const inputs = fc.array(fc.tuple(details, fc.integer({ min: 1, max: 3 }), fc.constantFrom(20, 50, 90)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(inputs, fc.infiniteStream(fc.nat()), (given, order) => {
        const records = given.map(([each, at, trust], index) => record(each, { at, trust, key: `k${index}` }));
        const shuffled = records.map((each) => [order.next().value ?? 0, each] as const).sort(([a], [b]) => a - b);
        expect(golden(...shuffled.map(([, each]) => each))).toEqual(golden(...records));
        const value = (of: ReturnType<typeof golden>) => Object.fromEntries(Object.entries(of).map(([field, chosen]) => [field, chosen.others]));
        expect(value(golden(...records, ...records.map((each) => ({ ...each, recordKey: `${each.recordKey}+` }))))).toEqual(value(golden(...records)));
      }),
    );
  });
  it('puts the chosen phone first and keeps the others', () => {
    const records = [record({ phones: ['13912345670', '0571-87654321'] }, { at: 1 }), record({ phones: ['13912345671', '139 1234 5670'] }, { at: 2 })];
    expect(detailsOfGolden(golden(...records), records)?.phones).toEqual(['+8613912345671', '139 1234 5670', '0571-87654321']);
  });
});
