/** The referral office's register: patients a community clinic sends up, and those discharged into one's care. */
import { localText } from '../calendar.ts';
import { CLINICS } from '../city/districts.ts';
import { HOSPITAL } from '../city/hospital.ts';
import { xlsxLine } from '../doors/xlsx.ts';
import { Random, STREAM } from '../random.ts';
import type { Context } from './context.ts';
import type { Scene } from './scene.ts';

const random = new Random();
const UP = ['基层诊断不明，需进一步检查', '病情反复，控制不佳', '需手术治疗', '需专科评估', '复查评估后回社区'];
const DOWN = ['病情稳定，回社区继续康复', '慢病规范管理', '术后换药与康复训练'];

/** `direction`: `up` from a clinic with a booking, `down` at discharge. */
export function sayReferral(context: Context, scene: Scene, direction: 'up' | 'down', askedAt: number, receivedAt: number | null): void {
  if (!context.wants('referral')) return;
  const { visit, record, mrn } = scene;
  random.at(context.world.seed, STREAM.referral, visit.person.id, visit.ordinal * 2 + (direction === 'up' ? 0 : 1));
  const clinic = CLINICS[visit.person.household.id % CLINICS.length] as string;
  const isUp = direction === 'up';
  const places = isUp ? ['上转', clinic, HOSPITAL.nameZh] : ['下转', HOSPITAL.nameZh, clinic];
  const received = receivedAt !== null && context.happens(receivedAt) ? localText(receivedAt) : '';
  const who = [mrn, record.name, record.phone];
  const what = [scene.department, scene.departmentName, visit.path.nameZh, random.pick(isUp ? UP : DOWN)];
  const status = receivedAt === null ? '未到诊' : received === '' ? '待接诊' : '已接诊';
  context.say(
    'referral',
    askedAt,
    xlsxLine([`Z${scene.number.slice(1)}${isUp ? 'U' : 'D'}`, ...places, ...who, ...what, localText(askedAt), received, status]),
  );
}
