import { expect, test } from 'vitest';
import { GRADES, levelOfWords } from './compare.ts';
import { isGlyphAlike } from './glyphs.ts';
import { isNicknameOf } from './nicknames.ts';
import { foldText, loadChinese, splitName } from './normalise.ts';
import { makeWord } from './word.ts';

const chinese = await loadChinese();
const graded = (a: string, b: string): string => {
  const [x, y] = [a, b].map((raw) => makeWord(foldText(raw, chinese) ?? '', 'name', chinese));
  return x === undefined || y === undefined ? '' : (GRADES.name[levelOfWords('name', x, y)] ?? '');
};

test.each([
  ['美兰', '美蘭', 'same'],
  ['美兰', '美岚', 'same-sound'],
  ['乐', '月', 'same-sound'],
  ['美兰', 'MEILAN', 'in-letters'],
  ['美兰', 'mei lan', 'in-letters'],
  ['海燕', '梅燕', 'look-alike'],
  ['海燕', '海?', 'look-alike'],
  ['海燕', '海□', 'look-alike'],
  ['林', '玲', 'similar'],
  ['志明', '小明', 'short-form'],
  ['志明', '明明', 'short-form'],
  ['庆龄', '美龄', 'different'],
])('given names %s and %s are %s', (a, b, grade) => {
  expect(graded(a, b)).toBe(grade);
  expect(graded(b, a)).toBe(grade);
});

test('looking alike holds between two characters and goes no further', () => {
  const alike = (a: string, b: string): boolean => isGlyphAlike(a.codePointAt(0) ?? 0, b.codePointAt(0) ?? 0);
  expect(alike('己', '已')).toBe(true);
  expect(alike('已', '己')).toBe(true);
  expect(alike('兰', '己')).toBe(false);
});

test('nicknames are made from a character of the name', () => {
  for (const nickname of ['小明', '阿明', '老王', '明明', '明哥', '小明哥']) expect(isNicknameOf(nickname, '王志明')).toBe(true);
  for (const nickname of ['小红', '志明', '阳光', '王志明']) expect(isNicknameOf(nickname, '王志明')).toBe(false);
});

test('a name in letters as DICOM writes it begins with the family name', () => {
  const folded = foldText('WANG^XIAOMING', chinese) ?? '';
  expect(splitName(folded, 'WANG^XIAOMING')).toEqual({ surname: 'wang', given: 'xiaoming', middle: null });
});
