import { Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';
import type { ChargeName, DrugName, ExamName, PanelName } from './items.ts';
import type { Visit } from './plan.ts';

/** What is done at a visit: decided once, at the visit's own address, and used by every door. */
export interface Work {
  readonly panels: readonly PanelName[];
  readonly exams: readonly ExamName[];
  readonly drugs: readonly DrugName[];
  readonly treatments: readonly ChargeName[];
}

const random = new Random();

export function workOf(world: World, visit: Visit): Work {
  random.at(world.seed, STREAM.exam, visit.person.id, visit.ordinal);
  const { path } = visit;
  const isStay = visit.class === 'inpatient';
  // Before and after an operation people see the surgeon in clinic: no operation, no implants, fewer tests.
  const isAround = !isStay && path.inpatient === 1;
  const ordered = random.chance(isAround ? path.labChance * 0.4 : isStay ? 1 : path.labChance);
  const panels = ordered ? path.panels.filter((_, i) => i === 0 || random.chance(isStay || visit.class === 'checkup' ? 1 : 0.7)) : [];
  const exams: ExamName[] = [];
  if (path.exams.length > 0) {
    if (visit.class === 'checkup') exams.push(...path.exams);
    else if (random.chance(isStay ? Math.max(0.7, path.examChance) : path.examChance)) exams.push(random.pick(path.exams));
  }
  const drugs = path.drugs.filter(() => random.chance(isAround ? 0.4 : 0.8));
  const treatments = isAround ? [] : path.treatments.filter((each) => isStay || each !== 'cataract').filter(() => isStay || random.chance(0.85));
  if (isStay && !panels.includes('cbc') && visit.nights > 1) panels.push('cbc');
  return { panels, exams, drugs, treatments };
}
