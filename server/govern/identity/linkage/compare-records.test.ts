import { describe as about, expect, test } from 'vitest';
import { blockingKeys } from './blocking-keys.ts';
import { compareRecords } from './compare-records.ts';
import { generalModel } from './general-model.ts';
import { LINK_FIELDS } from './link-model.ts';
import { describe, type LinkDetails } from './link-record.ts';
import { loadChinese } from './normalise.ts';

const chinese = await loadChinese();
const today = new Date('2026-01-01');
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const residentId = (birth: string, serial: number): string => {
  const start = `338801${birth.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
  return start + '10X98765432'[[...start].reduce((sum, digit, at) => sum + Number(digit) * (WEIGHTS[at] ?? 0), 0) % 11];
};
const id = (value: string) => ({ type: 'resident-id' as const, system: 'gov', value });
const mrn = (value: string, system = 'his') => ({ type: 'mrn' as const, system, value });
const EMPTY: LinkDetails = { names: [], identifiers: [], phones: [], addresses: [], birthDate: null, sex: 'unknown', guardian: null, nickname: null };
const record = (details: Partial<LinkDetails>, isSharedPhone = () => false) => describe({ ...EMPTY, ...details }, { chinese, today, isSharedPhone });
const mei: Partial<LinkDetails> = { names: ['赵美兰'], birthDate: '1988-03-12', sex: 'female', phones: ['13612340987'] };
const decided = (a: Partial<LinkDetails>, b: Partial<LinkDetails>): string => {
  const [x, y] = [record(a), record(b)];
  const there = compareRecords(x, y, generalModel);
  const back = compareRecords(y, x, generalModel);
  expect([back.verdict, back.reason]).toEqual([there.verdict, there.reason]);
  expect(back.weight).toBeCloseTo(there.weight, 9);
  expect(there.fields.reduce((sum, each) => sum + each.weight, generalModel.prior)).toBeCloseTo(there.weight, 9);
  const names = there.fields.map((each) => each.field);
  expect(names).toEqual(LINK_FIELDS.filter((field) => names.includes(field)));
  return `${there.verdict}: ${there.reason}`;
};
const [ONE, TWO] = [residentId('1988-03-12', 122), residentId('1988-03-12', 144)];

about('the rules above the score', () => {
  test.each<[string, Partial<LinkDetails>, Partial<LinkDetails>, string]>([
    ['one valid id and a homophone', { names: ['赵美兰'], identifiers: [id(ONE)] }, { names: ['赵美岚'], identifiers: [id(ONE)] }, 'match: same-id'],
    ['one id in its 15 and 18 digits', { ...mei, identifiers: [id(ONE)] }, { names: ['赵美兰'], identifiers: [id(ONE.slice(0, 6) + ONE.slice(8, 17))] }, 'match: same-id'],
    ['a lent card', { ...mei, identifiers: [id(ONE)] }, { names: ['钱大勇'], birthDate: '1960-01-02', identifiers: [id(ONE)] }, 'review: same-id-other-person'],
    ['different valid ids, all else equal', { ...mei, identifiers: [id(ONE)] }, { ...mei, identifiers: [id(TWO)] }, 'review: different-ids'],
    ['an id against the birth date beside it', { ...mei, birthDate: '1988-03-13', identifiers: [id(ONE)] }, { ...mei, identifiers: [id(ONE)] }, 'review: id-contradicts-person'],
    ['one record number', { names: ['小兰'], identifiers: [mrn('M1')] }, { ...mei, identifiers: [mrn('M1')] }, 'match: same-mrn'],
    ['twins with one phone', mei, { ...mei, names: ['赵美竹'] }, 'review: twins'],
    ['a newborn without a name', { ...mei, names: ['赵美兰之子'] }, { ...mei, names: ['赵美兰之子'] }, 'review: unnamed'],
    ['a parent’s phone', { ...mei, names: ['赵小明'], birthDate: '2015-06-20' }, mei, 'no: unlikely'],
    ['name, birth, sex and own phone', mei, mei, 'match: likely'],
    ['name, birth and sex only', { ...mei, phones: [] }, mei, 'review: name-and-birth-only'],
    ['traditional characters', mei, { ...mei, names: ['趙美蘭'] }, 'match: likely'],
    ['an unreadable character', mei, { ...mei, names: ['赵?兰'] }, 'match: likely'],
    ['a character that looks alike', { ...mei, names: ['赵海兰'] }, { ...mei, names: ['赵梅兰'] }, 'match: likely'],
    ['strangers', mei, { names: ['周国强'], birthDate: '1955-10-01', sex: 'male', phones: ['13799998888'] }, 'no: unlikely'],
  ])('%s', (_, a, b, expected) => {
    expect(decided(a, b)).toBe(expected);
  }); // biome-ignore format: one case a line

  test('a phone many people share proves nothing', () => {
    const shared = () => true;
    expect(compareRecords(record(mei, shared), record(mei, shared), generalModel)).toMatchObject({ verdict: 'review', reason: 'shared-phone' });
  });
});

test('pairs that may be one person share a blocking key', () => {
  const share = (a: Partial<LinkDetails>, b: Partial<LinkDetails>): boolean => {
    const keys = new Set(blockingKeys(record(a)).map(({ rule, key }) => `${rule} ${key}`));
    return blockingKeys(record(b)).some(({ rule, key }) => keys.has(`${rule} ${key}`));
  };
  expect(share({ names: ['赵美兰'], birthDate: '1988-03-12' }, { names: ['趙美嵐'], birthDate: '1988-12-03' })).toBe(true);
  expect(share({ names: ['赵美兰'], birthDate: '1988-03-12' }, { names: ['赵海岚'], birthDate: '1988-03-12' })).toBe(true);
  expect(share({ phones: ['13612340987'] }, { names: ['赵'], phones: ['+86 136 1234 0987'] })).toBe(true);
  expect(share({ names: ['赵美兰'] }, { names: ['赵美兰'] })).toBe(false);
});
