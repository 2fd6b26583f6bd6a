import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { minutes, OUTPATIENT, OWNERS, STARTED } from '../fragments.ts';

export const visitDuration = metric({
  id: 'visit-duration',
  name: { zh: '门诊就诊时长', en: 'Duration of an outpatient visit' },
  kind: 'mean',
  unit: 'minutes',
  direction: 'down',
  formula: {
    zh: 'Σ（结束 − 开始）÷ 有起止时间的门诊人次，只计 24 小时以内的',
    en: 'Σ (end − start) ÷ outpatient visits with both times, those shorter than 24 hours',
  },
  origin: { clause: '改善就医感受 · DOMAIN C3', standing: 'own' },
  owner: OWNERS.outpatient,
  dimensions: [...PLACES, 'staff', 'disease', ...PEOPLE],
  sides: [
    {
      fact: 'encounter',
      at: STARTED,
      where: `${OUTPATIENT} and f.ended_at > f.started_at and f.ended_at < f.started_at + interval '24' hour`,
      numerator: minutes('f.started_at', 'f.ended_at'),
      denominator: '1',
    },
  ],
});
