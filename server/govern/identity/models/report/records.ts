import type { ReportFigure } from '@xinglin/contracts/api.ts';
import { type About, figure, NOT_MEASURED, type ReportInput, share, shares, whole } from './figure.ts';

export function unlinkable({ measured }: ReportInput): ReportFigure {
  const about: About = {
    id: 'unlinkable',
    name: { zh: '无法关联的记录', en: 'Records that cannot be linked' },
    unit: 'share',
    method: {
      zh: '把记录与它自己比较：若所有字段都一致也达不到合并的概率，就是资料太少，凭分数永远无法关联（有同号仍可关联）。随机抽取最多 2 万条，Wilson 区间。',
      en: 'A record is compared with itself: if agreeing in everything it has still does not reach the threshold, it says too little ever to be linked by score (an equal number may still link it). Up to 20,000 records drawn at random; Wilson interval.',
    },
  };
  const found = measured?.figures.unlinkable;
  if (found === undefined || found.share === null) return figure(about, { sentence: NOT_MEASURED });
  const sentence = {
    zh: `${share(found.share)} 的记录资料太少，与任何记录都达不到合并的概率（抽查 ${whole(found.n)} 条，95% 区间 ${shares(found.lower, found.upper)}）。`,
    en: `${share(found.share)} of records say too little to reach the threshold with any other (${whole(found.n)} looked at, 95 % interval ${shares(found.lower, found.upper)}).`,
  };
  return figure(about, { value: found.share, lower: found.lower, upper: found.upper, n: found.n, state: 'none', sentence });
}

export function recordsPerPerson({ perPerson }: ReportInput): ReportFigure {
  const people = perPerson.reduce((sum, each) => sum + each.people, 0);
  const records = perPerson.reduce((sum, each) => sum + each.people * each.records, 0);
  const most = perPerson.reduce((max, each) => Math.max(max, each.records), 0);
  const upTo = (least: number, last: number) =>
    perPerson.filter((each) => each.records >= least && each.records <= last).reduce((sum, each) => sum + each.people, 0);
  const groups = [[1, 1], [2, 2], [3, 3], [4, 5], [6, 10], [11, Number.POSITIVE_INFINITY]] as const; // biome-ignore format: a list
  const about: About = {
    id: 'records-per-person',
    name: { zh: '每人的记录数', en: 'Records per person' },
    unit: 'ratio',
    method: { zh: '目前有效的关联，逐人计数。', en: 'Links in force now, counted person by person.' },
    parts: groups.map(([from, to]) => {
      const text = to === Number.POSITIVE_INFINITY ? `${from}+` : from === to ? String(from) : `${from}–${to}`;
      return { code: text, name: { zh: `${text} 条`, en: `${text} records` }, count: upTo(from, to) };
    }),
  };
  if (people === 0) return figure(about, { sentence: { zh: '还没有患者。', en: 'There are no people yet.' } });
  const each = records / people;
  const sentence = {
    zh: `${whole(records)} 条记录归为 ${whole(people)} 人，平均每人 ${each.toFixed(2)} 条，最多 ${most} 条。`,
    en: `${whole(records)} records are ${whole(people)} people, ${each.toFixed(2)} each on average, ${most} at most.`,
  };
  return figure(about, { value: each, n: people, state: 'none', sentence });
}

const CONFLICT_NAMES: Readonly<Record<string, { zh: string; en: string }>> = {
  'same-id-other-person': { zh: '同一证件号，姓名和生日都不同', en: 'one id, but name and birth date differ' },
  'different-ids': { zh: '证件号不同', en: 'different ids' },
  'several-ids-in-record': { zh: '一条记录有多个证件号', en: 'several ids in one record' },
  ambiguous: { zh: '与两人同样相似', en: 'fits two people equally well' },
  'weak-bridge': { zh: '只靠一条弱关联相连', en: 'held together by one weak pair' },
  'too-many': { zh: '连成一片的记录太多', en: 'too many records in one chain' },
  'not-alike': { zh: '其他记录并不相似', en: 'other records are not alike' },
};

export function conflicts({ conflicts: found }: ReportInput): ReportFigure {
  const all = found.reduce((sum, each) => sum + each.count, 0);
  const about: About = {
    id: 'conflicts',
    name: { zh: '互相矛盾的记录', en: 'Records in conflict' },
    unit: 'count',
    method: {
      zh: '规则拒绝自动合并、等待人工判断的成对记录，按原因计数。',
      en: 'Pairs the rules refused to merge by themselves, by reason; people decide them.',
    },
    parts: found.map(({ reason, count }) => ({ code: reason, name: CONFLICT_NAMES[reason] ?? { zh: '其他原因', en: 'another reason' }, count })),
  };
  const sentence =
    all === 0
      ? { zh: '没有互相矛盾的成对记录。', en: 'No pairs of records contradict each other.' }
      : {
          zh: `有 ${whole(all)} 对记录共用号码或高度相似，却因矛盾没有自动合并。`,
          en: `${whole(all)} pairs share a number or look alike, yet contradict each other and were not merged.`,
        };
  return figure(about, { value: all, n: all, state: all === 0 ? 'good' : 'watch', sentence });
}
