import type { PersonDetails } from '@xinglin/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detailsOf, isDeleted, mergeStatement, type PersonState, type PersonStatement, packState, unpackDetails, unpackState } from './person-state.ts';

const nothing: PersonDetails = {
  ...{ names: [], identifiers: [], phones: [], addresses: [], birthDate: null, sex: 'unknown', insuranceType: null },
  ...{ deceased: false, guardian: null, nickname: null },
};
const said = (version: number, details: Partial<PersonDetails>, more: Partial<PersonStatement> = {}): PersonStatement => ({
  stamp: [version, version],
  occurredAt: version,
  precision: 'second',
  isDeleted: false,
  details: { ...nothing, ...details },
  isDeceased: null,
  ...more,
});
const merged = (...statements: PersonStatement[]): PersonState => statements.reduce<PersonState | null>(mergeStatement, null) as PersonState;

describe('what is known of a record', () => {
  it('survives a thin later message', () => {
    const state = merged(said(1, { names: ['张三'], birthDate: '1970-03-04', sex: 'male' }), said(2, { names: ['张三'] }));
    expect(detailsOf(state)).toMatchObject({ names: ['张三'], birthDate: '1970-03-04', sex: 'male' });
  });
  it('is not undone by a late old message', () => {
    expect(detailsOf(merged(said(5, { phones: ['2'] }), said(1, { phones: ['1'], birthDate: '1970' })))).toMatchObject({ phones: ['2'], birthDate: '1970' });
  });
  it('goes when the source takes it back', () => {
    expect(detailsOf(merged(said(1, { phones: ['1'] }), said(2, { cleared: ['phones'] }))).phones).toEqual([]);
  });
  it('keeps a resident id when a later message repeats only the record number', () => {
    const mrn = { type: 'mrn', system: 'HIS', value: '1' } as const;
    const id = { type: 'resident-id', system: 'CN', value: '11010519491231002X' } as const;
    expect(detailsOf(merged(said(1, { identifiers: [mrn, id] }), said(2, { identifiers: [mrn] }))).identifiers).toEqual([mrn, id]);
  });
  it('says deceased only by a statement about it', () => {
    const dead = said(1, {}, { isDeceased: true });
    expect(detailsOf(merged(dead, said(2, {}))).deceased).toBe(true);
    expect(detailsOf(merged(dead, said(2, {}, { isDeceased: false }))).deceased).toBe(false);
  });
  it('is deleted and comes back by version', () => {
    expect(isDeleted(merged(said(2, {}, { isDeleted: true }), said(1, {})))).toBe(true);
    expect(isDeleted(merged(said(2, {}, { isDeleted: true }), said(3, {})))).toBe(false);
  });
  it('does not depend on the order of arrival', () => {
    const one = fc.record({
      version: fc.integer({ min: 1, max: 6 }),
      names: fc.constantFrom([], ['甲'], ['乙']),
      birthDate: fc.constantFrom(null, '1970-01-01', '1980-01-01'),
      cleared: fc.constantFrom([], ['names'] as const, ['birthDate'] as const),
    });
    const statements = fc
      .uniqueArray(one, { selector: (each) => each.version, minLength: 1, maxLength: 6 })
      .map((list) => list.map(({ version, ...details }) => said(version, details)));
    fc.assert(
      fc.property(
        statements.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(merged(...shuffled)).toEqual(merged(...list));
        },
      ),
    );
  });
  it('comes out of the vault as it went in', () => {
    const state = merged(said(1, { names: ['张三'], guardian: { name: '李四', phone: null, relation: '母' } }));
    expect(unpackState(packState(state))).toEqual(state);
  });
  it('opens without its history to the same details, and to nothing when it was deleted', () => {
    const text = fc.string({ maxLength: 6 });
    const id = fc.record({ type: fc.constantFrom('mrn' as const, 'resident-id' as const, 'passport' as const), system: text, value: text });
    const guardian = fc.record({ name: fc.option(text), phone: fc.option(text), relation: fc.option(text) });
    const details = fc.record({
      names: fc.array(text, { maxLength: 2 }),
      identifiers: fc.array(id, { maxLength: 4 }),
      phones: fc.array(text, { maxLength: 2 }),
      birthDate: fc.option(text),
      sex: fc.constantFrom('male' as const, 'female' as const, 'unknown' as const),
      insuranceType: fc.option(text),
      guardian: fc.option(guardian),
      nickname: fc.option(text),
      cleared: fc.subarray(['phones' as const, 'birthDate' as const, 'guardian' as const]),
    });
    const statement = fc.tuple(fc.nat(9), details, fc.boolean(), fc.option(fc.boolean()));
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 4 }), (statements) => {
        const state = merged(
          ...statements.map(([version, each, isDeleted, isDeceased]) => said(version, each as Partial<PersonDetails>, { isDeleted, isDeceased })),
        );
        expect(unpackDetails(packState(state))).toEqual(isDeleted(state) ? null : detailsOf(state));
      }),
    );
  });
});
