import { FACT_NAMES, type Viewer } from '@xinglin/contracts';
import { describe, expect, test } from 'vitest';
import { scope } from './scope.ts';

const staff = (role: 'nurse' | 'president' | 'analyst' | 'department-head', departments: readonly string[] | 'all'): Viewer => ({
  kind: 'staff',
  userId: 'u',
  role,
  orgId: 'demo',
  departments,
  purpose: 'operations',
});

describe('scope', () => {
  test('every fact has a rule for a department head, and none lets the whole hospital through', () => {
    for (const fact of FACT_NAMES) {
      const { where } = scope(staff('department-head', ['ORTH']), `fact_${fact}`, 'f');
      expect(where).toContain(`f.org_id = 'demo'`);
      expect(where).toContain(`'ORTH'`);
    }
  });
  test('someone without a department sees nothing', () => {
    expect(scope(staff('department-head', []), 'fact_encounter').where).toBe('false');
  });
  test('operational tables without a department column are closed to department-scoped viewers', () => {
    expect(scope(staff('department-head', ['ORTH']), 'govern.person').where).toBe('false');
    expect(scope(staff('department-head', ['ORTH']), 'improve.case', 'c').where).toContain(`c.department_code in ('ORTH')`);
  });
  test('the president gets figures without keys, the analyst keys without words, the nurse both', () => {
    expect(scope(staff('president', 'all'), 'fact_encounter').hidden.has('person_id')).toBe(true);
    expect(scope(staff('analyst', 'all'), 'fact_review').hidden).toEqual(new Set(['text_id']));
    expect(scope(staff('nurse', 'all'), 'fact_review').hidden.size).toBe(0);
  });
  test('a patient reaches only facts of the own person, and no operational table', () => {
    const patient: Viewer = { kind: 'patient', personId: '0190f6b4-3c2a-7e11-8a2b-1234567890ab', orgId: 'demo', purpose: 'care' };
    expect(scope(patient, 'fact_encounter', 'e').where).toContain(`e.person_id = '0190f6b4-3c2a-7e11-8a2b-1234567890ab'::uuid`);
    expect(scope(patient, 'improve.case').where).toBe('false');
  });
  test('a department code that is not a code stops before it reaches SQL', () => {
    expect(() => scope(staff('department-head', [`x' or true --`]), 'fact_encounter')).toThrow(/invariant/);
  });
});
