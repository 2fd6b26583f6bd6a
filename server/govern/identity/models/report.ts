/** The quality report: what is known about mistakes in who is one person, in plain words, and plainly what is not known. Pure over counts. */
import type { IdentityFigures, IdentityReport, LabelFigures, ReportFigure } from '@xinglin/contracts/api.ts';
import { rareCount, wilson } from './statistics.ts';

/** Of 100,000 records at most one may stand with a person it does not belong to (DOMAIN B13). */
const FALSE_MERGES_TARGET = 1;
/** Decisions of the last so many days count for the yield. */
export const YIELD_DAYS = 90;
/** Waiting longer than this is too long. */
const WAITING_DAYS_MAX = 30;
const DAY_MS = 86_400_000;

export interface QueueCount {
  readonly state: 'pending' | 'later';
  readonly found_at: Date;
  readonly items: number;
}
export interface ReportInput {
  readonly edition: string;
  readonly measured: { readonly at: Date; readonly figures: IdentityFigures } | null;
  readonly labels: LabelFigures;
  /** Decisions on items of the queue in the last `YIELD_DAYS`. */
  readonly decided: { readonly match: number; readonly noMatch: number };
  readonly queue: readonly QueueCount[];
  /** People by how many records they have. */
  readonly perPerson: readonly { readonly records: number; readonly people: number }[];
  readonly conflicts: readonly { readonly reason: string; readonly count: number }[];
  readonly now: Date;
}

export function reportOf(input: ReportInput): IdentityReport {
  const figures = [
    falseMergesByModel(input),
    falseMergesByLabels(input),
    reviewYield(input),
    reviewWaiting(input),
    unlinkable(input),
    recordsPerPerson(input),
    conflicts(input),
  ];
  return {
    edition: input.edition,
    measuredAt: input.measured?.at.toISOString() ?? null,
    answer: answerOf(figures),
    figures,
    asOf: input.now.toISOString(),
  };
}

function answerOf([byModel, byLabels]: readonly ReportFigure[]): IdentityReport['answer'] {
  if (byModel?.value == null) {
    return byLabels?.value == null
      ? { zh: '合并有多少是错的，目前还说不上来。', en: 'How many merges are wrong cannot be told yet.' }
      : { zh: byLabels.sentence.zh, en: byLabels.sentence.en };
  }
  const against = {
    good: { zh: '在不超过 1 次的目标之内', en: 'within the target of 1' },
    watch: { zh: '可能超过 1 次的目标', en: 'possibly above the target of 1' },
    bad: { zh: '超过 1 次的目标', en: 'above the target of 1' },
  } as const;
  const verdict = against[byModel.state === 'good' || byModel.state === 'watch' ? byModel.state : 'bad'];
  const proof =
    byLabels?.value == null
      ? { zh: '人工核对还太少，不能证实。', en: 'People have looked at too few pairs to confirm it.' }
      : byLabels.state === 'good'
        ? { zh: '人工核对也支持这一点。', en: 'What people decided confirms it.' }
        : byLabels.state === 'bad'
          ? { zh: '但人工核对发现的错误更多，请检查模型。', en: 'But people found more mistakes than that: check the model.' }
          : { zh: '人工核对没有发现矛盾，但数量还不足以证实。', en: 'What people decided does not contradict it, but is too little to confirm it.' };
  return {
    zh: `模型估计每 10 万条记录有${timesZh(byModel.value)}错误合并，${verdict.zh}；${proof.zh}`,
    en: `The model expects ${per(byModel.value)} false merges per 100,000 records, ${verdict.en}. ${proof.en}`,
  };
}

const per = (value: number): string => (value > 0 && value < 0.01 ? '<0.01' : value >= 100 ? value.toFixed(0) : value.toFixed(2));
const timesZh = (value: number): string => (value > 0 && value < 0.01 ? '不到 0.01 次' : `约 ${per(value)} 次`);
const share = (value: number): string => `${(value * 100).toFixed(1)}%`;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

const NOT_MEASURED = {
  zh: '还没有测量，先点“测量”或运行 xinglin model report --measure。',
  en: 'Not measured yet: press Measure or run xinglin model report --measure.',
};
const stateOf = (value: number, upper: number): ReportFigure['state'] =>
  upper <= FALSE_MERGES_TARGET ? 'good' : value <= FALSE_MERGES_TARGET ? 'watch' : 'bad';

