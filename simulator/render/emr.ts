import { conditionLine, FHIR_SYSTEMS, medicationLine, observationLine, patientLine, treatmentLine } from '../doors/fhir.ts';
import { CHARGES, DRUGS, type VitalName } from '../health/items.ts';
import { COURSE } from '../health/paths.ts';
import { vitalResult } from '../health/results.ts';
import { ageAt } from '../people/person.ts';
import { recordOf } from '../people/records.ts';
import { Random, STREAM } from '../random.ts';
import { isDiabetesFound } from './closing.ts';
import type { Context } from './context.ts';
import { sayPastMeasurement, sayPastPrescription, sayPastProblem, sayPastTreatment } from './history.ts';
import type { Scene } from './scene.ts';

const random = new Random();

const CLINIC_VITALS: readonly VitalName[] = ['sbp', 'dbp'];
const CHECKUP_VITALS: readonly VitalName[] = ['sbp', 'dbp', 'hr', 'weight', 'bmi'];
const CHILD_VITALS: readonly VitalName[] = ['temp', 'weight'];

/** The medical record: measurements, examinations, prescriptions, the problem list. */
export function renderEmr(context: Context, scene: Scene, from: number, to: number): void {
  const { world } = context;
  const { visit, work, number } = scene;
  const { person } = visit;
  const about = { mrn: scene.identity.mrn, visit: number };
  const isPast = context.historyEnd !== null;
  if (!isPast) introduce(context, scene, from);
  random.at(world.seed, STREAM.drugs, person.id, visit.ordinal);
  const age = ageAt(person, visit.day);
  const chronic = visit.path === COURSE.hypertension || visit.path === COURSE.diabetes;
  const vitals =
    visit.class === 'checkup' ? CHECKUP_VITALS : age < 15 ? CHILD_VITALS : chronic || visit.class !== 'outpatient' || random.chance(0.35) ? CLINIC_VITALS : [];
  const measure = visit.class === 'inpatient' && age >= 15 ? ([...CHECKUP_VITALS, 'temp', 'spo2'] as const) : vitals;
  for (const name of measure) {
    const result = vitalResult(world, random, person, name, visit.day, from - 300);
    if (isPast) sayPastMeasurement(context, `${number}-${name}`, about.mrn, number, result, '体征');
    else context.say('emr', from, observationLine(`${number}-${name}`, about, result, 'vital-signs'));
  }
  for (const name of work.treatments) {
    const treatment = CHARGES[name];
    if (treatment.category !== 'treatment') continue;
    if (isPast) sayPastTreatment(context, scene, treatment, FHIR_SYSTEMS.treatment, to);
    else context.say('emr', to, treatmentLine(`${number}-${treatment.code}`, about, treatment, to, scene.doctor, scene.department));
  }
  for (const name of work.drugs) {
    const isStopped = world.cut - to > 30 * 86_400;
    if (isPast) sayPastPrescription(context, scene, DRUGS[name], to, isStopped);
    else context.say('emr', to, medicationLine(`${number}-${DRUGS[name].code}`, about, DRUGS[name], to, scene.doctor, isStopped));
  }
  if (!isDiabetesFound(world, visit)) return;
  const { code, nameZh } = COURSE.diabetes;
  const [id, since] = [`${scene.identity.mrn}-dm`, person.diabetesFrom * 86_400 + 36_000];
  if (!isPast) context.say('emr', to, conditionLine(id, about, code, nameZh, since, scene.doctor));
  else if (scene.closing.problem) sayPastProblem(context, scene, id, { code, nameZh }, since, to);
}

/** The EMR sends the person once a month, before anything about them. */
export function introduce(context: Context, scene: Scene, at: number): void {
  if (context.introduced.has(scene.visit.person.id)) return;
  context.introduced.add(scene.visit.person.id);
  context.say('emr', at, patientLine(scene.visit.person, scene.identity, recordOf(context.world, scene.visit.person, 'his'), at));
}
