import { expect, test } from 'vitest';
import { recogniseColumns } from './columns.ts';
import { foldCode, foldDate, foldText, loadChinese, splitName } from './normalise.ts';

const chinese = await loadChinese();

test('traditional characters, width, dots and accents are folded', () => {
  expect(foldText('張偉', chinese)).toBe('张伟');
  expect(foldText(' Ｓｍｉｔｈ ', chinese)).toBe('smith');
  expect(foldText('买买提·艾力', chinese)).toBe(foldText('买买提•艾力', chinese));
  expect(foldText('José O’Brien', chinese)).toBe('jose obrien');
  expect(foldText('不详', chinese)).toBeNull();
});

test('compound surnames and surname readings are known', () => {
  expect(splitName('欧阳修文', '欧阳修文')).toEqual({ surname: '欧阳', given: '修文', middle: null });
  expect(splitName('张三', '张三')).toEqual({ surname: '张', given: '三', middle: null });
  expect(splitName('bryant wally john', 'Bryant, Wally John')).toEqual({ surname: 'bryant', given: 'wally', middle: 'john' });
  expect(chinese.pinyin('单')).toEqual(['shan']);
});

test('dates in the usual ways of writing become eight digits', () => {
  for (const raw of ['1980-02-03', '19800203', '1980/2/3', '1980年2月3日', '3/2/1980', '1980-02-03T00:00:00Z']) expect(foldDate(raw)).toBe('19800203');
  expect(foldDate('-0050-01-0')).toBeNull();
});

test('a resident id of fifteen digits is the same as its eighteen', () => {
  expect(foldCode('610104620927690', new Date('2026-01-01'))).toBe('610104196209276908');
});

test('columns are recognised by name and by content, and columns that hold the answer never', () => {
  const columns = new Map<string, (string | null)[]>([
    ['uid', ['1', '2']],
    ['cluster', ['a', 'b']],
    ['c1', ['张三', '李小四']],
    ['c2', ['1980-02-03', '1990-02-03']],
    ['手机号', ['13912345678', null]],
  ]);
  expect(recogniseColumns({ names: [...columns.keys()], columns, length: 2 })).toEqual({
    'record-id': 'uid',
    'full-name': 'c1',
    'birth-date': 'c2',
    phone: '手机号',
  });
});
