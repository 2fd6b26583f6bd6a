import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { hit, OWNERS } from '../fragments.ts';

export const followUpAbnormalShare = metric({
  id: 'follow-up-abnormal-share',
  name: { zh: '随访异常发现率', en: 'Follow-ups with an abnormal finding' },
  kind: 'share',
  unit: '%',
  direction: 'none',
  formula: { zh: '结果异常的随访 ÷ 完成的随访', en: 'Follow-ups whose finding was abnormal ÷ follow-ups done' },
  origin: { clause: '自有口径 · DOMAIN C7', standing: 'own' },
  owner: OWNERS.nursing,
  dimensions: [...PLACES, 'plan_template', 'step', 'mode', ...PEOPLE],
  sides: [
    {
      fact: 'followup',
      at: 'f.due_at',
      where: `f.status = 'done'`,
      numerator: hit(`f.finding = 'abnormal'`),
      denominator: '1',
    },
  ],
});
