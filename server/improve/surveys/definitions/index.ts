import { invariant } from '../../../kernel/index.ts';
import { inpatient } from './inpatient.ts';
import { outpatient } from './outpatient.ts';
import { rerating } from './rerating.ts';
import { editionOf, type SurveyDefinition } from './types.ts';

export * from './types.ts';
export { inpatient, outpatient, rerating };

/** Every edition ever used; a retired one stays so that its answers can still be read. */
export const SURVEYS: readonly SurveyDefinition[] = [outpatient, inpatient, rerating];

const byEdition = new Map(SURVEYS.map((survey) => [editionOf(survey), survey]));
invariant(byEdition.size === SURVEYS.length, 'each survey edition is there once');

/** Undefined for questionnaires of other systems, whose answers also arrive here. */
export const findSurvey = (edition: string): SurveyDefinition | undefined => byEdition.get(edition);

export function surveyOf(edition: string): SurveyDefinition {
  const survey = byEdition.get(edition);
  invariant(survey !== undefined, `the survey ${edition} exists`);
  return survey;
}
