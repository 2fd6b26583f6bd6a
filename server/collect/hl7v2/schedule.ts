/** SIU → appointments: SCH with the resources around it. Cancelled and missed bookings stay visible; only S17 takes one back. */
import type { SourceCode } from '@xinglin/contracts';
import { sourceCode } from '../statement.ts';
import { type Context, keyOf, placeOf, said, staffOf, timeOf } from './context.ts';
import type { Segment } from './message.ts';

type AppointmentStatus = 'booked' | 'arrived' | 'fulfilled' | 'cancelled' | 'noshow' | 'unknown';
/** SCH-25, table 0278 and Chinese writings. */
const STATUS: Readonly<Record<string, AppointmentStatus>> = {
  PENDING: 'booked',
  WAITLIST: 'booked',
  BOOKED: 'booked',
  OVERBOOK: 'booked',
  ARRIVED: 'arrived',
  STARTED: 'arrived',
  COMPLETE: 'fulfilled',
  COMPLETED: 'fulfilled',
  CANCELLED: 'cancelled',
  DC: 'cancelled',
  DELETED: 'cancelled',
  NOSHOW: 'noshow',
  已预约: 'booked',
  已报到: 'arrived',
  已就诊: 'fulfilled',
  已取消: 'cancelled',
  爽约: 'noshow',
};
const TRIGGER: Readonly<Record<string, AppointmentStatus>> = {
  S15: 'cancelled',
  S16: 'cancelled',
  S17: 'cancelled',
  S20: 'cancelled',
  S21: 'cancelled',
  S22: 'cancelled',
  S26: 'noshow',
};
const CHANNEL: readonly [RegExp, string][] = [
  [/微信|wechat/i, 'wechat'],
  [/app/i, 'app'],
  [/网站|web/i, 'web'],
  [/电话|phone|tel/i, 'phone'],
  [/窗口|window|desk/i, 'window'],
  [/自助|kiosk/i, 'kiosk'],
  [/转诊|referral/i, 'referral'],
];

export interface SchedulingParts {
  readonly sch: Segment;
  readonly tq1: Segment | undefined;
  readonly ais: Segment | undefined;
  readonly ail: Segment | undefined;
  readonly aip: Segment | undefined;
}

export function readAppointment({ sch, tq1, ais, ail, aip }: SchedulingParts, { envelope, patient, draft }: Context): void {
  const localId = sch.get(2) || sch.get(1);
  const starts =
    (ais === undefined ? null : timeOf(ais, 4, envelope.zone)) ??
    (tq1 === undefined ? null : timeOf(tq1, 7, envelope.zone)) ??
    timeOf(sch, 11, envelope.zone, 4) ??
    (aip === undefined ? null : timeOf(aip, 6, envelope.zone));
  if (localId === '' && starts === null) return;
  const at = starts ?? envelope.at;
  const said25 = STATUS[(sch.get(25) || sch.get(25, 2)).toUpperCase()];
  const status = TRIGGER[envelope.trigger] ?? said25 ?? (/^S1[234]$/.test(envelope.trigger) ? 'booked' : 'unknown');
  const channel = CHANNEL.find(([pattern]) => pattern.test(sch.get(8, 2)))?.[1] ?? null;
  draft.add({
    fact: 'appointment',
    subject: patient.subject,
    localId: localId === '' ? keyOf(patient.subject.value, at.iso) : localId,
    encounterLocalId: patient.encounterLocalId,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: envelope.versionAt,
    deleted: envelope.trigger === 'S17',
    values: said({
      department_code: departmentOf(ail, patient.department),
      staff_code: (aip === undefined ? null : staffOf(aip, 3)) ?? patient.staff,
      status,
      channel,
      booked_at: envelope.trigger === 'S12' ? envelope.versionAt : null,
      starts_at: starts?.iso ?? null,
      arrived_at: status === 'arrived' ? envelope.versionAt : null,
    }),
  });
}

/** AIL-3, else where the patient is; the description of the place teaches its name. */
const departmentOf = (ail: Segment | undefined, otherwise: SourceCode | null): SourceCode | null =>
  ail === undefined ? otherwise : (placeOf(ail, 3) ?? sourceCode(ail.get(3, 4), null) ?? otherwise);
