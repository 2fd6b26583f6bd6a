import type { FollowUpDetail } from '@xinglin/contracts/api.ts';
import { expect, test } from 'vitest';
import { isAbnormal, ruleOf } from './abnormal.ts';

const question = (abnormalWhen: string | null, kind: FollowUpDetail['questions'][number]['kind'] = 'number'): FollowUpDetail['questions'][number] => ({
  id: 'q',
  text: { zh: '', en: '' },
  kind,
  choices: ['none', 'little', 'much'].map((en) => ({ zh: `zh-${en}`, en })),
  abnormalWhen,
});

test('a fever is abnormal from its bound on', () => {
  expect(isAbnormal(question('≥ 38.5 ℃'), 38.4)).toBe(false);
  expect(isAbnormal(question('≥ 38.5 ℃'), 38.5)).toBe(true);
  expect(isAbnormal(question('< 90'), 90)).toBe(false);
});

test('yes, no and places in a list are understood', () => {
  expect(isAbnormal(question('是 yes', 'yes-no'), 'yes')).toBe(true);
  expect(isAbnormal(question('否 no', 'yes-no'), 'yes')).toBe(false);
  expect(isAbnormal(question('zh-little little / zh-much much', 'choice'), 'zh-much')).toBe(true);
  expect(isAbnormal(question('zh-little little / zh-much much', 'choice'), 'zh-none')).toBe(false);
});

test('nothing said, no rule, or a rule from the future raises no alarm', () => {
  expect(isAbnormal(question('≥ 38.5 ℃'), undefined)).toBe(false);
  expect(isAbnormal(question(null), 41)).toBe(false);
  expect(ruleOf(question('sounds bad'))).toBeNull();
});
