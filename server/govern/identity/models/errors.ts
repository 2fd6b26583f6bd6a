import { catalogue } from '../../../kernel/index.ts';

/** Refusals about identity models. Editions and counts only. */
export const refuse = catalogue('model', {
  unknown: {
    status: 404,
    zh: '没有名为 {edition} 的模型版本；请用 xinglin model list 或身份模型页查看已有版本。',
    en: 'There is no model edition {edition}; see the editions with `xinglin model list` or on the identity model page.',
  },
  'decided-already': {
    status: 409,
    zh: '模型 {edition} 已经有人批准或否决过，不能再改；需要时请重新训练一个版本。',
    en: 'The model {edition} has been approved or rejected already and that stands; train another edition if needed.',
  },
  'own-model': {
    status: 403,
    zh: '模型 {edition} 是您训练的，须由另一位有“批准身份模型”权限的人批准。',
    en: 'You had the model {edition} trained; somebody else who may approve identity models has to approve it.',
  },
  'not-approved': {
    status: 409,
    zh: '模型 {edition} 还没有批准，不能启用；请有权限的人先在身份模型页查看并批准。',
    en: 'The model {edition} is not approved and cannot be used; somebody with the right has to look at it and approve it on the identity model page.',
  },
  'in-use-already': {
    status: 409,
    zh: '模型 {edition} 正在使用，无需再次启用。',
    en: 'The model {edition} is in use already.',
  },
  'preview-first': {
    status: 409,
    zh: '启用 {edition} 之前，请先预览它会改变哪些关联（以目前使用的模型为准）。',
    en: 'Before {edition} is put to use, preview what it would change against the model in use now.',
  },
  busy: {
    status: 409,
    zh: '已有一个训练或测量任务在进行，请等它结束再开始。',
    en: 'Another task is training or measuring already; wait until it has ended.',
  },
  'too-few': {
    status: 422,
    zh: '可用于训练的资料太少：有 {records} 条记录、{pairs} 对可比较，至少需要 {recordsMin} 条和 {pairsMin} 对。数据多一些后再训练，目前请用自带模型。',
    en: 'Too little to train on: {records} records and {pairs} pairs worth comparing, where {recordsMin} and {pairsMin} are needed. Train when there is more; until then use the model that ships.',
  },
  interrupted: {
    status: 503,
    zh: '任务因服务器停止而中断，请重新开始。',
    en: 'The task was interrupted because the server stopped; start it again.',
  },
  failed: {
    status: 500,
    zh: '任务没有完成（错误代码 {code}），请查看服务器日志后重试。',
    en: 'The task did not finish (error {code}); see the server log and try again.',
  },
  'unknown-task': {
    status: 404,
    zh: '没有找到这个任务；请回到身份模型页查看最近的任务。',
    en: 'There is no such task; see the latest ones on the identity model page.',
  },
});
