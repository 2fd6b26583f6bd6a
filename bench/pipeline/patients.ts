/**
 * A made-up patient register: every row another invented person with a valid resident id. Names, birth dates and streets are drawn apart from each
 * other, so that people share them about as often as people do: whoever looks for doubles meets namesakes, not a crowd.
 */
export const PATIENT_HEADER = '病案号,患者姓名,性别,出生日期,身份证号,医保卡号,手机号,现住址,行政区划,付费方式,建档时间';

const SURNAMES = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
];
const GIVEN = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉兰红文建国志梅春晓东海波宁飞鹏辉玲燕云莲凤珍淑贵福生荣庆林峰宇浩然子轩雨欣怡佳思梦琪嘉俊博瑞泽晨阳雪婷倩颖慧洁琳蕾莉萍芬翠',
];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** A number below `below` that looks drawn: of this row and this field, the same every time (the finaliser of MurmurHash3). */
function draw(row: number, field: number, below: number): number {
  let hash = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(field + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % below;
}
/** The first surnames are the common ones. */
const surname = (row: number): string => SURNAMES[Math.floor((draw(row, 0, 1000) / 1000) ** 2 * SURNAMES.length)] ?? '王';
const given = (row: number, field: number): string => GIVEN[draw(row, field, GIVEN.length)] ?? '伟';

export function patientRow(i: number): string {
  const birth = `${1930 + draw(i, 1, 80)}${pad(1 + draw(i, 2, 12))}${pad(1 + draw(i, 3, 28))}`;
  const area = 330102 + (Math.floor(i / 998) % 90);
  const first17 = `${area}${birth}${pad(1 + (i % 998), 3)}`;
  const sum = [...first17].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at] ?? 0), 0);
  const id = first17 + ('10X98765432'[sum % 11] ?? '');
  const name = `${surname(i)}${given(i, 4)}${draw(i, 5, 5) === 0 ? '' : given(i, 6)}`;
  const sex = Number(first17[16]) % 2 === 1 ? '男' : '女';
  const day = `${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6)}`;
  return `P${1_000_000 + i},${name},${sex},${day},${id},YB${pad(i, 10)},139${pad((i * 7919) % 100_000_000, 8)},杭州市西湖区文三路${draw(i, 7, 9000)}号,330106,职工医保,2026-01-${pad(1 + (i % 28))} 09:00:00`;
}

/** 患者姓名, 性别, 出生日期, 身份证号, 手机号 of the same patient. */
export function namedPatient(i: number): string {
  const [, name, sex, birth, id, , phone] = patientRow(i).split(',');
  return [name, sex, birth, id, phone].join(',');
}
