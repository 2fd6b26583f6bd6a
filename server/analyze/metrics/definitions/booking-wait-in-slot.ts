import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { minutes, OWNERS, SEEN_BOOKING } from '../fragments.ts';

/** Coming an hour early is not a wait the hospital made. */
export const bookingWaitInSlot = metric({
  id: 'booking-wait-in-slot',
  name: { zh: '预约时段后平均等待时间', en: 'Wait after the booked time' },
  kind: 'mean',
  unit: 'minutes',
  direction: 'down',
  formula: {
    zh: 'Σ max(0, 进入诊室 − max(报到, 预约时段开始)) ÷ 有三个时刻的预约诊疗人次',
    en: 'Σ max(0, called − max(check-in, slot start)) ÷ booked visits with the three times',
  },
  origin: { clause: '三级公立医院绩效监测 2025 23 的补充口径 · DOMAIN C2', standing: 'own' },
  owner: OWNERS.outpatient,
  dimensions: [...PLACES, 'staff', 'channel', ...PEOPLE],
  sides: [
    {
      fact: 'appointment',
      at: 'f.arrived_at',
      where: `${SEEN_BOOKING} and f.starts_at is not null`,
      numerator: `greatest(0, ${minutes('greatest(f.arrived_at, f.starts_at)', 'f.called_at')})`,
      denominator: '1',
    },
  ],
});
