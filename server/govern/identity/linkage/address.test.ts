import { expect, test } from 'vitest';
import { splitAddress } from './address.ts';
import { GRADES, levelOfWords } from './compare.ts';
import { foldText, loadChinese } from './normalise.ts';
import { makeWord } from './word.ts';

const chinese = await loadChinese();
const split = (raw: string) => splitAddress(foldText(raw, chinese) ?? '');

test.each([
  ['浙江省杭州市西湖区文三路 138 号 3 幢 2 单元 501 室', { province: '浙江', city: '杭州', district: '西湖区', rest: '文三路138 3 2 501' }],
  ['北京市海淀区中关村大街1号', { province: '北京', city: '北京', district: '海淀区', rest: '中关村大街1' }],
  ['內蒙古自治區呼和浩特市新城区海拉尔大街8号', { province: '内蒙古', city: '呼和浩特', district: '新城区', rest: '海拉尔大街8' }],
  ['云南省大理白族自治州大理市人民路5号', { province: '云南', city: '大理白族自治州', district: '大理市', rest: '人民路5' }],
  ['鼓楼区中山路7号', { province: null, city: null, district: '鼓楼区', rest: '中山路7' }],
  ['临川市府前路12号', { province: null, city: null, district: '临川市', rest: '府前路12' }],
  ['解放路', { province: null, city: null, district: null, rest: '解放路' }],
])('%s is taken apart', (raw, parts) => {
  expect(split(raw)).toEqual(parts);
});

test('addresses are graded by their parts, not by how many characters they share', () => {
  const graded = (a: string, b: string): string => {
    const [x, y] = [a, b].map((raw) => makeWord(foldText(raw, chinese) ?? '', 'text', chinese));
    return x === undefined || y === undefined ? '' : (GRADES.text[levelOfWords('text', x, y)] ?? '');
  };
  expect(graded('杭州市西湖区文三路138号3幢2单元501室', '西湖区文三路138号3-2-501')).toBe('slip');
  expect(graded('西湖区文三路138号3幢501室', '西湖区文三街138号3幢501室')).toBe('similar');
  expect(graded('西湖区文三路138号3幢501室', '西湖区文三路138号3幢502室')).toBe('district');
  expect(graded('西湖区文三路138号3幢501室', '拱墅区文三路138号3幢501室')).toBe('different');
});
