/** What the wards hand over: beds of the day before, and the month's rosters of doctors and nurses. */
import { civil, DAY, dayDashed, firstDayOfMonth, monthIndexOf, weekday } from '../calendar.ts';
import { SLOW_WARDS } from '../city/hospital.ts';
import { xlsxLine } from '../doors/xlsx.ts';
import type { Census } from '../flow/census.ts';
import { onDuty } from '../health/plan.ts';
import type { Context } from './context.ts';

/** The statistics room counts at midnight and sends ten minutes later. */
export function sayBeds(context: Context, day: number, census: Census): void {
  const { wards, departments } = context.world.hospital;
  const at = (day + 1) * DAY + 600;
  wards.forEach((ward, w) => {
    const { admitted, discharged, present } = census.of(w, day);
    const department = departments[ward.department];
    const before = present - admitted + discharged;
    const rate = ((100 * present) / ward.beds).toFixed(1);
    const where = [dayDashed(day), ward.code, ward.nameZh, department?.code, department?.nameZh];
    context.say('bed', at, xlsxLine([...where, ward.beds, Math.max(0, present - ward.beds), before, admitted, discharged, present, rate]));
  });
}

const WEEKDAYS = ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'];
const EMERGENCY = 'EMER';
const SLOTS_MINUTES = 210;

/** The clinic rosters of a day, and who is on duty in emergency that night. Published before the month begins. */
export function sayDoctorRoster(context: Context, day: number): void {
  const { departments, doctors, doctorsOf } = context.world.hospital;
  const at = publishedAt(day);
  departments.forEach((department, d) => {
    const own = doctorsOf[d] as readonly number[];
    const row = (doctor: number, shift: string, kind: string, slots: number | ''): void => {
      const { code, nameZh, titleZh } = doctors[doctor] as (typeof doctors)[number];
      context.say(
        'roster-doctor',
        at,
        xlsxLine([dayDashed(day), WEEKDAYS[weekday(day)], shift, department.code, department.nameZh, code, nameZh, titleZh, kind, slots]),
      );
    };
    for (const [session, shift] of [
      [0, '上午'],
      [1, '下午'],
    ] as const) {
      for (const doctor of own) {
        const { roster, leftDay, titleZh } = doctors[doctor] as (typeof doctors)[number];
        if (day >= leftDay || (roster & (1 << (weekday(day) * 2 + session))) === 0) continue;
        row(doctor, shift, titleZh === '主任医师' ? '专家门诊' : '普通门诊', Math.floor(SLOTS_MINUTES / department.consultMinutes));
      }
    }
    if (department.code === EMERGENCY) for (const doctor of onDuty(own, day)) row(doctor, '夜班', '急诊值班', '');
  });
}

/** Shifts in turn; on the wards that answer slowly at night half as many nurses have nights (effects: `nightNursing`). */
const TURN = [...'AAPN休'];
const TURN_THIN = [...'AAAP休AAPN休'];

/** A line per nurse with a column per day, as head nurses write it. */
export function sayNurseRoster(context: Context, firstDay: number): void {
  const { wards, nursesOf } = context.world.hospital;
  const at = publishedAt(firstDay);
  const days = firstDayOfMonth(monthIndexOf(firstDay) + 1) - firstDay;
  wards.forEach((ward, w) => {
    const turn = SLOW_WARDS.has(ward.code) ? TURN_THIN : TURN;
    (nursesOf[w] ?? []).forEach(({ code, nameZh, titleZh, level }, n) => {
      const shifts = Array.from({ length: days }, (_, d) => turn[(firstDay + d + n * 3) % turn.length]);
      context.say('roster-nurse', at, xlsxLine([ward.code, ward.nameZh, code, nameZh, titleZh, level, ...shifts]));
    });
  });
}

/** Rosters come out on the 25th of the month before; those of the first month, with its first day. */
const publishedAt = (day: number): number => (day - civil(day).date + 1) * DAY - 5 * DAY;
