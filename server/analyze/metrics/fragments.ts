/** Conditions and expressions several definitions share, over the alias `f`. */
import type { Bilingual } from '@xinglin/contracts/api.ts';
import type { Lookup } from './definition.ts';

export const PERSON = 'coalesce(f.person_id, f.record_key)';
/** A visit that took place or is taking place. */
export const TOOK_PLACE = `coalesce(f.status, 'unknown') not in ('planned', 'cancelled')`;
export const STARTED = 'coalesce(f.started_at, f.occurred_at)';
export const OUTPATIENT = `f.class = 'outpatient' and ${TOOK_PLACE}`;
export const INPATIENT = `f.class = 'inpatient' and ${TOOK_PLACE}`;
export const DISCHARGED = `f.class = 'inpatient' and f.status = 'finished' and f.ended_at is not null`;
/** Length of stay: discharge day − admission day, and a stay within one day is one bed day (DOMAIN C1, trap F5). */
export const STAY_DAYS = `greatest(1, date_diff('day', {day ${STARTED}}, {day f.ended_at}))`;
export const LEFT_ALIVE_FOR_HOME = `coalesce(f.discharge_disposition, 'unknown') not in ('died', 'transfer')`;

export const hit = (condition: string): string => `case when ${condition} then 1 else 0 end`;

/** Whole minutes from one instant to another, each cut to its clock minute. */
export const minutes = (from: string, to: string): string => `date_diff('minute', date_trunc('minute', ${from}), date_trunc('minute', ${to}))`;

/** Charges of a visit, summed, so that a visit stays one row. */
export const visitCost: Lookup = {
  name: 'cost',
  sql: 'select c.encounter_key, sum(c.amount_fen) as fen from {charge} c where c.encounter_key is not null group by c.encounter_key',
  on: 'cost.encounter_key = f.encounter_key',
};

/** The overall question of a first survey on the 1–5 scale. A re-rating after a complaint was handled is its own survey and counts elsewhere. */
export const FIRST_SURVEY = `f.survey not like 'rerating@%'`;
export const OVERALL_OF_FIVE = `f.is_overall and f.score is not null and f.score_max = 5 and ${FIRST_SURVEY}`;
/** Would you recommend us, 0–10. */
export const RECOMMEND = `f.score is not null and f.score_max = 10 and f.question in ('nps', 'recommend') and ${FIRST_SURVEY}`;
/** Made before the day or by any way but the window: a registration at the window on the day itself is no booking. Where the time of booking is not given it is one. */
const bookedAhead = (alias: string): string => `not coalesce(${alias}.channel = 'window' and {day ${alias}.booked_at} = {day ${alias}.starts_at}, false)`;
/** Over the alias `a`: a booking that stood. */
export const KEPT_BOOKING = `coalesce(a.status, 'unknown') not in ('cancelled', 'noshow') and ${bookedAhead('a')}`;
/** A booked patient who checked in and was called; a call before check-in is a wrong clock. */
export const SEEN_BOOKING = `f.status in ('arrived', 'fulfilled') and f.called_at >= f.arrived_at and ${bookedAhead('f')}`;
/** Events that say a booking was made on the website or in the app. */
export const BOOKED_ONLINE = `f.kind = 'track' and lower(f.name) like 'appointment_booked%'`;
export const EARNED = 'not coalesce(f.is_paid, false)';
export const VISITOR_DAY = `concat(cast(coalesce(f.anonymous_key, f.person_id, f.record_key) as varchar), ' ', cast(f.day as varchar))`;

export const OWNERS = {
  medical: { zh: '医务处', en: 'Medical affairs' },
  outpatient: { zh: '门诊部', en: 'Outpatient department' },
  finance: { zh: '财务处', en: 'Finance' },
  quality: { zh: '质量管理科', en: 'Quality management' },
  laboratory: { zh: '检验科', en: 'Laboratory' },
  service: { zh: '用户运营中心', en: 'User-operations centre' },
  nursing: { zh: '护理部', en: 'Nursing' },
  brand: { zh: '品牌与宣传科', en: 'Brand and communication' },
} as const satisfies Record<string, Bilingual>;
