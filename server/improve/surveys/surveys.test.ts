import type { EncounterSignal } from '@xinglin/contracts';
import { describe, expect, it } from 'vitest';
import { DISCHARGE } from '../../engage/testing.ts';
import { checkSubmission } from './check-submission.ts';
import { inpatient, outpatient, rerating, SURVEYS } from './definitions/index.ts';
import { lowScores } from './low-score.ts';
import { planInvitation } from './plan-invitation.ts';

const ZONE = 'Asia/Shanghai';
const visit = (given: Partial<EncounterSignal>): EncounterSignal => ({ ...DISCHARGE, endedAt: '2026-01-05T02:00:00Z', ...given });
const sendAt = (given: Partial<EncounterSignal>, now = given.endedAt ?? '2026-01-05T02:00:00Z') => {
  const decision = planInvitation(visit(given), new Date(now), ZONE);
  return decision.invite ? `${decision.survey} ${decision.sendAt.toISOString()}` : decision.why;
};

describe('an invitation', () => {
  it('goes out two hours after a clinic or emergency visit', () => {
    expect(sendAt({ encounterClass: 'outpatient' })).toBe('outpatient@1 2026-01-05T04:00:00.000Z');
    expect(sendAt({ encounterClass: 'emergency' })).toBe('outpatient@1 2026-01-05T04:00:00.000Z');
  });

  it('never goes out at night: after a visit at 20:00 or 02:00 it waits for eight in the morning', () => {
    expect(sendAt({ encounterClass: 'emergency', endedAt: '2026-01-05T12:00:00Z' })).toBe('outpatient@1 2026-01-06T00:00:00.000Z');
    expect(sendAt({ encounterClass: 'emergency', endedAt: '2026-01-05T18:00:00Z' })).toBe('outpatient@1 2026-01-06T00:00:00.000Z');
  });

  it('goes out at ten on the day after discharge, by the local day', () => {
    expect(sendAt({})).toBe('inpatient@1 2026-01-06T02:00:00.000Z');
    expect(sendAt({ endedAt: '2026-01-05T16:30:00Z' })).toBe('inpatient@1 2026-01-07T02:00:00.000Z');
  });

  it('of a visit heard of late goes out within half an hour after the hand-over, each at its own moment, and not at night', () => {
    const at = (end: string, now: string) => sendAt({ encounterClass: 'outpatient', encounterKey: `00000000-0000-4000-8000-000000${end}` }, now).slice(13);
    expect(at('000000', '2026-01-06T02:00:00Z')).toBe('2026-01-06T02:02:00.000Z');
    expect(at('800000', '2026-01-06T02:00:00Z')).toBe('2026-01-06T02:17:00.000Z');
    expect(at('ffffff', '2026-01-06T02:00:00Z') < '2026-01-06T02:32:00.000Z').toBe(true);
    expect(at('800000', '2026-01-06T12:45:00Z')).toBe('2026-01-07T00:15:00.000Z');
    expect(at('800000', '2026-01-05T20:00:00Z')).toBe('2026-01-06T00:15:00.000Z');
  });

  it('does not go out after a death, for history, or for a check-up', () => {
    expect(sendAt({ disposition: 'died' })).toBe('died');
    expect(sendAt({}, '2026-01-08T02:00:01Z')).toBe('history');
    expect(sendAt({ encounterClass: 'checkup' })).toBe('class');
  });
});

describe('a score', () => {
  it('of 4.0 opens no case, 3.99 does', () => {
    expect(lowScores({ overall: 4 }, 4)).toEqual([]);
    expect(lowScores({ overall: 3.99 }, 3.99)).toEqual(['overall']);
  });

  it('of 2 for the doctor or privacy opens one even when the overall is 5; 3 does not', () => {
    expect(lowScores({ 'doctor-communication': 2, privacy: 3, overall: 5 }, 5)).toEqual(['doctor-communication']);
    expect(lowScores({ 'doctor-communication': 3, privacy: 2, overall: 5 }, 5)).toEqual(['privacy']);
  });

  it('of 6 on recommending opens one, 7 does not; other questions alone do not', () => {
    expect(lowScores({ nps: 6 }, 5)).toEqual(['nps']);
    expect(lowScores({ nps: 7, registration: 1 }, 5)).toEqual([]);
    expect(lowScores({}, null)).toEqual([]);
  });
});

describe('a submission', () => {
  const five = (overall: number) => [
    ...['registration', 'doctor-communication', 'response', 'privacy'].map((question) => ({ question, score: 5 })),
    { question: 'overall', score: overall },
  ];

  it('of five answers and words is taken as it is', () => {
    expect(checkSubmission(outpatient, { answers: five(2), text: '  等太久  ' })).toMatchObject({ overall: 2, text: '等太久', scores: { overall: 2 } });
    expect(checkSubmission(outpatient, { answers: [...five(5), { question: 'nps', score: 0 }], text: '' })).toMatchObject({ text: null, scores: { nps: 0 } });
  });

  it('with a question missing, unknown, twice or off its scale names it', () => {
    const refused = (answers: { question: string; score: number | null }[]) => () => checkSubmission(outpatient, { answers, text: null });
    expect(refused(five(5).slice(1))).toThrow(/“registration” is not answered/);
    expect(refused([...five(5), { question: 'food', score: 5 }])).toThrow(/“food” is not part/);
    expect(refused([...five(5), { question: 'overall', score: 5 }])).toThrow(/answered twice/);
    expect(refused(five(6))).toThrow(/from 1 to 5/);
    expect(refused(five(4.5))).toThrow(/whole number/);
    expect(refused([...five(5), { question: 'nps', score: 11 }])).toThrow(/from 0 to 10/);
    expect(refused([...five(5), { question: 'why', score: 1 }])).toThrow(/“why”/);
  });
});

describe('the surveys shipped', () => {
  it('have five required questions for visits and stays, one for a re-rating, and exactly one overall each', () => {
    const required = (survey: (typeof SURVEYS)[number]) => survey.questions.filter((question) => question.isRequired).length;
    expect([required(outpatient), required(inpatient), required(rerating)]).toEqual([5, 5, 1]);
    for (const survey of SURVEYS) expect(survey.questions.filter((question) => question.isOverall)).toHaveLength(1);
  });

  it('ask why only after a low score', () => {
    for (const survey of SURVEYS) expect(survey.questions.filter((question) => question.onlyAfterLow).map(({ kind }) => kind)).toEqual(['text']);
  });
});
