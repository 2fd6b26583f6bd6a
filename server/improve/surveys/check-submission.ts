import type { SurveySubmission } from '@xinglin/contracts/api.ts';
import { refuse } from '../errors.ts';
import type { SurveyDefinition } from './definitions/index.ts';

export interface CheckedAnswers {
  readonly answers: { question: string; score: number | null; scoreMax: number; isOverall: boolean }[];
  readonly scores: Record<string, number>;
  readonly overall: number | null;
  readonly text: string | null;
}

const NPS_MIN = 0;
const SCALE_MIN = 1;

/** Every required question has a whole score within its scale, none twice, none unknown; throws naming the first that does not fit. */
export function checkSubmission(survey: SurveyDefinition, submission: SurveySubmission): CheckedAnswers {
  const given = new Map<string, number>();
  for (const { question: id, score } of submission.answers) {
    const question = survey.questions.find((each) => each.id === id && each.kind !== 'text');
    if (question === undefined || given.has(id)) throw refuse('unknown-question', { question: id.replace(/[^\w-]/g, '') });
    if (score === null) continue;
    const min = question.kind === 'nps' ? NPS_MIN : SCALE_MIN;
    if (!Number.isInteger(score) || score < min || score > question.scoreMax) throw refuse('score-out-of-range', { question: id, min, max: question.scoreMax });
    given.set(id, score);
  }
  const missing = survey.questions.find((question) => question.isRequired && !given.has(question.id));
  if (missing !== undefined) throw refuse('answer-missing', { question: missing.id });
  const asked = survey.questions.filter((question) => question.kind !== 'text' && given.has(question.id));
  const text = submission.text?.trim() ?? '';
  return {
    answers: asked.map(({ id, scoreMax, isOverall }) => ({ question: id, score: given.get(id) ?? null, scoreMax, isOverall })),
    scores: Object.fromEntries(given),
    overall: given.get(survey.questions.find((question) => question.isOverall)?.id ?? '') ?? null,
    text: text === '' ? null : text,
  };
}
