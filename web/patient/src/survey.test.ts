import { expect, test } from 'vitest';
import { isLow, missing, type Question, shownQuestions, submissionOf } from './survey.ts';

const question = (id: string, more: Partial<Question> = {}): Question => ({
  id,
  text: { zh: id, en: id },
  kind: 'scale',
  scoreMax: 5,
  isOverall: false,
  isRequired: true,
  onlyAfterLow: false,
  ...more,
});
const questions = [
  question('doctor'),
  question('overall', { isOverall: true }),
  question('nps', { kind: 'nps', scoreMax: 10, isRequired: false }),
  question('why', { kind: 'text', onlyAfterLow: true, isRequired: false }),
];
const ids = (list: readonly Question[]): string[] => list.map((each) => each.id);

test('four of five is not low, three is; six of ten is, seven is not', () => {
  expect([4, 3].map((score) => isLow(question('a'), score))).toEqual([false, true]);
  const nps = question('n', { kind: 'nps', scoreMax: 10 });
  expect([7, 6].map((score) => isLow(nps, score))).toEqual([false, true]);
});

test('why is asked only after a low score, and stands right below it', () => {
  expect(ids(shownQuestions(questions, { doctor: 5, overall: 4 }))).toEqual(['doctor', 'overall', 'nps']);
  expect(ids(shownQuestions(questions, { doctor: 2, overall: 4 }))).toEqual(['doctor', 'why', 'overall', 'nps']);
});

test('only required scores are missed, and words travel beside the scores', () => {
  expect(ids(missing(questions, { doctor: 5 }))).toEqual(['overall']);
  expect(submissionOf(questions, { doctor: 5, overall: 2 }, '  slow ')).toEqual({
    answers: [
      { question: 'doctor', score: 5 },
      { question: 'overall', score: 2 },
    ],
    text: 'slow',
  });
  expect(submissionOf(questions, {}, ' ').text).toBeNull();
});
