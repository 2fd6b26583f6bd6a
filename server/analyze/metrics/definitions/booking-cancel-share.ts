import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { hit, OWNERS } from '../fragments.ts';

export const bookingCancelShare = metric({
  id: 'booking-cancel-share',
  name: { zh: '预约取消率', en: 'Share of bookings cancelled' },
  kind: 'share',
  unit: '%',
  direction: 'down',
  formula: { zh: '已取消预约 ÷ 全部预约，按预约提交日计', en: 'Bookings cancelled ÷ bookings, by the day they were made' },
  origin: { clause: '自有口径 · SPEC E5', standing: 'own' },
  owner: OWNERS.outpatient,
  dimensions: [...PLACES, 'staff', 'channel', ...PEOPLE],
  sides: [
    {
      fact: 'appointment',
      at: 'coalesce(f.booked_at, f.occurred_at)',
      numerator: hit(`f.status = 'cancelled'`),
      denominator: '1',
    },
  ],
});
