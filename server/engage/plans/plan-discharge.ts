import type { EncounterSignal } from '@xinglin/contracts';
import { localDay } from '../../kernel/index.ts';
import { addDays, atLocal, DAY_MS } from '../time.ts';
import { editionOf, type PlanStep, type PlanTemplate } from './templates/types.ts';

/** Steps come due when the day's calls begin. */
const CALLS_BEGIN_HOUR = 8;

export interface PlannedTask {
  readonly step: string;
  readonly mode: PlanStep['mode'];
  readonly dayNumber: number;
  readonly dueAt: Date;
  /** From here on it is overdue. */
  readonly windowEndsAt: Date;
}
export type PlanDecision =
  | { readonly start: true; readonly template: string; readonly anchorDay: string; readonly tasks: readonly PlannedTask[] }
  | { readonly start: false; readonly why: 'died' | 'transferred' | 'history' | 'nothing-left' };

/** Someone who died is not called; someone who moved to another hospital is followed there (DOMAIN C7 leaves both out of the denominator). */
const NO_PLAN: Readonly<Record<string, 'died' | 'transferred'>> = { died: 'died', transfer: 'transferred' };

/**
 * What a discharge leads to. The first fitting template by priority is taken; steps whose window is already over are left out
 * (a knee operated on nine days before discharge has no call on day 7); late news of an old discharge starts nothing.
 * @param now business time
 */
export function planDischarge(discharge: EncounterSignal, templates: readonly PlanTemplate[], now: Date, timeZone: string): PlanDecision {
  const reason = NO_PLAN[discharge.disposition ?? ''];
  if (reason !== undefined) return { start: false, why: reason };
  const template = chooseTemplate(discharge, templates);
  const endedAt = new Date(discharge.endedAt);
  if (template === null || now.getTime() - endedAt.getTime() > template.startWindowDays * DAY_MS) return { start: false, why: 'history' };

  const dischargeDay = localDay(endedAt, timeZone);
  const anchorDay = template.anchor === 'surgery' && discharge.surgeryDay !== null ? discharge.surgeryDay : dischargeDay;
  const tasks = template.steps.map((step) => taskOf(step, anchorDay, timeZone)).filter((task) => task.windowEndsAt > now && task.dueAt > endedAt);
  return tasks.length === 0 ? { start: false, why: 'nothing-left' } : { start: true, template: editionOf(template), anchorDay, tasks };
}

/** The fitting template of the greatest priority; each kind of condition a template states must hold. */
export function chooseTemplate(
  discharge: Pick<EncounterSignal, 'surgeryCode' | 'diseaseCode' | 'departmentCode'>,
  templates: readonly PlanTemplate[],
): PlanTemplate | null {
  const fits = ({ fits: { surgery, disease, department } }: PlanTemplate) =>
    (surgery === null || surgery.some((prefix) => discharge.surgeryCode?.startsWith(prefix))) &&
    (disease === null || disease.some((prefix) => discharge.diseaseCode?.startsWith(prefix))) &&
    (department === null || department.some((code) => discharge.departmentCode === code));
  return templates.filter(fits).reduce<PlanTemplate | null>((best, each) => (best === null || each.priority > best.priority ? each : best), null);
}

/** A window of n days is over at the end of the nth day after the due day. */
function taskOf(step: PlanStep, anchorDay: string, timeZone: string): PlannedTask {
  const day = addDays(anchorDay, step.day);
  return {
    step: step.id,
    mode: step.mode,
    dayNumber: step.day,
    dueAt: atLocal(day, CALLS_BEGIN_HOUR, timeZone),
    windowEndsAt: atLocal(addDays(day, step.windowDays + 1), 0, timeZone),
  };
}