function falseMergesByModel({ measured }: ReportInput): ReportFigure {
  const shape = {
    id: 'false-merges-model',
    name: { zh: '错误合并（模型估计）', en: 'False merges, by the model' },
    unit: 'per-100000',
    target: FALSE_MERGES_TARGET,
    method: {
      zh: '按分数合并的每一步以“1 减去该对的概率”计为可能的错误，相加后折算到每 10 万条记录；区间反映合并多少带来的波动，不含模型本身的偏差。只在模型的概率可信时成立。由证件号或病案号直接合并的不计入，因为分数说不出它们错多少。',
      en: 'Every merge by score counts one minus its probability; the sum is set against 100,000 records. The interval covers which merges happened to be there, not what the model itself may get wrong: the figure holds only as far as its probabilities do. Merges by an id or record number are left out: no score tells how often those are wrong.',
    },
  } as const;
  if (measured === null) return { ...shape, value: null, lower: null, upper: null, n: 0, state: 'unknown', sentence: NOT_MEASURED, parts: [] };
  const { merges, byNumber, perHundredThousand: value, lower, upper } = measured.figures.falseMerges;
  const parts = [
    { code: 'by-score', name: { zh: '按分数合并', en: 'merged by score' }, count: Math.round(merges) },
    { code: 'by-number', name: { zh: '按证件号或病案号合并', en: 'merged by an id or record number' }, count: Math.round(byNumber) },
  ];
  if (merges < 1) {
    const sentence = { zh: '目前没有按分数合并的记录，谈不上错误率。', en: 'No records are merged by score so far, so there is no rate to speak of.' };
    return { ...shape, value: null, lower: null, upper: null, n: 0, state: 'unknown', sentence, parts };
  }
  const sentence = {
    zh: `模型估计每 10 万条记录有${timesZh(value)}错误合并（95% 区间 ${per(lower)}–${per(upper)}），依据 ${whole(merges)} 次按分数的合并。`,
    en: `The model expects ${per(value)} false merges per 100,000 records (95 % interval ${per(lower)}–${per(upper)}), from ${whole(merges)} merges by score.`,
  };
  return { ...shape, value, lower, upper, n: Math.round(merges), state: stateOf(value, upper), sentence, parts };
}

function falseMergesByLabels({ measured, labels }: ReportInput): ReportFigure {
  const { joined, joinedWrong } = labels;
  const shape = {
    id: 'false-merges-labels',
    name: { zh: '错误合并（人工核对）', en: 'False merges, by people’s decisions' },
    unit: 'per-100000',
    target: FALSE_MERGES_TARGET,
    n: joined,
    method: {
      zh: `在人工判断过、且模型会自动合并的成对记录中，被判为不同人的比例，乘以每 10 万条记录的合并次数；区间按稀有事件（泊松）计算。少于 ${labels.few} 对不给数字。被人工看过的多是可疑的，所以这个数偏高。`,
      en: `Of pairs that people decided and the model would join by itself, the share decided to be two people, times the merges per 100,000 records, with a Poisson interval. Fewer than ${labels.few} pairs give no figure. People mostly look at doubtful pairs, so it errs on the high side.`,
    },
    parts: [
      { code: 'joined', name: { zh: '模型会合并的已判断对', en: 'decided pairs the model joins' }, count: joined },
      { code: 'joined-wrong', name: { zh: '其中判为不同人', en: 'of these decided to be two people' }, count: joinedWrong },
    ],
  } as const;
  if (joined < labels.few || measured === null || measured.figures.records === 0) {
    const sentence = {
      zh: `样本不足：模型会自动合并的成对记录中，人工只判断过 ${joined} 对，至少需要 ${labels.few} 对。可在审核页多核对几对。`,
      en: `Too little to say: people have decided ${joined} pairs the model would join by itself; ${labels.few} are needed. Look at more of them in the review queue.`,
    };
    return { ...shape, parts: [...shape.parts], value: null, lower: null, upper: null, state: 'unknown', sentence };
  }
  const mergesPer = ((measured.figures.falseMerges.merges + measured.figures.falseMerges.byNumber) / measured.figures.records) * 100_000;
  const interval = rareCount(joinedWrong);
  const [value, lower, upper] = [joinedWrong, interval.lower, interval.upper].map((count) => Math.min(1, count / joined) * mergesPer) as [
    number,
    number,
    number,
  ];
  const sentence = {
    zh: `人工判断过 ${joined} 对模型会合并的记录，其中 ${joinedWrong} 对是不同的人，折合每 10 万条记录 ${per(value)} 次（95% 区间 ${per(lower)}–${per(upper)}）。`,
    en: `People decided ${joined} pairs the model joins; ${joinedWrong} were two people, which is ${per(value)} per 100,000 records (95 % interval ${per(lower)}–${per(upper)}).`,
  };
  return { ...shape, parts: [...shape.parts], value, lower, upper, state: stateOf(value, upper), sentence };
}

