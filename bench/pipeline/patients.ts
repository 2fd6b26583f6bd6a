/** A made-up patient register: every row another invented person with a valid resident id. */
export const PATIENT_HEADER = '病案号,患者姓名,性别,出生日期,身份证号,医保卡号,手机号,现住址,行政区划,付费方式,建档时间';

const SURNAMES = [...'王李张刘陈杨赵黄周吴'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚'];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

export function patientRow(i: number): string {
  const birth = `${1930 + (i % 80)}${pad(1 + (i % 12))}${pad(1 + (i % 28))}`;
  const area = 330100 + (Math.floor(i / 1000) % 12) + 2;
  const first17 = `${area}${birth}${pad(1 + (i % 998), 3)}`;
  const sum = [...first17].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at] ?? 0), 0);
  const id = first17 + ('10X98765432'[sum % 11] ?? '');
  const name = `${SURNAMES[i % 10]}${GIVEN[(i * 7) % 20]}${GIVEN[(i * 3) % 20]}`;
  const sex = Number(first17[16]) % 2 === 1 ? '男' : '女';
  const day = `${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6)}`;
  return `P${1_000_000 + i},${name},${sex},${day},${id},YB${pad(i, 10)},139${pad((i * 7919) % 100_000_000, 8)},杭州市西湖区文三路${i % 900}号,330106,职工医保,2026-01-${pad(1 + (i % 28))} 09:00:00`;
}
