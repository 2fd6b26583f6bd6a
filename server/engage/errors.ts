import { catalogue } from '../kernel/index.ts';

export const refuse = catalogue('engage', {
  'not-found': {
    status: 404,
    zh: '没有找到这项记录，可能不在您的科室范围内；请从工作列表重新打开。',
    en: 'This record was not found, or is outside your departments; open it again from the worklist.',
  },
  'bad-request-key': {
    status: 422,
    zh: '请求头 Idempotency-Key 应为 8 至 100 个字母、数字或 - _ 字符。',
    en: 'The header Idempotency-Key should be 8 to 100 letters, digits, hyphens or underscores.',
  },
  'request-reused': {
    status: 409,
    zh: '同一个 Idempotency-Key 已用于另一份内容；请刷新页面后重新提交。',
    en: 'This Idempotency-Key was already used with other content; reload the page and submit again.',
  },
  'task-closed': {
    status: 409,
    zh: '这次随访已经结束（{state}），不能再登记结果；如需补充，请在患者时间线中核对后联系护士长。',
    en: 'This follow-up is already closed ({state}) and takes no further outcome; check the timeline and ask the head nurse if it needs correcting.',
  },
  'task-too-early': {
    status: 409,
    zh: '离应访日还有一天以上，请从 {from} 起再登记。',
    en: 'This follow-up is due in more than a day; record it from {from} on.',
  },
  'unknown-question': {
    status: 422,
    zh: '问题“{question}”不在这一步的随访表中，请刷新页面后重填。',
    en: 'The question “{question}” is not on this form; reload the page and fill it in again.',
  },
  'not-an-option': {
    status: 422,
    zh: '问题“{question}”的回答不在选项中，请从选项中选择。',
    en: 'The answer to “{question}” is not one of its options; choose one of them.',
  },
  'not-a-number': {
    status: 422,
    zh: '问题“{question}”需要填数字，例如 36.8。',
    en: 'The question “{question}” needs a number, for example 36.8.',
  },
  'out-of-range': {
    status: 422,
    zh: '问题“{question}”的数值应在 {min} 到 {max} {unit} 之间，请核对数值和单位。',
    en: 'The answer to “{question}” should lie between {min} and {max}; check the figure and its unit.',
  },
  'answers-missing': {
    status: 422,
    zh: '有 {count} 个报警问题没有回答（{questions}），不能登记为“正常”；请补问，或把结果选为“未判断”。',
    en: '{count} alarm questions are open ({questions}), so the finding cannot be “normal”; ask them, or choose “not judged”.',
  },
  'unknown-purpose': {
    status: 422,
    zh: '没有“{purpose}”这项授权；请从页面列出的项目中选择。',
    en: 'There is no consent “{purpose}”; choose one of those on the page.',
  },
});
