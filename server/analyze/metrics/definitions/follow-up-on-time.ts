import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { hit, OWNERS } from '../fragments.ts';

export const followUpOnTime = metric({
  id: 'follow-up-on-time',
  name: { zh: '随访及时率', en: 'Follow-ups done in time' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: {
    zh: '完成于 [应访日 − 1 天, 应访日 + 2 天] 的随访 ÷ 应访任务（已取消、窗口未结束且未完成的不计）',
    en: 'Follow-ups done between one day before and two days after the due day ÷ follow-ups due; cancelled ones and those whose window is still open are left out',
  },
  origin: { clause: '随访及时率 · DOMAIN C7', standing: 'read' },
  owner: OWNERS.nursing,
  dimensions: [...PLACES, 'plan_template', 'step', 'mode', ...PEOPLE],
  sides: [
    {
      fact: 'followup',
      at: 'f.due_at',
      where: `f.status <> 'cancelled' and (f.status = 'done' or date_diff('day', {day f.due_at}, {today}) > 2)`,
      numerator: hit(`f.status = 'done' and date_diff('day', {day f.due_at}, {day f.done_at}) between -1 and 2`),
      denominator: '1',
    },
  ],
});
