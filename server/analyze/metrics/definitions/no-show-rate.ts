import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { hit, OWNERS } from '../fragments.ts';

export const noShowRate = metric({
  id: 'no-show-rate',
  name: { zh: '爽约率', en: 'No-show rate' },
  kind: 'share',
  unit: '%',
  direction: 'down',
  formula: { zh: '爽约数 ÷（爽约数 + 已报到或已就诊数），按就诊时段日计', en: 'No-shows ÷ (no-shows + arrived or seen), by the day of the slot' },
  origin: { clause: '自有口径 · SPEC E5', standing: 'general' },
  owner: OWNERS.outpatient,
  dimensions: [...PLACES, 'staff', 'channel', ...PEOPLE],
  sides: [
    {
      fact: 'appointment',
      at: 'f.starts_at',
      where: `f.status in ('noshow', 'arrived', 'fulfilled')`,
      numerator: hit(`f.status = 'noshow'`),
      denominator: '1',
    },
  ],
});
