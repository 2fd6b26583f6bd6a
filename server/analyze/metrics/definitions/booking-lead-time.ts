import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS } from '../fragments.ts';

export const bookingLeadTime = metric({
  id: 'booking-lead-time',
  name: { zh: '预约提前天数', en: 'Days between booking and slot' },
  kind: 'mean',
  unit: 'days',
  direction: 'none',
  formula: { zh: 'Σ（就诊时段日 − 预约日）÷ 预约数', en: 'Σ (day of the slot − day of booking) ÷ bookings' },
  origin: { clause: '自有口径 · SPEC D5', standing: 'own' },
  owner: OWNERS.outpatient,
  dimensions: [...PLACES, 'staff', 'channel', ...PEOPLE],
  sides: [
    {
      fact: 'appointment',
      at: 'f.booked_at',
      where: 'f.starts_at >= f.booked_at',
      numerator: `date_diff('day', {day f.booked_at}, {day f.starts_at})`,
      denominator: '1',
    },
  ],
});
