import { describe, expect, it } from 'vitest';
import { CASE_ACTIONS, type CaseAction, type CaseState, isReopenedBy, moveOf } from './case-machine.ts';
import { escalationTimes } from './limits.ts';

const STATES: readonly CaseState[] = ['new', 'assigned', 'contacted', 'working', 'resolved', 'closed'];
const next = (action: CaseAction, state: CaseState, given: { attempts?: number; hasPatient?: boolean } = {}): CaseState | null => {
  const move = moveOf(action, { state, attempts: 0, hasPatient: true, ...given });
  return move.isAllowed ? move.to : null;
};

describe('the case machine', () => {
  it('is this table and nothing else', () => {
    const table = Object.fromEntries(CASE_ACTIONS.map((action) => [action, STATES.map((state) => next(action, state))]));
    expect(table).toEqual({
      //           new         assigned     contacted    working     resolved    closed
      assign: ['assigned', 'assigned', 'contacted', 'working', 'resolved', null],
      contact: [null, 'contacted', 'contacted', 'working', 'resolved', null],
      'no-answer': [null, 'assigned', 'contacted', 'working', 'resolved', null],
      work: [null, null, 'working', 'working', null, null],
      resolve: [null, null, 'resolved', 'resolved', null, null],
      close: [null, null, null, null, 'closed', null],
      reopen: [null, null, null, null, 'working', 'working'],
    });
  });

  it('says why in both languages whenever it refuses', () => {
    for (const action of CASE_ACTIONS) {
      for (const state of STATES) {
        const move = moveOf(action, { state, attempts: 0, hasPatient: true });
        if (!move.isAllowed) expect([move.why.zh.length > 5, move.why.en.length > 10]).toEqual([true, true]);
      }
    }
  });

  it('lets work go on without contact after three attempts, or when nobody is known to call', () => {
    expect(next('work', 'assigned', { attempts: 2 })).toBeNull();
    expect(next('work', 'assigned', { attempts: 3 })).toBe('working');
    expect(next('resolve', 'assigned', { hasPatient: false })).toBe('resolved');
    expect(next('contact', 'assigned', { hasPatient: false })).toBeNull();
  });

  it('reopens after a re-rating below 4, twice at most', () => {
    expect([isReopenedBy(3.99, 1), isReopenedBy(4, 1), isReopenedBy(1, 2), isReopenedBy(1, 3)]).toEqual([true, false, true, false]);
  });
});

describe('a limit', () => {
  it('of 24 hours runs on calendar hours across midnight, half at 12 h, four fifths at 19 h 12 min', () => {
    const { dueAt, levels } = escalationTimes(new Date('2026-01-05T12:30:00Z'), 24);
    expect(dueAt.toISOString()).toBe('2026-01-06T12:30:00.000Z');
    expect(levels.map(({ level, at }) => `${level} ${at.toISOString()}`)).toEqual([
      '1 2026-01-06T00:30:00.000Z',
      '2 2026-01-06T07:42:00.000Z',
      '3 2026-01-06T12:30:00.000Z',
    ]);
  });
});
