/**
 * A person's visits over the whole time, made from the person alone. Cheap on purpose: it is done again for every month rendered, so that nobody is
 * kept in memory between months; what a visit holds (results, charges, words) is drawn later, at the visit's own address.
 */
import { civil, firstDayOfMonth, monthIndexOf, weekday } from '../calendar.ts';
import { departmentIndex } from '../city/departments.ts';
import { EFFECTS } from '../effects.ts';
import { ASTHMA, ageAt, COPD, DIABETES, HYPERTENSION, type Person, SELF_PAY } from '../people/person.ts';
import { logistic, Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';
import { ACUTE, acuteIndex, acuteSeason, acuteShares, ageBand, COURSE, type Path } from './paths.ts';

export type VisitClass = 'outpatient' | 'emergency' | 'inpatient' | 'checkup';
export interface Visit {
  readonly person: Person;
  /** Its place among the person's visits, from 0: with the person, its address. */
  ordinal: number;
  readonly path: Path;
  readonly class: VisitClass;
  readonly department: number;
  readonly doctor: number;
  /** Day of the clinic, or of admission. */
  readonly day: number;
  /** 0 morning, 1 afternoon, 2 evening and night. */
  readonly session: number;
  /** Nights in a bed; 0 unless inpatient. */
  readonly nights: number;
  /** First visit the hospital knows of this person. */
  isFirst: boolean;
  /** Follows a stay for the same thing, or belongs to a chronic course: care was due. */
  readonly isDue: boolean;
  /** A complication of surgery, or a readmission within 30 days. */
  readonly isComplication: boolean;
}

export interface PersonPlan {
  readonly visits: readonly Visit[];
  /** Day from which the person goes elsewhere; `Infinity`: stays. */
  readonly lostDay: number;
  readonly loss: LossDrivers | null;
  /** Knee replacement, for the case-mix effect. */
  readonly knee: { readonly surgeon: number; readonly isHighRisk: boolean; readonly isComplicated: boolean } | null;
}
/** Truth of the loss effect; null for people without a chronic course. */
export interface LossDrivers {
  readonly far: boolean;
  readonly selfPay: boolean;
  readonly notBound: boolean;
  readonly doctorLeft: boolean;
  readonly complaintUnanswered: boolean;
  readonly isLost: boolean;
}

const ACUTE_PER_MONTH = [0.38, 0.22, 0.14, 0.15, 0.17];
/** Who comes to a tertiary hospital is sicker than who has the illness. */
const SEVERE = 1.4;
const UNANSWERED_COMPLAINT_SHARE = 0.03;
const random = new Random();
const seasons = Array.from({ length: 10 }, (_, i) => acuteSeason(Math.floor(i / 2), i % 2 === 1));
const EMERGENCY = departmentIndex('EMER');
const ORTHOPAEDICS = departmentIndex('ORTH');

export function planOf(world: World, person: Person): PersonPlan {
  random.at(world.seed, STREAM.plan, person.id);
  const plan = new Plan(world, person);
  const chronic = plan.chronicPaths();
  const loss = chronic.length > 0 ? plan.drawLoss(chronic[0] as Path) : null;
  plan.firstVisit();
  for (const path of chronic) plan.chronicCourse(path);
  plan.acute();
  plan.surgery();
  plan.pregnancyAndBirth();
  plan.checkups();
  plan.atLeastOne();
  return plan.done(loss);
}

class Plan {
  private readonly world: World;
  private readonly person: Person;
  private readonly from: number;
  private visits: Visit[] = [];
  private lostDay = Number.POSITIVE_INFINITY;
  private knee: PersonPlan['knee'] = null;

  constructor(world: World, person: Person) {
    this.world = world;
    this.person = person;
    this.from = Math.max(world.startDay, person.firstDay);
  }

  chronicPaths(): Path[] {
    const { conditions, diabetesFrom } = this.person;
    const paths: Path[] = [];
    // Many are looked after by their community clinic and come here for other things only.
    const sweetHere = random.chance(0.85);
    const tenseHere = random.chance(0.5);
    if (sweetHere && ((conditions & DIABETES) !== 0 || diabetesFrom < this.world.horizon)) paths.push(COURSE.diabetes);
    if (tenseHere && (conditions & HYPERTENSION) !== 0) paths.push(COURSE.hypertension);
    if ((conditions & COPD) !== 0) paths.push(COURSE.copd);
    if ((conditions & ASTHMA) !== 0) paths.push(COURSE.asthma);
    return paths;
  }

  /** Whether and when a chronic patient leaves for good (effects: `loss`). */
  drawLoss(path: Path): LossDrivers {
    const { person, world } = this;
    const { baseLogit, oddsRatios } = EFFECTS.loss;
    const regular = world.hospital.doctors[this.regularDoctor(path.department)];
    const drivers = {
      far: person.isFar,
      selfPay: person.insurance === SELF_PAY,
      notBound: !person.isBound,
      doctorLeft: regular !== undefined && regular.leftDay < world.spanEnd,
      complaintUnanswered: random.chance(UNANSWERED_COMPLAINT_SHARE),
    };
    let logit = baseLogit as number;
    for (const name of Object.keys(oddsRatios) as (keyof typeof oddsRatios)[]) if (drivers[name]) logit += Math.log(oddsRatios[name]);
    const isLost = random.chance(logistic(logit));
    const at = random.between(0.5, 0.95);
    if (isLost) this.lostDay = Math.floor(this.from + (world.spanEnd - this.from) * at);
    return { ...drivers, isLost };
  }

  firstVisit(): void {
    if (this.person.week >= 0) this.addAcute(this.person.firstDay, true);
  }

  chronicCourse(path: Path): void {
    const gap = path === COURSE.diabetes ? 36 : path === COURSE.hypertension ? 44 : path === COURSE.copd ? 52 : 64;
    const from = path === COURSE.diabetes ? Math.max(this.from, this.person.diabetesFrom) : this.from;
    for (let day = from + random.between(0, gap); day < this.world.horizon; day += gap * (0.55 + random.exponential(0.45))) {
      // The season thins out visits where it has one.
      if (path.season[0] !== 1 && !random.chance(this.seasonAt(path, day) / 2)) continue;
      if (random.chance(path.inpatient)) this.addStay(path, Math.floor(day), false);
      else this.addClinic(path, Math.floor(day), true);
    }
  }

  acute(): void {
    const { world, person } = this;
    const first = monthIndexOf(this.from);
    const last = monthIndexOf(world.horizon);
    let day = this.from;
    for (let month = first; month <= last; month++) {
      const band = ageBand(ageAt(person, day));
      const season = (seasons[band * 2 + (person.isMale ? 1 : 0)] as number[])[month % 12] as number;
      const count = random.poisson((ACUTE_PER_MONTH[band] as number) * season * (person.isFar ? 0.5 : 1));
      const start = Math.max(this.from, monthStart(month));
      const length = monthStart(month + 1) - start;
      for (let i = 0; i < count; i++) this.addAcute(start + random.int(Math.max(1, length)), false);
      day = start + 31;
    }
  }

  surgery(): void {
    const { world, person } = this;
    const years = (world.horizon - this.from) / 365.25;
    const age = ageAt(person, world.startDay);
    if (age > 54 && random.chance(1 - Math.exp(-0.07 * years))) this.kneeReplacement(this.somewhere());
    if (age > 24 && random.chance(1 - Math.exp(-0.045 * years))) {
      const day = this.somewhere();
      this.addClinic(COURSE.gallbladder, day - 9, false);
      this.addStay(COURSE.gallbladder, day, false);
      this.reviews(COURSE.gallbladder, day + 4, [9, 30]);
    }
    if (age > 4 && random.chance(1 - Math.exp(-0.012 * years))) {
      const day = this.somewhere();
      this.addStay(COURSE.appendix, day, false);
      this.reviews(COURSE.appendix, day + 5, [8]);
    }
  }

  /** The hardest knees go to one surgeon; risk alone decides complications (effects: `caseMix`). */
  private kneeReplacement(day: number): void {
    const { caseMix } = EFFECTS;
    const isHighRisk = random.chance(caseMix.highRiskShare);
    const isComplicated = random.chance(isHighRisk ? caseMix.complicationHigh : caseMix.complicationLow);
    const surgeons = this.world.hospital.doctorsOf[ORTHOPAEDICS] as readonly number[];
    const hardest = surgeons[0] as number;
    const surgeon = random.chance(isHighRisk ? caseMix.surgeonTakesHigh : caseMix.surgeonTakesLow)
      ? hardest
      : (surgeons[1 + random.int(surgeons.length - 1)] as number);
    if (day < this.world.spanEnd && day < this.lostDay) this.knee = { surgeon, isHighRisk, isComplicated };
    this.addClinic(COURSE.knee, day - 12, false);
    this.addStay(COURSE.knee, day, false, surgeon);
    if (isComplicated) this.addStay(COURSE.knee, day + 14 + random.int(12), true, surgeon);
    this.reviews(COURSE.knee, day + 8, [6, 34, 82]);
  }

  /** Mothers: visits before, the birth, and after. Newborns: jaundice for some, checks in the first year. */
  pregnancyAndBirth(): void {
    const { person, world } = this;
    const child = person.household.members.find((each) => each.role === 'newborn');
    if (child === undefined) return;
    if (person.member.role === 'spouse') {
      const isCaesarean = random.chance(child.twin >= 0 ? 0.8 : 0.42);
      for (const before of [190, 160, 130, 104, 80, 62, 46, 32, 21, 13, 6]) this.addClinic(COURSE.prenatal, child.born - before + random.int(4) - 2, true);
      this.addStay(isCaesarean ? COURSE.caesarean : COURSE.delivery, child.born, false);
      this.reviews(COURSE.postpartum, child.born + 4, [38]);
    }
    if (person.member.role === 'newborn') {
      if (random.chance(0.3) && child.born + 3 < world.horizon) {
        if (random.chance(COURSE.jaundice.inpatient)) this.addStay(COURSE.jaundice, child.born + 3, false);
        else this.addClinic(COURSE.jaundice, child.born + 5, false);
      }
      for (const after of [42, 90, 180, 270]) this.addClinic(COURSE.infant, child.born + after + random.int(6), true);
    }
  }

  checkups(): void {
    const age = ageAt(this.person, this.world.startDay);
    if (age < 20) return;
    const yearly = this.person.atRisk ? 0.9 : age < 62 ? 0.24 : 0.12;
    for (let year = this.from; year < this.world.horizon; year += 365) {
      if (random.chance(yearly)) this.addClinic(COURSE.checkup, year + random.int(365), false);
    }
  }

  atLeastOne(): void {
    const known = this.visits.some((each) => each.day <= this.world.spanEnd);
    if (!known) this.addAcute(this.from + random.int(Math.max(1, this.world.spanEnd - this.from)), false);
  }

  done(loss: LossDrivers | null): PersonPlan {
    const visits = this.visits.filter((each) => each.day >= this.from && each.day < this.lostDay);
    visits.sort((a, b) => a.day - b.day || a.session - b.session);
    // Nobody is in a clinic while in a bed.
    const kept: Visit[] = [];
    let free = 0;
    for (const visit of visits) {
      if (visit.day < free) continue;
      visit.ordinal = kept.length;
      visit.isFirst = visit.ordinal === 0 && this.person.firstDay >= this.world.startDay;
      kept.push(visit);
      free = visit.day + visit.nights + (visit.nights > 0 ? 1 : 0);
    }
    return { visits: kept, lostDay: this.lostDay, loss, knee: this.knee };
  }

  private somewhere(): number {
    return this.from + 12 + random.int(Math.max(1, this.world.horizon - this.from - 12));
  }

  private seasonAt(path: Path, day: number): number {
    return path.season[civil(Math.floor(day)).month - 1] as number;
  }

  private reviews(path: Path, day: number, after: readonly number[]): void {
    for (const each of after) if (random.chance(0.78)) this.addClinic(path, day + each + random.int(5), true);
  }

  private addAcute(day: number, isArrival: boolean): void {
    const band = ageBand(ageAt(this.person, day));
    const shares = acuteShares[acuteIndex(band, this.person.isMale, civil(day).month - 1)] as Float64Array;
    const path = ACUTE[random.weighted(shares)] as Path;
    const isEmergency = random.chance(path.emergency);
    const isInpatient = random.chance(path.inpatient * SEVERE) && !isArrival;
    if (isInpatient) {
      this.addStay(path, day, false);
      if (random.chance(0.05)) this.addStay(path, day + path.stayDays + 10 + random.int(14), true);
      if (random.chance(0.6)) this.addClinic(path, day + path.stayDays + 14 + random.int(14), true);
    } else if (isEmergency) {
      this.visits.push(this.visit(path, 'emergency', EMERGENCY, day, random.chance(0.55) ? 2 : random.int(2), 0, false, false));
    } else {
      this.addClinic(path, day, false);
      if (random.chance(0.22)) this.addClinic(path, day + 5 + random.int(10), true);
    }
  }

  private addClinic(path: Path, day: number, isDue: boolean): void {
    // Clinics on rest days are thin: three in four people come on the next working day.
    let at = day;
    if (random.chance(0.75)) while (this.world.isRest(at)) at++;
    const kind = path === COURSE.checkup ? 'checkup' : 'outpatient';
    this.visits.push(this.visit(path, kind, this.departmentFor(path, at), at, random.chance(0.62) ? 0 : 1, 0, isDue, false));
  }

  private addStay(path: Path, day: number, isComplication: boolean, doctor = -1): void {
    const nights = Math.max(1, Math.round(path.stayDays * Math.exp(random.normal() * 0.28) + (isComplication ? 3 : 0)));
    this.visits.push(this.visit(path, 'inpatient', this.departmentFor(path, day), day, random.int(2), nights, false, isComplication, doctor));
  }

  private departmentFor(path: Path, day: number): number {
    return ageAt(this.person, day) < 15 ? path.childDepartment : path.department;
  }

  private visit(
    path: Path,
    kind: VisitClass,
    department: number,
    day: number,
    session: number,
    nights: number,
    isDue: boolean,
    isComplication: boolean,
    doctor = -1,
  ): Visit {
    const chosen = doctor >= 0 ? doctor : this.doctorFor(department, day, session, isDue);
    return { person: this.person, ordinal: 0, path, class: kind, department, doctor: chosen, day, session, nights, isFirst: false, isDue, isComplication };
  }

  /** The doctor a person keeps to in a department. The second doctor is the best attended, so that a leaving doctor is missed. */
  private regularDoctor(department: number): number {
    const doctors = this.world.hospital.doctorsOf[department] as readonly number[];
    const at = (Math.imul(this.person.id + 1, 0x9e3779b1) ^ Math.imul(department + 7, 0x85ebca6b)) >>> 0;
    return (at % 10 < 3 ? doctors[1 % doctors.length] : doctors[at % doctors.length]) as number;
  }

  private doctorFor(department: number, day: number, session: number, isDue: boolean): number {
    const { hospital } = this.world;
    const doctors = hospital.doctorsOf[department] as readonly number[];
    const first = isDue ? this.regularDoctor(department) : (doctors[random.int(doctors.length)] as number);
    if (session === 2) return onDuty(doctors, day)[random.int(2)] ?? first;
    const bit = 1 << (weekday(day) * 2 + session);
    const start = doctors.indexOf(first);
    for (let i = 0; i < doctors.length; i++) {
      const doctor = doctors[(start + i) % doctors.length] as number;
      const { roster, leftDay } = hospital.doctors[doctor] as (typeof hospital.doctors)[number];
      if (day < leftDay && (roster & bit) !== 0) return doctor;
    }
    for (let i = 0; i < doctors.length; i++) {
      const doctor = doctors[(start + i) % doctors.length] as number;
      if (day < (hospital.doctors[doctor]?.leftDay ?? 0)) return doctor;
    }
    return first;
  }
}

/** The two doctors of a department who are on duty in the night that begins on a day. */
export const onDuty = (doctors: readonly number[], day: number): readonly number[] =>
  [0, 1].map((place) => doctors[(day * 2 + place) % doctors.length] as number);

const monthStarts = new Map<number, number>();
function monthStart(month: number): number {
  let day = monthStarts.get(month);
  if (day === undefined) {
    day = firstDayOfMonth(month);
    monthStarts.set(month, day);
  }
  return day;
}
