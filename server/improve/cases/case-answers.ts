import type { CaseDetail } from '@xinglin/contracts/api.ts';
import { questionWords } from '../../engage/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { findSurvey, SCALE_MAX } from '../surveys/definitions/index.ts';
import { findInvitation } from '../surveys/invitation.sql.ts';
import type { CaseRecord } from './case.sql.ts';

type Answers = CaseDetail['answers'];

/** What opened the case, question by question: the survey's scores, or the follow-up questions answered abnormally. */
export async function answersOf(q: Queryable, record: CaseRecord): Promise<Answers> {
  if (record.origin === 'alert') {
    const [, template = '', step = '', ...questions] = record.reasons;
    return questionWords(template, step, questions).map((question) => ({ question, score: null, scoreMax: 0 }));
  }
  if (record.origin !== 'survey') return [];
  const invitation = await findInvitation(q, record.origin_key);
  const survey = invitation === undefined ? undefined : findSurvey(invitation.survey);
  if (survey === undefined) return record.score === null ? [] : [{ question: { zh: '总体满意度', en: 'Overall' }, score: record.score, scoreMax: SCALE_MAX }];
  return survey.questions
    .filter((question) => question.kind !== 'text')
    .map(({ id, text, scoreMax }) => ({ question: text, score: invitation?.scores?.[id] ?? null, scoreMax }));
}
