import { overall, type SurveyDefinition, why } from './types.ts';

/** After a case was closed: one question, was it put right. */
export const rerating: SurveyDefinition = {
  id: 'rerating',
  edition: 1,
  title: { zh: '您反映的问题，处理得怎么样？', en: 'How did we deal with what you told us?' },
  source: { zh: '闭环复评：关闭后再评一次', en: 'Closed loop: rated again after closing' },
  questions: [overall({ zh: '对这次处理，您满意吗？', en: 'How satisfied are you with how it was dealt with?' }), why],
};
