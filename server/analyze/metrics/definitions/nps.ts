import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS, RECOMMEND } from '../fragments.ts';

export const nps = metric({
  id: 'nps',
  name: { zh: '净推荐值 NPS', en: 'Net promoter score' },
  kind: 'nps',
  unit: 'nps',
  direction: 'up',
  neverMix: 'mode',
  formula: { zh: '推荐意愿 9–10 分占比 − 0–6 分占比，范围 −100…100', en: 'Share of 9–10 − share of 0–6 on the recommendation question, −100…100' },
  origin: { clause: 'NPS · DOMAIN C4', standing: 'read' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'staff', 'mode', 'survey', ...PEOPLE],
  sides: [
    {
      fact: 'survey_answer',
      where: RECOMMEND,
      numerator: 'case when f.score >= 9 then 1 when f.score <= 6 then -1 else 0 end',
      denominator: '1',
    },
  ],
});
