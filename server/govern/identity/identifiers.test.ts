import { describe, expect, it } from 'vitest';
import { evidenceOf, foldName, isUnnamed, readPhone, readResidentId } from './identifiers.ts';

const today = new Date('2026-06-01T00:00:00Z');
const idOf = (raw: string) => readResidentId(raw, today)?.id ?? null;

describe('resident id', () => {
  it('accepts real numbers, residence permits of Hong Kong, Macau and Taiwan included', () => {
    for (const id of ['440308199901101512', '11010519491231002X', '810000199408230021', '830000199201300022']) expect(idOf(id)).toBe(id);
  });
  it('refuses a wrong check character', () => expect(idOf('15000019970319128X')).toBeNull());
  it('turns the 15-digit form into 18 characters', () => {
    expect(readResidentId('610104620927690', today)).toMatchObject({ id: '610104196209276908', isLegacy: true, birth: '1962-09-27' });
  });
  it('reads full width, lower case and spaces', () => expect(idOf('１１０１０５ 19491231 002x')).toBe('11010519491231002X'));
  it('tells sex and birth date', () => expect(readResidentId('440308199901101512', today)).toMatchObject({ sex: 'male', birth: '1999-01-10', area: '440308' }));
  it('refuses days that never were, days to come and unknown provinces', () => {
    const withCheck = (first17: string) => [...'0123456789X'].map((c) => first17 + c).find((id) => idOf(id) !== null) ?? null;
    expect(withCheck('11010519490230002')).toBeNull();
    expect(withCheck('11010520270101002')).toBeNull();
    expect(withCheck('99010519491231002')).toBeNull();
    expect(withCheck('11010519491230002')).not.toBeNull();
  });
  it('refuses placeholders whose check character fits', () => {
    const fits = (first17: string) => [...'0123456789X'].some((c) => idOf(first17 + c) !== null);
    expect(fits('11010119800515000')).toBe(false);
    expect(fits('11010119800101111')).toBe(false);
    expect(fits('11111111111111111')).toBe(false);
    expect(fits('11010119800515111')).toBe(true);
  });
});

describe('phones', () => {
  it('stores mobiles with their country code', () => {
    for (const raw of ['13912345670', '+86 139-1234-5670', '0086 13912345670', '１３９１２３４５６７０'])
      expect(readPhone(raw)).toEqual({ number: '+8613912345670', kind: 'mobile' });
  });
  it('knows landlines, service numbers and neighbours', () => {
    expect(readPhone('0571-87654321')?.kind).toBe('landline');
    expect(readPhone('400-820-1234')?.kind).toBe('service');
    expect(readPhone('+85261234567')?.kind).toBe('overseas');
    expect(readPhone('(206) 555-0142')).toEqual({ number: '2065550142', kind: 'other' });
  });
  it('refuses fillers and words', () => {
    for (const raw of ['13800138000', '13000000000', '11111111111', '13999999999', '0123456789', '无', '12']) expect(readPhone(raw)).toBeNull();
  });
});

describe('other identifiers', () => {
  const evidence = (type: Parameters<typeof evidenceOf>[0]['type'], value: string, system = 'HIS') => evidenceOf({ type, system, value }, today);
  it('keep a record number with its authority', () => {
    expect(evidence('mrn', ' 00a12 ')?.value).toBe('HIS|00A12');
    expect(evidence('mrn', '0000')).toBeNull();
  });
  it('cut the re-issue count off permits, so a new card is the same person', () => {
    expect(evidence('hk-macau-permit', 'H1234567801')?.value).toBe('H12345678');
    expect(evidence('taiwan-permit', '1234567801')?.value).toBe('12345678');
  });
  it('anchor the foreign permanent residence number', () => {
    expect(evidence('foreign-permanent', 'XABC123456789012')).toBeNull();
    expect(evidence('foreign-permanent', 'CAN110108121603')?.type).toBe('foreign-permanent');
  });
  it('ask a foreign passport for its country', () => {
    expect(evidence('passport', 'E12345678', 'any')?.value).toBe('CN|E12345678');
    expect(evidence('passport', 'AB123456', 'GBR')?.value).toBe('GBR|AB123456');
  });
  it('take a resident id hidden under another type for what it is', () => expect(evidence('other', '11010519491231002X')?.type).toBe('resident-id'));
  it('never let a shared account prove identity', () => {
    expect(evidence('app-account', 'u1')).toBeNull();
    expect(evidence('openid', 'o1')).toBeNull();
  });
});

describe('names', () => {
  it('are folded over width, spaces and middle dots', () => {
    expect(foldName(' 张　三 ')).toBe('张三');
    expect(foldName('买买提・艾力')).toBe(foldName('买买提·艾力'));
    expect(foldName('Ｅｖｅ  EVERYWOMAN')).toBe('eve everywoman');
  });
  it.each([
    [
      'newborns under their mother’s name',
      ['王芳之子', '李娜之女', '王丽之婴', '王丽 之子', '王丽之女（早产）', '王丽婴', '新生儿王', 'Baby Smith', 'BABYBOY LI'],
    ],
    ['twins of one mother', ['王丽之长子', '王丽之次女', '王丽之双子', '王丽之子1', '王丽之女Ｂ', '张丽A婴', '张丽婴乙']],
    ['who nobody knows', ['无名氏', '姓名不详', '急诊临时01', '患者甲', 'Unknown', 'unknown 3']],
    ['test patients', ['TEST01', 'Test Patient', 'test']],
  ])('of %s stand for nobody yet', (_, names) => {
    for (const name of names) expect([name, isUnnamed(name)]).toEqual([name, true]);
  });
  it('that only look so are names', () => {
    for (const name of ['张三', '欧阳子女', '王之涣', '王之子涵', '婴宁儿', '子女', 'Eve', 'Unknowles Ann', 'Testa Maria', 'Babyn Ivan'])
      expect([name, isUnnamed(name)]).toEqual([name, false]);
  });
});
