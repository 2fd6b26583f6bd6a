import { invariant } from '../../../kernel/index.ts';
import { parseRule } from '../abnormal.ts';
import { cholecystectomy } from './cholecystectomy.ts';
import { generalDischarge } from './general-discharge.ts';
import { totalKneeReplacement } from './total-knee-replacement.ts';
import { editionOf, type PlanStep, type PlanTemplate } from './types.ts';

export * from './types.ts';

/** Every edition ever used; a retired one stays so that its plans can still be read. */
export const PLAN_TEMPLATES: readonly PlanTemplate[] = [generalDischarge, totalKneeReplacement, cholecystectomy];

const byEdition = new Map(PLAN_TEMPLATES.map((template) => [editionOf(template), check(template)]));
invariant(byEdition.size === PLAN_TEMPLATES.length, 'each plan template edition is there once');

export function templateOf(edition: string): PlanTemplate {
  const template = byEdition.get(edition);
  invariant(template !== undefined, `the plan template ${edition} exists`);
  return template;
}

export function stepOf(edition: string, stepId: string): PlanStep {
  const step = templateOf(edition).steps.find((each) => each.id === stepId);
  invariant(step !== undefined, `the plan template ${edition} has a step ${stepId}`);
  return step;
}

/** Content is checked when it is loaded, so a slip in a template stops the start, not a nurse. */
function check(template: PlanTemplate): PlanTemplate {
  const where = editionOf(template);
  invariant(new Set(template.steps.map((step) => step.id)).size === template.steps.length, `steps of ${where} have different ids`);
  for (const step of template.steps) {
    invariant((step.mode === 'inbox') === (step.message !== null), `step ${step.id} of ${where} has a message when it is read in the inbox, and only then`);
    for (const question of step.questions) if (question.abnormalWhen !== null) parseRule(question.abnormalWhen);
  }
  return template;
}
