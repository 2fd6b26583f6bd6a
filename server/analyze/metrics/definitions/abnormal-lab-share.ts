import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { hit, OWNERS } from '../fragments.ts';

export const abnormalLabShare = metric({
  id: 'abnormal-lab-share',
  name: { zh: '检验异常结果占比', en: 'Share of abnormal laboratory results' },
  kind: 'share',
  unit: '%',
  direction: 'none',
  formula: { zh: '异常标志不为正常的检验结果 ÷ 有异常标志的正式检验结果', en: 'Results flagged other than normal ÷ final results that carry a flag' },
  origin: { clause: '自有口径 · SPEC D1', standing: 'own' },
  owner: OWNERS.laboratory,
  dimensions: [...PLACES, 'code', ...PEOPLE],
  sides: [
    {
      fact: 'observation',
      where: `f.category = 'laboratory' and coalesce(f.status, 'unknown') not in ('preliminary', 'cancelled') and coalesce(f.abnormal_flag, 'unknown') <> 'unknown'`,
      numerator: hit(`f.abnormal_flag <> 'N'`),
      denominator: '1',
    },
  ],
});
