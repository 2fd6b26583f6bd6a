/** The quality report: what is known about mistakes in who is one person, in plain words, and plainly what is not known. Pure over counts. */
import type { IdentityReport, ReportFigure } from '@xinglin/contracts/api.ts';
import { falseMergesByLabels, falseMergesByModel, per, timesZh } from './false-merges.ts';
import type { ReportInput } from './figure.ts';
import { conflicts, recordsPerPerson, unlinkable } from './records.ts';
import { reviewWaiting, reviewYield } from './reviews.ts';

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
