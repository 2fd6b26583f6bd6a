/** For tests: invented people, each known by one to three systems, with the slips registration desks make. The same seed makes the same people. */
import type { PersonDetails } from '@xinglin/contracts';
import { randomFrom } from '../../linkage/model.ts';

const SURNAMES = [
  ...'王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万',
];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅建国志文海波晓红春燕宁浩宇欣怡子涵雨泽梓萱俊博思远嘉诚雪晨阳璐瑶琳凯峰鹏飞'];
const SLIPS: readonly (readonly [string, string])[] = [['伟', '纬'], ['芳', '方'], ['丽', '莉'], ['静', '净'], ['明', '名'], ['军', '君'], ['兰', '岚'], ['华', '花']]; // biome-ignore format: a list

export interface Invented {
  readonly person: number;
  readonly source: string;
  readonly id: string;
  readonly details: Partial<PersonDetails>;
}

export function population(people: number, seed = 7): Invented[] {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() ** 2 * list.length)] as T;
  const made: Invented[] = [];
  for (let number = 0; number < people; number += 1) {
    const name = pick(SURNAMES) + pick(GIVEN) + (random() < 0.75 ? pick(GIVEN) : '');
    const two = (value: number): string => String(value).padStart(2, '0');
    const birthDate = `${1940 + Math.floor(random() * 75)}-${two(1 + Math.floor(random() * 12))}-${two(1 + Math.floor(random() * 28))}`;
    const sex = random() < 0.5 ? ('male' as const) : ('female' as const);
    const phone = `139${String(10_000_000 + Math.floor(random() * 89_999_999))}`;
    const records = 1 + Math.floor(random() * 3);
    for (let copy = 0; copy < records; copy += 1) {
      const slip = copy > 0 && random() < 0.12 ? SLIPS.find(([right]) => name.slice(1).includes(right)) : undefined;
      const [year, month, day] = birthDate.split('-') as [string, string, string];
      made.push({
        person: number,
        source: `s${copy}`,
        id: `${copy}-${number}`,
        details: {
          names: [slip === undefined ? name : name[0] + name.slice(1).replace(slip[0], slip[1])],
          birthDate: copy > 0 && random() < 0.03 ? `${year}-${month}-${two((Number(day) % 28) + 1)}` : birthDate,
          sex,
          phones: random() < (copy === 0 ? 0.9 : 0.6) ? [random() < 0.12 ? `138${String(10_000_000 + Math.floor(random() * 89_999_999))}` : phone] : [],
        },
      });
    }
  }
  return made;
}