function reviewYield({ decided, labels }: ReportInput): ReportFigure {
  const n = decided.match + decided.noMatch;
  const interval = wilson(decided.match, n);
  const shape = {
    id: 'review-yield',
    name: { zh: '审核命中率', en: 'Review yield' },
    unit: 'share',
    target: null,
    n,
    method: {
      zh: `最近 ${YIELD_DAYS} 天在审核页判断的项目中，判为同一人的比例（Wilson 区间）。撤销的不计；“以后再看”不计。`,
      en: `Of the review items decided in the last ${YIELD_DAYS} days, the share found to be one person (Wilson interval). What was undone or put off does not count.`,
    },
    parts: [
      { code: 'match', name: { zh: '判为同一人', en: 'one person' }, count: decided.match },
      { code: 'no-match', name: { zh: '判为不同人', en: 'two people' }, count: decided.noMatch },
    ],
  } as const;
  if (n < labels.few) {
    const sentence = {
      zh: `样本不足：最近 ${YIELD_DAYS} 天只判断了 ${n} 项，至少需要 ${labels.few} 项。`,
      en: `Too little to say: ${n} items were decided in the last ${YIELD_DAYS} days; ${labels.few} are needed.`,
    };
    return { ...shape, parts: [...shape.parts], value: null, lower: null, upper: null, state: 'unknown', sentence };
  }
  const value = decided.match / n;
  const sentence = {
    zh: `判断的 ${n} 项中有 ${share(value)} 是同一人（95% 区间 ${share(interval?.lower ?? 0)}–${share(interval?.upper ?? 1)}）。`,
    en: `Of ${n} items decided, ${share(value)} were one person (95 % interval ${share(interval?.lower ?? 0)}–${share(interval?.upper ?? 1)}).`,
  };
  return { ...shape, parts: [...shape.parts], value, lower: interval?.lower ?? null, upper: interval?.upper ?? null, state: 'none', sentence };
}

const AGES = [
  { code: 'day', days: 1, name: { zh: '一天以内', en: 'within a day' } },
  { code: 'week', days: 7, name: { zh: '一周以内', en: 'within a week' } },
  { code: 'month', days: WAITING_DAYS_MAX, name: { zh: '30 天以内', en: 'within 30 days' } },
  { code: 'older', days: Number.POSITIVE_INFINITY, name: { zh: '超过 30 天', en: 'over 30 days' } },
] as const;

function reviewWaiting({ queue, now }: ReportInput): ReportFigure {
  const counts = AGES.map(() => 0);
  let [later, oldest] = [0, 0];
  for (const { state, found_at, items } of queue) {
    if (state === 'later') {
      later += items;
      continue;
    }
    const days = Math.max(0, (now.getTime() - found_at.getTime()) / DAY_MS);
    oldest = Math.max(oldest, days);
    const at = AGES.findIndex((age) => days < age.days);
    counts[at] = (counts[at] ?? 0) + items;
  }
  const waiting = counts.reduce((sum, count) => sum + count, 0);
  const old = counts.at(-1) ?? 0;
  const days = Math.floor(oldest);
  return {
    id: 'review-waiting',
    name: { zh: '待审核', en: 'Waiting for review' },
    value: waiting,
    lower: null,
    upper: null,
    unit: 'count',
    n: waiting,
    target: null,
    state: old > 0 ? 'watch' : 'good',
    sentence:
      waiting === 0
        ? { zh: '没有待审核的项目。', en: 'Nothing waits for review.' }
        : {
            zh: `有 ${whole(waiting)} 项待审核，最久的等了 ${days} 天${old > 0 ? `，其中 ${whole(old)} 项超过 ${WAITING_DAYS_MAX} 天` : ''}。`,
            en: `${whole(waiting)} items wait for review, the oldest for ${days} days${old > 0 ? `; ${whole(old)} for more than ${WAITING_DAYS_MAX} days` : ''}.`,
          },
    method: {
      zh: '审核队列中未处理的项目，按发现至今的天数分组；“以后再看”的另列。',
      en: 'Open items of the review queue by days since they were found; those put off are listed apart.',
    },
    parts: [
      ...AGES.map(({ code, name }, at) => ({ code: code as string, name, count: counts[at] ?? 0 })),
      { code: 'later', name: { zh: '以后再看', en: 'put off' }, count: later },
    ],
  };
}

