import type { Bilingual } from '@xinglin/contracts/api.ts';

export interface SurveyQuestion {
  readonly id: string;
  readonly text: Bilingual;
  /** `scale`: 1 to `scoreMax`; `nps`: 0 to 10; `text`: words. */
  readonly kind: 'scale' | 'nps' | 'text';
  readonly scoreMax: number;
  readonly isOverall: boolean;
  readonly isRequired: boolean;
  /** Asked only after a low score, to hear why. */
  readonly onlyAfterLow: boolean;
}

/** A questionnaire as content: versioned, with the source of its questions. An edition in use is never edited. */
export interface SurveyDefinition {
  readonly id: string;
  readonly edition: number;
  readonly title: Bilingual;
  readonly source: Bilingual;
  readonly questions: readonly SurveyQuestion[];
}

export const editionOf = ({ id, edition }: { readonly id: string; readonly edition: number }): string => `${id}@${edition}`;

export const SCALE_MAX = 5;
export const scale = (id: string, text: Bilingual): SurveyQuestion => ({
  id,
  text,
  kind: 'scale',
  scoreMax: SCALE_MAX,
  isOverall: false,
  isRequired: true,
  onlyAfterLow: false,
});
export const overall = (text: Bilingual): SurveyQuestion => ({ ...scale('overall', text), isOverall: true });
export const nps: SurveyQuestion = {
  id: 'nps',
  text: {
    zh: '您有多大可能把我们医院推荐给亲友？（0 分绝不会，10 分一定会；可不填）',
    en: 'How likely are you to recommend our hospital to family and friends? (0 never, 10 certainly; optional)',
  },
  kind: 'nps',
  scoreMax: 10,
  isOverall: false,
  isRequired: false,
  onlyAfterLow: false,
};
export const why: SurveyQuestion = {
  id: 'why',
  text: { zh: '哪里让您不满意？您希望我们怎么做？（可不填）', en: 'What was not right, and what should we do? (optional)' },
  kind: 'text',
  scoreMax: 0,
  isOverall: false,
  isRequired: false,
  onlyAfterLow: true,
};
