import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS } from '../fragments.ts';

export const criticalResults = metric({
  id: 'critical-results',
  name: { zh: '检验危急值数', en: 'Critical laboratory results' },
  kind: 'count',
  unit: 'count',
  direction: 'none',
  formula: { zh: '异常标志为 HH 或 LL 的正式检验结果数', en: 'Final results flagged HH or LL' },
  origin: { clause: '危急值报告制度 · DOMAIN C7', standing: 'general' },
  owner: OWNERS.laboratory,
  dimensions: [...PLACES, 'code', ...PEOPLE],
  sides: [
    {
      fact: 'observation',
      where: `f.category = 'laboratory' and coalesce(f.status, 'unknown') not in ('preliminary', 'cancelled') and f.abnormal_flag in ('HH', 'LL')`,
      numerator: '1',
    },
  ],
});
