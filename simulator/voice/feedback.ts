/** What people answer, complain about and post after a visit: scores first, then words that fit them, with the truth of both. */
import { DAY, hourAt, wakingTime, weekday } from '../calendar.ts';
import { departmentIndex } from '../city/departments.ts';
import { EFFECTS } from '../effects.ts';
import { improvementDay } from '../flow/clinic.ts';
import { DRUGS } from '../health/items.ts';
import { SURGERY } from '../health/paths.ts';
import type { Visit } from '../health/plan.ts';
import { clamp, Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';
import { LAY, layDepartment } from './lay.ts';
import type { Aspect } from './phrases.ts';
import { type Opinion, type Platform, type Slots, speak } from './speak.ts';

/** The national questionnaires' dimensions (DOMAIN C4): outpatient six, inpatient nine. */
export const OUTPATIENT_QUESTIONS = [
  ['registration', '挂号体验'],
  ['nurse-communication', '护士沟通'],
  ['doctor-communication', '医生沟通'],
  ['environment', '环境与标识'],
  ['response', '医务人员回应'],
  ['privacy', '隐私保护'],
] as const;
export const INPATIENT_QUESTIONS = [
  ['nurse-communication', '护士沟通'],
  ['doctor-communication', '医生沟通'],
  ['discharge-information', '出入院手续和信息'],
  ['pain', '疼痛管理'],
  ['drug-communication', '药物沟通'],
  ['environment', '环境与标识'],
  ['food', '餐饮服务'],
  ['response', '医务人员回应'],
  ['family', '对亲友态度'],
] as const;

export interface Experience {
  /** Overall, 1–5. */
  readonly overall: number;
  readonly scores: readonly (readonly [question: string, titleZh: string, score: number])[];
  /** 0–10. */
  readonly recommend: number;
  readonly opinions: readonly Opinion[];
}
export interface Voice {
  readonly experience: Experience;
  readonly answered: { readonly at: number; readonly mode: string; readonly words: string } | null;
  readonly complaint: {
    readonly kind: '投诉' | '表扬' | '建议';
    readonly at: number;
    readonly closedAt: number | null;
    readonly aspect: Aspect;
    readonly severity: string;
    readonly channel: string;
    readonly words: string;
  } | null;
  readonly review: { readonly platform: Platform; readonly at: number; readonly rating: number; readonly words: string } | null;
}

const random = new Random();
const MODES = ['微信', '微信', '微信', '短信', 'APP', '现场', '电话'];
const COMPLAINT_CHANNELS = ['电话', '电话', '窗口', '微信', '12345', '网站', '信件'];
const PLATFORMS: readonly Platform[] = ['weibo', 'douyin', 'xiaohongshu', 'dianping', 'haodf'];
const IMPROVED = departmentIndex(EFFECTS.improvement.department);
const SHIFTED = departmentIndex(EFFECTS.shiftComplaints.department);

/** Emergency nights run from 18 to 8; the weekday is that of the evening they begin. */
export function shiftOf(time: number): { shift: 'day' | 'night'; weekday: number } {
  const hour = hourAt(time);
  const day = Math.floor(time / DAY);
  return { shift: hour >= 18 || hour < 8 ? 'night' : 'day', weekday: weekday(hour < 8 ? day - 1 : day) };
}
export function isNamedShift(time: number): boolean {
  const at = shiftOf(time);
  return at.shift === 'night' && (EFFECTS.shiftComplaints.weekdays as readonly number[]).includes(at.weekday);
}

/** `ended` is the end of the visit or stay; `waitMinutes` 0 for a stay. `mustComplain` is planted by the plan (effects: `loss`). */
export function voiceOf(world: World, visit: Visit, ended: number, waitMinutes: number, mustComplain: boolean): Voice {
  random.at(world.seed, STREAM.feedback, visit.person.id, visit.ordinal);
  const experience = experienceOf(world, visit, waitMinutes);
  const slots = slotsOf(world, visit, waitMinutes);
  const answers = random.chance(visit.class === 'inpatient' ? 0.42 : 0.24);
  const wordy = random.chance(experience.overall <= 3 ? 0.75 : 0.3);
  const mode = random.pick(MODES);
  const answeredAt = wakingTime(ended + Math.round(random.exponential(16 * 3600)) + 1800);
  const warmth = (experience.overall - 3) / 2;
  const words = answers && wordy ? speak(random, experience.opinions.slice(0, 2), warmth, slots, undefined, true) : '';
  return {
    experience,
    answered: answers ? { at: answeredAt, mode, words } : null,
    complaint: complaintOf(visit, ended, experience, slots, mustComplain),
    review: reviewOf(visit, ended, experience, slots),
  };
}

function experienceOf(world: World, visit: Visit, waitMinutes: number): Experience {
  const isStay = visit.class === 'inpatient';
  const doctor = world.hospital.doctors[visit.doctor];
  const ward = isStay ? wardOf(world, visit) : null;
  const slowNight = ward !== null && ward.nightAnswerMinutes > 10;
  const improvement =
    visit.department === IMPROVED ? (visit.day >= improvementDay(world) ? EFFECTS.improvement.points / 2 : -EFFECTS.improvement.points / 2) : 0;
  const waiting = isStay ? 0 : -0.014 * clamp(waitMinutes - 18, 0, 90);
  // Most moods are mild; one visit in sixteen goes badly for reasons of its own.
  const mood = random.normal() * 0.58 - (random.chance(0.06) ? random.between(0.6, 2.6) : 0);
  const latent =
    4.52 + (doctor?.manner ?? 0) + improvement + waiting + (slowNight ? EFFECTS.nightNursing.points : 0) + (visit.isComplication ? -0.5 : 0) + mood;
  const overall = score(latent);
  const questions = isStay ? INPATIENT_QUESTIONS : OUTPATIENT_QUESTIONS;
  const scores = questions.map(([question, titleZh]) => {
    let at = latent + random.normal() * 0.45 + 0.08;
    if (question === 'response' && slowNight) at += EFFECTS.nightNursing.dimensionPoints - EFFECTS.nightNursing.points;
    if (question === 'registration') at += -0.004 * waitMinutes;
    if (question === 'food') at -= 0.35;
    if (question === 'environment') at -= 0.15;
    return [question, titleZh, score(at)] as const;
  });
  const recommend = clamp(Math.round(latent * 2 - 0.2 + random.normal() * 0.9), 0, 10);
  return { overall, scores, recommend, opinions: opinionsOf(visit, overall, waitMinutes, slowNight) };
}
const score = (latent: number): number => clamp(Math.round(latent), 1, 5);

const AROUND: readonly Aspect[] = ['registration', 'nurse', 'environment', 'signs', 'parking', 'cost', 'privacy', 'pharmacy', 'app', 'exam', 'response'];
const IN_WARD: readonly Aspect[] = ['nurse', 'response', 'environment', 'food', 'discharge', 'cost', 'skill'];

function opinionsOf(visit: Visit, overall: number, waitMinutes: number, slowNight: boolean): Opinion[] {
  const opinions: Opinion[] = [];
  const isStay = visit.class === 'inpatient';
  if (slowNight && random.chance(0.7)) opinions.push({ aspect: 'night', isGood: false });
  if (!isStay && waitMinutes > 40 && random.chance(0.75)) opinions.push({ aspect: 'wait', isGood: false });
  if (!isStay && waitMinutes < 12 && overall >= 4 && random.chance(0.3)) opinions.push({ aspect: 'wait', isGood: true });
  const pool = isStay ? IN_WARD : AROUND;
  const count = 1 + random.int(3);
  for (let i = 0; i < count; i++) {
    const aspect = random.chance(0.35) ? (random.chance(0.65) ? 'doctor' : 'skill') : random.pick(pool);
    if (opinions.some((each) => each.aspect === aspect)) continue;
    opinions.push({ aspect, isGood: random.chance([0.03, 0.08, 0.18, 0.45, 0.88, 0.97][overall] as number) });
  }
  return opinions;
}

function slotsOf(world: World, visit: Visit, waitMinutes: number): Slots {
  const drug = visit.path.drugs[0];
  return {
    dept: layDepartment(world.hospital.departments[visit.department]?.nameZh ?? ''),
    doctor: world.hospital.doctors[visit.doctor]?.nameZh.slice(0, 1) ?? '',
    setting: visit.class !== 'inpatient' ? 'clinic' : SURGERY.has(visit.path) ? 'operation' : 'stay',
    illness: random.pick(LAY[visit.path.code] ?? [visit.path.nameZh]),
    drug: drug === undefined ? '药' : DRUGS[drug].nameZh,
    minutes: String(Math.max(20, Math.round((waitMinutes + random.between(-6, 12)) / 5) * 5)),
    n: String(2 + random.int(7)),
  };
}

function complaintOf(visit: Visit, ended: number, experience: Experience, slots: Slots, mustComplain: boolean): Voice['complaint'] {
  const at = random.unit();
  const effect = EFFECTS.shiftComplaints;
  const base =
    visit.department === SHIFTED
      ? effect.baseRate * (isNamedShift(ended) ? effect.rateRatio : 1)
      : experience.overall <= 2
        ? 0.03
        : experience.overall === 3
          ? 0.006
          : 0.0006;
  const isComplaint = mustComplain || at < base;
  const praise = experience.overall === 5 && at > 1 - (visit.class === 'inpatient' ? 0.06 : 0.01);
  const suggests = !isComplaint && !praise && at > 0.5 && at < 0.503;
  const when = wakingTime(ended + Math.round(random.exponential(30 * 3600)) + 3600);
  const closing = when + Math.round(random.between(0.4, 6) * DAY);
  const channel = random.pick(COMPLAINT_CHANNELS);
  const severity = random.chance(0.12) ? '严重' : random.chance(0.35) ? '较重' : '一般';
  if (!isComplaint && !praise && !suggests) return null;
  const bad = experience.opinions.filter((each) => !each.isGood);
  const good = experience.opinions.filter((each) => each.isGood);
  if (praise) {
    const said = good.length > 0 ? good : [{ aspect: 'doctor', isGood: true } as const];
    return { kind: '表扬', at: when, closedAt: closing, aspect: (said[0] as Opinion).aspect, severity: '一般', channel, words: speak(random, said, 1, slots) };
  }
  const fallback: Opinion = { aspect: random.pick(['wait', 'doctor', 'response', 'cost', 'exam', 'nurse'] as const), isGood: false };
  const said = bad.length > 0 ? bad : [fallback];
  return {
    kind: isComplaint ? '投诉' : '建议',
    at: when,
    closedAt: mustComplain ? null : closing,
    aspect: (said[0] as Opinion).aspect,
    severity: isComplaint ? severity : '一般',
    channel,
    words: speak(random, said, isComplaint ? -1 : 0, slots),
  };
}

function reviewOf(visit: Visit, ended: number, experience: Experience, slots: Slots): Voice['review'] {
  // Extremes are posted more often than the middle.
  const share = [0, 0.06, 0.045, 0.012, 0.01, 0.022][experience.overall] as number;
  if (!random.chance(share)) return null;
  const platform = random.pick(PLATFORMS);
  const rating = clamp(experience.overall + (random.chance(0.15) ? (random.chance(0.5) ? 1 : -1) : 0), 1, 5);
  const said =
    experience.opinions.length > 0
      ? experience.opinions
      : [{ aspect: visit.class === 'inpatient' ? 'nurse' : 'doctor', isGood: experience.overall >= 4 } as const];
  return {
    platform,
    at: wakingTime(ended + Math.round(random.exponential(3 * DAY)) + 3600),
    rating,
    words: speak(random, said, (experience.overall - 3) / 2, slots, platform),
  };
}

export function wardOf(world: World, visit: Visit) {
  const wards = world.hospital.wardsOf[visit.department] as readonly number[];
  // A department without beds borrows the observation ward.
  const own = wards.length > 0 ? wards : (world.hospital.wardsOf[SHIFTED] as readonly number[]);
  return world.hospital.wards[own[(visit.person.id + visit.ordinal) % own.length] as number] ?? null;
}
