import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyStatement,
  type EncounterNews,
  type EncounterState,
  type EncounterStatement,
  keepEncounter,
  recallEncounter,
  textColumn,
} from './encounter-state.ts';

const said = (version: number, columns: EncounterStatement['columns'], more: Partial<EncounterStatement> = {}): EncounterStatement => ({
  stamp: [version, version],
  occurredAt: version,
  precision: 'second',
  recordKey: 'r',
  isDeleted: false,
  columns,
  ...more,
});
function run(statements: EncounterStatement[], isNews = (_: number) => true): { news: EncounterNews[]; state: EncounterState } {
  let state: EncounterState | null = null;
  const news: EncounterNews[] = [];
  for (const statement of statements) {
    const step = applyStatement(state, statement, isNews);
    state = step.state;
    if (step.news !== null) news.push(step.news);
  }
  return { news, state: state as EncounterState };
}
const admitted = said(1, { status: 'in-progress', class: 'inpatient', department_code: 'GS' });
const discharged = said(3, { status: 'finished', ended_at: 3n });

describe('a visit', () => {
  it('ends once', () => expect(run([admitted, discharged, said(4, { status: 'finished' })]).news).toEqual(['ended']));
  it('that arrives finished has ended', () => expect(run([said(1, { status: 'finished' })]).news).toEqual(['ended']));
  it('keeps what its discharge message leaves out', () => {
    const { state } = run([admitted, discharged]);
    expect(textColumn(state, 'department_code')).toBe('GS');
    expect(textColumn(state, 'class')).toBe('inpatient');
  });
  it('is reopened by a cancelled discharge, and ends again', () => {
    expect(run([admitted, discharged, said(4, { status: 'in-progress', ended_at: null }), said(5, { status: 'finished' })]).news).toEqual([
      'ended',
      'reopened',
      'ended',
    ]);
  });
  it('taken back altogether is reopened too', () => expect(run([discharged, said(4, {}, { isDeleted: true })]).news).toEqual(['ended', 'reopened']));
  it('that ended long ago is no news, nor is its reopening', () => {
    expect(run([admitted, discharged, said(4, { status: 'in-progress' })], () => false).news).toEqual([]);
  });
  it('is not reopened by late history', () => {
    const { news, state } = run([discharged, admitted]);
    expect(news).toEqual(['ended']);
    expect(textColumn(state, 'status')).toBe('finished');
    expect(textColumn(state, 'department_code')).toBe('GS');
  });
  it('comes to the same state in whatever order its messages arrive', () => {
    const statements = [admitted, said(2, { department_code: 'ICU' }), discharged, said(4, { disease_code: 'I10' })];
    fc.assert(
      fc.property(fc.shuffledSubarray(statements, { minLength: 4 }), (shuffled) => {
        const { isAnnounced: _a, ...state } = run(shuffled).state;
        const { isAnnounced: _b, ...expected } = run(statements).state;
        expect(state).toEqual(expected);
      }),
    );
  });
  it('is kept without repeating the stamp of its newest statement, and recalled as it was', () => {
    const { state } = run([admitted, said(2, { department_code: null }), discharged, said(2, { disease_code: 'I10' })]);
    const kept = keepEncounter(state);
    expect(kept.columns).toEqual({ status: 'finished', ended_at: 3, class: [1, 1, 'inpatient'], department_code: [2, 2, null], disease_code: [2, 2, 'I10'] });
    expect(recallEncounter(JSON.parse(JSON.stringify(kept)), state.recordKey, state.isAnnounced)).toEqual(state);
  });
  it('kept by an earlier version, with a stamp in every column, is recalled too', () => {
    const { recordKey, isAnnounced, ...before } = run([admitted, discharged]).state;
    expect(recallEncounter(JSON.parse(JSON.stringify(before)), recordKey, isAnnounced)).toEqual({ ...before, recordKey, isAnnounced });
  });
});
