import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { minutes, OWNERS, SEEN_BOOKING } from '../fragments.ts';

/** Minutes are differences of the clock minute, as the indicator asks for times to the minute. */
export const bookingWait = metric({
  id: 'booking-wait',
  name: { zh: '预约后平均等待时间', en: 'Wait after check-in of booked patients' },
  kind: 'mean',
  unit: 'minutes',
  direction: 'down',
  formula: {
    zh: 'Σ（进入诊室 − 报到）÷ 有两个时刻的预约诊疗人次，精确到分钟',
    en: 'Σ (called into the room − check-in) ÷ booked visits with both times, to the minute',
  },
  origin: { clause: '三级公立医院绩效监测 2025 23 · DOMAIN C2', standing: 'read' },
  owner: OWNERS.outpatient,
  dimensions: [...PLACES, 'staff', 'channel', ...PEOPLE],
  sides: [
    {
      fact: 'appointment',
      at: 'f.arrived_at',
      where: SEEN_BOOKING,
      numerator: minutes('f.arrived_at', 'f.called_at'),
      denominator: '1',
    },
  ],
});
