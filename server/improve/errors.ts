import { catalogue } from '../kernel/index.ts';

export const refuse = catalogue('improve', {
  'not-found': {
    status: 404,
    zh: '没有找到这张工单，可能不在您的科室范围内；请从工单列表重新打开。',
    en: 'This case was not found, or is outside your departments; open it again from the list.',
  },
  'bad-link': {
    status: 404,
    zh: '这个链接无效或已过期。谢谢您愿意评价；如有问题请直接联系医院。',
    en: 'This link is not valid or has expired. Thank you for wanting to answer; if something is wrong, please contact the hospital.',
  },
  'unknown-question': {
    status: 422,
    zh: '题目“{question}”不在这份问卷中，或答了两次；请刷新页面后重填。',
    en: 'The question “{question}” is not part of this survey, or was answered twice; reload the page and answer again.',
  },
  'score-out-of-range': {
    status: 422,
    zh: '题目“{question}”应是 {min} 到 {max} 的整数。',
    en: 'The answer to “{question}” should be a whole number from {min} to {max}.',
  },
  'answer-missing': {
    status: 422,
    zh: '题目“{question}”还没有回答，请选择一个分数。',
    en: 'The question “{question}” is not answered yet; please choose a score.',
  },
  'step-not-possible': { status: 409, zh: '{why}', en: '{whyEn}' },
  'owner-unknown': {
    status: 422,
    zh: '所选负责人不能处理这个科室的工单；请从页面列出的人员中选择。',
    en: 'The person chosen cannot work on cases of this department; choose one of those listed.',
  },
  'note-missing': {
    status: 422,
    zh: '请写明原因或处理经过，再进行“{action}”。',
    en: 'Write down the reason or what was done before “{action}”.',
  },
  'to-patient-missing': {
    status: 422,
    zh: '关闭前请写一句告诉患者处理结果的话（至少 5 个字）。',
    en: 'Before closing, write a sentence that tells the patient the outcome (at least 5 characters).',
  },
});
