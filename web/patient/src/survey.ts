/** What a survey asks at each moment, from the answers so far. Pure. */
import type { PatientSurvey, SurveySubmission } from '@xinglin/contracts/api.ts';

export type Question = PatientSurvey['questions'][number];
export type Scores = Readonly<Record<string, number>>;

/** Below 4 of 5 (4 is not), or 6 and less of 10: then we ask why. */
export function isLow(question: Question, score: number | undefined): boolean {
  if (score === undefined || question.kind === 'text') return false;
  return question.kind === 'nps' ? score <= 6 : score * 5 < 4 * question.scoreMax;
}

/** The “why” is asked once any score was low, right after the first of them, so that it is seen. */
export function shownQuestions(questions: readonly Question[], scores: Scores): Question[] {
  const always = questions.filter((question) => !question.onlyAfterLow);
  const why = questions.filter((question) => question.onlyAfterLow);
  const firstLow = always.findIndex((question) => isLow(question, scores[question.id]));
  return firstLow < 0 ? always : [...always.slice(0, firstLow + 1), ...why, ...always.slice(firstLow + 1)];
}

export const missing = (questions: readonly Question[], scores: Scores): Question[] =>
  questions.filter((question) => question.isRequired && question.kind !== 'text' && scores[question.id] === undefined);

/** Words go beside the scores, never among them. */
export function submissionOf(questions: readonly Question[], scores: Scores, text: string): SurveySubmission {
  const answers = questions.flatMap((question) => {
    const score = scores[question.id];
    return score === undefined ? [] : [{ question: question.id, score }];
  });
  const words = text.trim();
  return { answers, text: words === '' ? null : words };
}
