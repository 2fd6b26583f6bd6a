import { expect, test } from 'vitest';
import { cutTo } from './halves.ts';

test('an owner named in both languages is shown in one', () => {
  expect(cutTo('门诊部 · Outpatient department', 'zh-CN')).toBe('门诊部');
  expect(cutTo('门诊部 · Outpatient department', 'en')).toBe('Outpatient department');
});

test('a remark in brackets is cut, the reference before it is kept', () => {
  const source = '绩效监测 1 · DOMAIN C2（引用前须核对 · check before quoting）';
  expect(cutTo(source, 'zh-CN')).toBe('绩效监测 1（引用前须核对）');
  expect(cutTo(source, 'en')).toBe('绩效监测 1 (check before quoting)');
  expect(cutTo('自有口径 · SPEC D1（自有口径 · own definition）', 'zh-CN')).toBe('自有口径');
  expect(cutTo('自有口径 · SPEC D1（自有口径 · own definition）', 'en')).toBe('Own definition');
  expect(cutTo('自有口径 · SPEC D1', 'en')).toBe('自有口径');
  expect(cutTo('信息科', 'en')).toBe('信息科');
});
