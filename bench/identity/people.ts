/** Invented people for the online benchmark: surnames with the shares of the 2020 census (rounded), given names falling off as real ones do, phones shared in families. */
import type { PersonDetails } from '@xinglin/contracts';

const SURNAMES: readonly (readonly [string, number])[] = [
  ...([['王', 72], ['李', 72], ['张', 68], ['刘', 51], ['陈', 47], ['杨', 32], ['黄', 24], ['赵', 23], ['吴', 20], ['周', 19]] as const),
  ...([['徐', 14], ['孙', 13], ['马', 12], ['朱', 12], ['胡', 12], ['郭', 11], ['何', 10], ['林', 10], ['高', 10], ['罗', 9]] as const),
  ...([['郑', 9], ['梁', 8], ['谢', 7], ['宋', 7], ['唐', 7], ['许', 6], ['韩', 6], ['邓', 6], ['冯', 6], ['曹', 6]] as const),
  ...[...'彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴莫孔向汤'].map((each) => [each, 3] as const),
  ...['欧阳', '上官', '司马', '诸葛', '令狐'].map((each) => [each, 0.3] as const),
]; // biome-ignore format: a table
const FIRST = [...'志建国文晓海永玉秀春明小俊家子雨思佳欣梓浩宇嘉俊德光金立世云天新红丽美淑桂凤慧雅静婷雪瑞'];
const SECOND = [...'华明军平强伟芳英敏丽杰娟涛超霞刚勇艳磊洋波辉鹏飞斌宁琴萍红玲兰燕婷莹琳轩涵怡睿博文豪梅荣龙林'];
const ALONE = [...'伟芳娜敏静丽强磊军洋勇艳杰涛超霞平刚鑫浩宇博涵琪欣悦婷雪莹健鹏飞'];
const DISTRICTS = ['上城区', '拱墅区', '西湖区', '滨江区', '萧山区', '余杭区', '临平区', '钱塘区', '富阳区', '临安区'];
const ROADS = [...'文建解环学天凤体教莫秋'].flatMap((one) => [...'一二三四五晖山宁安'].map((other) => `${one}${other}路`));
const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

const sums: number[] = [];
for (const [, share] of SURNAMES) sums.push((sums.at(-1) ?? 0) + share);
const every = sums.at(-1) ?? 1;

/** A few numbers for each person, the same in every run (splitmix32). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    yield ((z ^ (z >>> 15)) >>> 0) / 4294967296;
  }
}
const falling = (from: readonly string[], unit: number): string => from[Math.floor(from.length * unit ** 1.6)] ?? '';

export function inventPerson(index: number): PersonDetails {
  const source = numbers(Math.imul(index + 1, 0x85ebca6b));
  const unit = (): number => source.next().value;
  const isMale = unit() < 0.5;
  const born = new Date(Date.UTC(1935 + Math.floor(unit() * 89), 0, 1 + Math.floor(unit() * 365)));
  const birthDate = born.toISOString().slice(0, 10);
  const at = unit() * every;
  const surname = SURNAMES[sums.findIndex((sum) => at < sum)]?.[0] ?? '王';
  const given = unit() < 0.15 ? falling(ALONE, unit()) : falling(FIRST, unit()) + falling(SECOND, unit());
  // Three people in ten give the phone of the family.
  const phone = unit() < 0.3 ? index - (index % 4) : index;
  const hasId = unit() < 0.9;
  // With the area, no two of five million have one id.
  const serial = (index * 2 + (isMale ? 1 : 0)) % 1000;
  const identifiers: PersonDetails['identifiers'][number][] = [{ type: 'mrn', system: 'HIS', value: `M${pad(index, 8)}` }];
  if (hasId)
    identifiers.push({
      type: 'resident-id',
      system: 'CN',
      value: residentId(`33${pad(Math.floor(index / 500) % 10_000, 4)}`, birthDate.replaceAll('-', ''), serial),
    });
  const address = `浙江省杭州市${falling(DISTRICTS, unit())}${falling(ROADS, unit())}${1 + Math.floor(unit() * 400)}号${1 + Math.floor(unit() * 30)}幢`;
  return {
    ...{ names: [surname + given], identifiers, phones: [`1${37 + (phone % 3)}${pad((phone * 7919) % 100_000_000, 8)}`], birthDate },
    ...{
      addresses: [{ text: address, district: null }],
      sex: isMale ? 'male' : 'female',
      insuranceType: null,
      deceased: false,
      guardian: null,
      nickname: null,
    },
  };
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
function residentId(area: string, birth: string, serial: number): string {
  const first17 = `${area}${birth}${pad(serial, 3)}`;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(first17[at]), 0);
  return `${first17}${'10X98765432'[sum % 11]}`;
}
