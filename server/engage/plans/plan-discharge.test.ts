import type { EncounterSignal } from '@xinglin/contracts';
import { describe, expect, it } from 'vitest';
import { planDischarge } from './plan-discharge.ts';
import { PLAN_TEMPLATES } from './templates/index.ts';

const ZONE = 'Asia/Shanghai';
const discharge = (given: Partial<EncounterSignal> = {}): EncounterSignal => ({
  orgId: 'demo',
  campusId: 'main',
  source: 'his',
  recordKey: '00000000-0000-4000-8000-000000000001',
  encounterKey: '00000000-0000-4000-8000-000000000002',
  encounterClass: 'inpatient',
  departmentCode: 'CARD',
  staffCode: null,
  diseaseCode: 'I50.900',
  surgeryCode: null,
  surgeryDay: null,
  disposition: 'home',
  startedAt: '2025-06-01T02:00:00Z',
  endedAt: '2025-06-10T02:30:00Z',
  ...given,
});
const plan = (given: Partial<EncounterSignal>, now = '2025-06-10T02:31:00Z') => planDischarge(discharge(given), PLAN_TEMPLATES, new Date(now), ZONE);
const steps = (decision: ReturnType<typeof plan>) => (decision.start ? decision.tasks.map((task) => `${task.step} ${task.dueAt.toISOString()}`) : decision.why);

describe('a discharge', () => {
  it('is followed up on days 3, 7 and 30, from eight in the morning of the campus', () => {
    expect(steps(plan({}))).toEqual(['day-3 2025-06-13T00:00:00.000Z', 'day-7 2025-06-17T00:00:00.000Z', 'day-30 2025-07-10T00:00:00.000Z']);
  });

  it('just before local midnight counts from that local day, not from the UTC one', () => {
    expect(steps(plan({ endedAt: '2025-06-10T15:59:00Z' }, '2025-06-10T16:10:00Z'))[0]).toBe('day-3 2025-06-13T00:00:00.000Z');
    expect(steps(plan({ endedAt: '2025-06-10T16:01:00Z' }, '2025-06-10T16:10:00Z'))[0]).toBe('day-3 2025-06-14T00:00:00.000Z');
  });

  it('after a knee replacement is staged by the days after surgery', () => {
    const decision = plan({ surgeryCode: '81.5400x001', surgeryDay: '2025-06-05' });
    expect(decision.start && decision.template).toBe('total-knee-replacement@1');
    expect(steps(decision).slice(0, 3)).toEqual(['day-7 2025-06-12T00:00:00.000Z', 'day-14 2025-06-19T00:00:00.000Z', 'day-28 2025-07-03T00:00:00.000Z']);
  });

  it('long after surgery leaves out the stages already over', () => {
    expect(steps(plan({ surgeryCode: '81.54', surgeryDay: '2025-05-25' }))[0]).toBe('day-28 2025-06-22T00:00:00.000Z');
  });

  it('after a knee replacement of unknown day counts from the discharge', () => {
    expect(steps(plan({ surgeryCode: '81.54' }))[0]).toBe('day-7 2025-06-17T00:00:00.000Z');
  });

  it('after gallbladder removal is called on days 1, 3 and 7', () => {
    expect(steps(plan({ surgeryCode: '51.2300' }))).toHaveLength(3);
    expect(steps(plan({ surgeryCode: '51.2300' }))[0]).toBe('day-1 2025-06-11T00:00:00.000Z');
  });

  it('by death or to another hospital starts no plan', () => {
    expect(steps(plan({ disposition: 'died' }))).toBe('died');
    expect(steps(plan({ disposition: 'transfer' }))).toBe('transferred');
  });

  it('heard of eight days later is history and starts no plan; seven days later it still does', () => {
    expect(steps(plan({}, '2025-06-18T02:31:00Z'))).toBe('history');
    expect(steps(plan({}, '2025-06-17T02:00:00Z'))[0]).toBe('day-7 2025-06-17T00:00:00.000Z');
  });
});
