import { metric } from '../definition.ts';
import { BOOKED_ONLINE, hit, OWNERS, VISITOR_DAY } from '../fragments.ts';

export const bookingConversion = metric({
  id: 'booking-conversion',
  name: { zh: '线上预约转化率', en: 'Online booking conversion' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: { zh: '当天完成预约的访客日 ÷ 有访问的访客日', en: 'Visitor days with a booking made ÷ visitor days' },
  origin: { clause: '自有口径 · SPEC D7', standing: 'own' },
  owner: OWNERS.brand,
  dimensions: ['campus_id', 'source', 'channel', 'campaign'],
  sides: [
    {
      fact: 'event',
      where: `f.kind in ('page', 'screen', 'track')`,
      numerator: hit(BOOKED_ONLINE),
      denominator: '1',
      unit: VISITOR_DAY,
    },
  ],
});
