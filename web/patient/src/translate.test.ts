import { patient as en } from '@xinglin/web-shared/i18n/en.ts';
import { patient as zh } from '@xinglin/web-shared/i18n/zh-CN.ts';
import { expect, test } from 'vitest';
import { translator } from './translate.ts';

const [chinese, english] = [translator(zh), translator({ ...en })];

test('gaps are filled, and English minds one and many', () => {
  expect(english('survey.missing', { count: 1 })).toBe('1 question is still open');
  expect(english('survey.missing', { count: 2 })).toBe('2 questions are still open');
  expect(chinese('survey.missing', { count: 1 })).toContain('1');
  expect(chinese('survey.progress', { done: 2, all: 5 })).not.toContain('{{');
});
