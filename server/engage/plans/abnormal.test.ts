import { describe, expect, it } from 'vitest';
import { isAbnormal, judge, parseRule, readAnswer, ruleInWords } from './abnormal.ts';
import { PLAN_TEMPLATES, type Question, stepOf } from './templates/index.ts';

const questions = stepOf('total-knee-replacement@1', 'day-42').questions;
const question = (id: string): Question => {
  const found = questions.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no question ${id}`);
  return found;
};
const answers = (given: Record<string, string>) =>
  new Map(
    Object.entries(given).map(([id, raw]) => {
      const read = readAnswer(question(id), raw);
      if (!read.ok) throw new Error(read.why);
      return [id, read.value] as const;
    }),
  );
const allWell = {
  'lung-signs': 'no',
  'fall-deformity': 'no',
  'calf-signs': 'no',
  'extension-lost': 'no',
  temperature: '36.8',
  'wound-signs': 'no',
  pain: '3',
  flexion: '100',
  walking: '1',
  'xray-6w': 'yes',
};

describe('answers of a follow-up call', () => {
  it('at six weeks: 89° asks for a review, 90° does not', () => {
    expect(judge(questions, answers({ ...allWell, flexion: '89' }), 'normal').finding).toBe('abnormal');
    expect(judge(questions, answers({ ...allWell, flexion: '90' }), 'normal').finding).toBe('normal');
  });

  it('a fever of 38.5 is abnormal, 38.4 is not', () => {
    expect(judge(questions, answers({ ...allWell, temperature: '38.5' }), 'normal')).toMatchObject({
      finding: 'abnormal',
      questions: ['temperature'],
      urgency: 'within-24h',
    });
    expect(judge(questions, answers({ ...allWell, temperature: '38.4' }), 'normal').finding).toBe('normal');
  });

  it('the most urgent sign decides how soon somebody must act', () => {
    expect(judge(questions, answers({ ...allWell, temperature: '39', 'lung-signs': 'yes' }), 'normal').urgency).toBe('emergency');
  });

  it('a question with a rule left open is named, never taken for normal', () => {
    const { 'calf-signs': _, ...rest } = allWell;
    expect(judge(questions, answers(rest), 'normal').missing).toEqual(['calf-signs']);
  });

  it('the nurse may call abnormal what no rule knows', () => {
    expect(judge(questions, answers(allWell), 'abnormal')).toMatchObject({ finding: 'abnormal', questions: [] });
  });

  it('a temperature in Fahrenheit is refused, full-width digits are read', () => {
    expect(readAnswer(question('temperature'), '98.6')).toEqual({ ok: false, why: 'out-of-range' });
    expect(readAnswer(question('temperature'), '３７．２')).toEqual({ ok: true, value: 37.2 });
    expect(readAnswer(question('temperature'), '高')).toEqual({ ok: false, why: 'not-a-number' });
  });

  it('a choice may be given by its words in either language or its place', () => {
    for (const raw of ['还不能下地', 'not out of bed yet', '3']) expect(readAnswer(question('walking'), raw)).toEqual({ ok: true, value: 3 });
    expect(isAbnormal(question('walking'), 3)).toBe(true);
    expect(isAbnormal(question('walking'), 1)).toBe(false);
  });

  it('every rule of every template can be read, and an unreadable one throws', () => {
    for (const template of PLAN_TEMPLATES)
      for (const step of template.steps)
        for (const each of step.questions) if (each.abnormalWhen !== null) expect(() => parseRule(each.abnormalWhen as string)).not.toThrow();
    expect(() => parseRule('flexion is bad')).toThrow();
  });

  it('a rule is shown in signs and words, not in its own writing', () => {
    expect(['temperature', 'lung-signs', 'walking', 'flexion', 'other'].map((id) => ruleInWords(question(id)))).toEqual([
      '≥ 38.5 ℃',
      '是 yes',
      '还不能下地 not out of bed yet',
      '< 90 °',
      null,
    ]);
  });

  it('no template names a dose or speaks of a diagnosis', () => {
    const text = JSON.stringify(PLAN_TEMPLATES);
    expect(text).not.toMatch(/\d\s?(mg|毫克|片|粒)|诊断|diagnos/i);
  });
});
