import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { hit, KEPT_BOOKING, OUTPATIENT, OWNERS, PERSON, STARTED } from '../fragments.ts';

/** The booking system seldom knows the visit number of the HIS, so a booking of the same person, department and day also marks the visit. */
export const bookingRate = metric({
  id: 'booking-rate',
  name: { zh: '预约诊疗率', en: 'Booking rate' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: {
    zh: '预约诊疗人次 ÷ 门诊总人次（不含急诊、体检）；预约含网上、电话、院内登记、双向转诊，当日窗口挂号不算',
    en: 'Outpatient visits that were booked ÷ outpatient visits; any way of booking counts, a same-day registration at the window does not',
  },
  origin: { clause: '三级公立医院绩效监测 2025 22 · DOMAIN C2', standing: 'read' },
  owner: OWNERS.outpatient,
  dimensions: [...PLACES, 'staff', 'disease', ...PEOPLE],
  sides: [
    {
      fact: 'encounter',
      at: STARTED,
      where: OUTPATIENT,
      numerator: hit('booked_visit.encounter_key is not null or booked_day.person is not null'),
      denominator: '1',
      joins: [
        {
          name: 'booked_visit',
          sql: `select distinct a.encounter_key from {appointment} a where a.encounter_key is not null and ${KEPT_BOOKING}`,
          on: 'booked_visit.encounter_key = f.encounter_key',
        },
        {
          name: 'booked_day',
          sql: `select distinct coalesce(a.person_id, a.record_key) as person, {day a.starts_at} as day, a.department
            from {appointment} a where a.starts_at is not null and a.record_key is not null and ${KEPT_BOOKING}`,
          on: `booked_day.person = ${PERSON} and booked_day.day = {day ${STARTED}} and booked_day.department = f.department`,
        },
      ],
    },
  ],
});
