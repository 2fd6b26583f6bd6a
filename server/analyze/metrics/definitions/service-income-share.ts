import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS } from '../fragments.ts';

export const serviceIncomeShare = metric({
  id: 'service-income-share',
  name: { zh: '医疗服务收入占比', en: 'Share of medical-service income' },
  kind: 'ratio',
  unit: '%',
  direction: 'up',
  formula: { zh: '医疗服务收入（不含药品、耗材、检查、检验）÷ 医疗收入', en: 'Charges other than drugs, consumables, exams and laboratory ÷ all charges' },
  origin: { clause: '三级公立医院绩效监测 2025 31 · DOMAIN C2', standing: 'read' },
  owner: OWNERS.finance,
  dimensions: [...PLACES, 'staff', 'payment_type', ...PEOPLE],
  sides: [
    {
      fact: 'charge',
      where: 'f.amount_fen is not null',
      numerator: `case when f.category in ('drug', 'consumable', 'exam', 'laboratory') then 0 else f.amount_fen end`,
      denominator: 'f.amount_fen',
    },
  ],
});
