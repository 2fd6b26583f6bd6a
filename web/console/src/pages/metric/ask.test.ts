import { expect, test } from 'vitest';
import { choiceOf, periodEnd, rowsAskOf } from './ask.ts';

test('ranges count back from the newest day the metric has', () => {
  expect(choiceOf({}, ['department'], '2026-03-31')).toMatchObject({ from: '2026-01-01', to: '2026-03-31', grain: 'week', range: '90' });
  expect(choiceOf({ by: 'department' }, ['department'], '2026-03-31')).toMatchObject({ by: 'department', grain: 'total' });
  expect(choiceOf({ by: 'shoe-size', grain: 'century' }, ['department'], '2026-03-31')).toMatchObject({ by: undefined, grain: 'week' });
});

test('days of one’s own choice win, and are never the wrong way round', () => {
  expect(choiceOf({ from: '2026-02-01', to: '2026-02-10' }, [], '2026-03-31')).toMatchObject({ from: '2026-02-01', to: '2026-02-10', range: 'custom' });
  expect(choiceOf({ from: '2026-02-20', to: '2026-02-10' }, [], '2026-03-31').from).toBe('2026-02-10');
});

test('a period ends where the next begins', () => {
  expect(periodEnd('2026-03-02', 'week')).toBe('2026-03-08');
  expect(periodEnd('2026-02-01', 'month')).toBe('2026-02-28');
  expect(periodEnd('2026-12-01', 'month')).toBe('2026-12-31');
});

test('the rows of a figure are those of its period and group, within the range', () => {
  const choice = choiceOf({ by: 'department', grain: 'month', from: '2026-02-10', to: '2026-03-15', where: 'class:inpatient' }, ['department'], '2026-03-31');
  expect(rowsAskOf(choice, '2026-02-01', 'CARD')).toEqual({ from: '2026-02-10', to: '2026-02-28', where: 'class:inpatient,department:CARD' });
  expect(rowsAskOf(choice, '2026-03-01', null)).toEqual({ from: '2026-03-01', to: '2026-03-15', where: 'class:inpatient' });
});
