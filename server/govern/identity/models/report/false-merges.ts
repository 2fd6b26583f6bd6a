import type { ReportFigure } from '@xinglin/contracts/api.ts';
import { rareCount } from '../statistics.ts';
import { type About, figure, NOT_MEASURED, type ReportInput, whole } from './figure.ts';

/** Of 100,000 records at most one may stand with a person it does not belong to (DOMAIN B13). */
const FALSE_MERGES_TARGET = 1;

export const per = (value: number): string => (value > 0 && value < 0.01 ? '<0.01' : value >= 100 ? value.toFixed(0) : value.toFixed(2));
/** Ends of an interval; below a hundredth they are rounded outwards. */
const ends = (lower: number, upper: number): string => `${lower < 0.01 ? '0' : per(lower)}–${upper < 0.01 ? '0.01' : per(upper)}`;
export const timesZh = (value: number): string => (value > 0 && value < 0.01 ? '不到 0.01 次' : `约 ${per(value)} 次`);
const stateOf = (value: number, upper: number): ReportFigure['state'] =>
  upper <= FALSE_MERGES_TARGET ? 'good' : value <= FALSE_MERGES_TARGET ? 'watch' : 'bad';

export function falseMergesByModel({ measured }: ReportInput): ReportFigure {
  const about: About = {
    id: 'false-merges-model',
    name: { zh: '错误合并（模型估计）', en: 'False merges, by the model' },
    unit: 'per-100000',
    target: FALSE_MERGES_TARGET,
    method: {
      zh: '按分数合并的每一步以“1 减去该对的概率”计为可能的错误，相加后折算到每 10 万条记录；区间反映合并多少带来的波动，不含模型本身的偏差。只在模型的概率可信时成立。由证件号或病案号直接合并的不计入，因为分数说不出它们错多少。',
      en: 'Every merge by score counts one minus its probability; the sum is set against 100,000 records. The interval covers which merges happened to be there, not what the model itself may get wrong: the figure holds only as far as its probabilities do. Merges by an id or record number are left out: no score tells how often those are wrong.',
    },
  };
  if (measured === null) return figure(about, { sentence: NOT_MEASURED });
  const { merges, byNumber, perHundredThousand: value, lower, upper } = measured.figures.falseMerges;
  const parts = [
    { code: 'by-score', name: { zh: '按分数合并', en: 'merged by score' }, count: Math.round(merges) },
    { code: 'by-number', name: { zh: '按证件号或病案号合并', en: 'merged by an id or record number' }, count: Math.round(byNumber) },
  ];
  if (merges < 1) {
    const sentence = { zh: '目前没有按分数合并的记录，谈不上错误率。', en: 'No records are merged by score so far, so there is no rate to speak of.' };
    return figure(about, { sentence, parts });
  }
  const sentence = {
    zh: `模型估计每 10 万条记录有${timesZh(value)}错误合并（95% 区间 ${ends(lower, upper)}），依据 ${whole(merges)} 次按分数的合并。`,
    en: `The model expects ${per(value)} false merges per 100,000 records (95 % interval ${ends(lower, upper)}), from ${whole(merges)} merges by score.`,
  };
  return figure(about, { value, lower, upper, n: Math.round(merges), state: stateOf(value, upper), sentence, parts });
}

export function falseMergesByLabels({ measured, labels }: ReportInput): ReportFigure {
  const { joined, joinedWrong } = labels;
  const about: About = {
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
  };
  if (joined < labels.few || measured === null || measured.figures.records === 0) {
    const sentence = {
      zh: `样本不足：模型会自动合并的成对记录中，人工只判断过 ${joined} 对，至少需要 ${labels.few} 对。可在审核页多核对几对。`,
      en: `Too little to say: people have decided ${joined} pairs the model would join by itself; ${labels.few} are needed. Look at more of them in the review queue.`,
    };
    return figure(about, { sentence });
  }
  const mergesPer = ((measured.figures.falseMerges.merges + measured.figures.falseMerges.byNumber) / measured.figures.records) * 100_000;
  const interval = rareCount(joinedWrong);
  const [value, lower, upper] = [joinedWrong, interval.lower, interval.upper].map((count) => Math.min(1, count / joined) * mergesPer) as [
    number,
    number,
    number,
  ];
  const sentence = {
    zh: `人工判断过 ${joined} 对模型会合并的记录，其中 ${joinedWrong} 对是不同的人，折合每 10 万条记录 ${per(value)} 次（95% 区间 ${ends(lower, upper)}）。`,
    en: `People decided ${joined} pairs the model joins; ${joinedWrong} were two people, which is ${per(value)} per 100,000 records (95 % interval ${ends(lower, upper)}).`,
  };
  return figure(about, { value, lower, upper, state: stateOf(value, upper), sentence });
}