function unlinkable({ measured }: ReportInput): ReportFigure {
  const shape = {
    id: 'unlinkable',
    name: { zh: '无法关联的记录', en: 'Records that cannot be linked' },
    unit: 'share',
    target: null,
    parts: [],
    method: {
      zh: '把记录与它自己比较：若所有字段都一致也达不到合并的概率，就是资料太少，凭分数永远无法关联（有同号仍可关联）。随机抽取最多 2 万条，Wilson 区间。',
      en: 'A record is compared with itself: if agreeing in everything it has still does not reach the threshold, it says too little ever to be linked by score (an equal number may still link it). Up to 20,000 records drawn at random; Wilson interval.',
    },
  } as const;
  const found = measured?.figures.unlinkable;
  if (found === undefined || found.share === null)
    return { ...shape, parts: [], value: null, lower: null, upper: null, n: 0, state: 'unknown', sentence: NOT_MEASURED };
  const sentence = {
    zh: `${share(found.share)} 的记录资料太少，与任何记录都达不到合并的概率（抽查 ${whole(found.n)} 条，95% 区间 ${share(found.lower ?? 0)}–${share(found.upper ?? 1)}）。`,
    en: `${share(found.share)} of records say too little to reach the threshold with any other (${whole(found.n)} looked at, 95 % interval ${share(found.lower ?? 0)}–${share(found.upper ?? 1)}).`,
  };
  return { ...shape, parts: [], value: found.share, lower: found.lower, upper: found.upper, n: found.n, state: 'none', sentence };
}

function recordsPerPerson({ perPerson }: ReportInput): ReportFigure {
  const people = perPerson.reduce((sum, each) => sum + each.people, 0);
  const records = perPerson.reduce((sum, each) => sum + each.people * each.records, 0);
  const most = perPerson.reduce((max, each) => Math.max(max, each.records), 0);
  const upTo = (least: number, last: number) =>
    perPerson.filter((each) => each.records >= least && each.records <= last).reduce((sum, each) => sum + each.people, 0);
  const groups = [[1, 1], [2, 2], [3, 3], [4, 5], [6, 10], [11, Number.POSITIVE_INFINITY]] as const; // biome-ignore format: a list
  return {
    id: 'records-per-person',
    name: { zh: '每人的记录数', en: 'Records per person' },
    value: people === 0 ? null : records / people,
    lower: null,
    upper: null,
    unit: 'ratio',
    n: people,
    target: null,
    state: people === 0 ? 'unknown' : 'none',
    sentence:
      people === 0
        ? { zh: '还没有患者。', en: 'There are no people yet.' }
        : {
            zh: `${whole(records)} 条记录归为 ${whole(people)} 人，平均每人 ${(records / people).toFixed(2)} 条，最多 ${most} 条。`,
            en: `${whole(records)} records are ${whole(people)} people, ${(records / people).toFixed(2)} each on average, ${most} at most.`,
          },
    method: { zh: '目前有效的关联，逐人计数。', en: 'Links in force now, counted person by person.' },
    parts: groups.map(([from, to]) => {
      const text = to === Number.POSITIVE_INFINITY ? `${from}+` : from === to ? String(from) : `${from}–${to}`;
      return { code: text, name: { zh: `${text} 条`, en: `${text} records` }, count: upTo(from, to) };
    }),
  };
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

function conflicts({ conflicts: found }: ReportInput): ReportFigure {
  const all = found.reduce((sum, each) => sum + each.count, 0);
  return {
    id: 'conflicts',
    name: { zh: '互相矛盾的记录', en: 'Records in conflict' },
    value: all,
    lower: null,
    upper: null,
    unit: 'count',
    n: all,
    target: null,
    state: all === 0 ? 'good' : 'watch',
    sentence:
      all === 0
        ? { zh: '没有互相矛盾的成对记录。', en: 'No pairs of records contradict each other.' }
        : {
            zh: `有 ${whole(all)} 对记录共用号码或高度相似，却因矛盾没有自动合并。`,
            en: `${whole(all)} pairs share a number or look alike, yet contradict each other and were not merged.`,
          },
    method: {
      zh: '规则拒绝自动合并、等待人工判断的成对记录，按原因计数。',
      en: 'Pairs the rules refused to merge by themselves, by reason; people decide them.',
    },
    parts: found.map(({ reason, count }) => ({ code: reason, name: CONFLICT_NAMES[reason] ?? { zh: '其他原因', en: 'another reason' }, count })),
  };
}
