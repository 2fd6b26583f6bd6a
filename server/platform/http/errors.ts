import { catalogue } from '../../kernel/index.ts';

export const refuse = catalogue('http', {
  invalid: { status: 422, zh: '请求中的 {field} 不合要求：{expected}。', en: 'In the request, {field} does not fit: {expected}.' },
  'not-json': { status: 400, zh: '请求内容不是有效的 JSON。', en: 'The request body is not valid JSON.' },
  'bad-cursor': {
    status: 422,
    zh: '翻页位置无法识别；请从第一页重新开始。',
    en: 'This page position is not one of ours; start again from the first page.',
  },
  'too-large': { status: 413, zh: '请求内容过大，请分批提交。', en: 'The request is too large; send it in parts.' },
  'too-many': { status: 429, zh: '请求过于频繁，请 1 分钟后再试。', en: 'Too many requests; try again in a minute.' },
  'not-found': { status: 404, zh: '没有这个地址。', en: 'There is nothing at this address.' },
  'media-type': {
    status: 415,
    zh: '不支持这种内容类型；请用 application/json 或 multipart/form-data。',
    en: 'This content type is not taken; use application/json or multipart/form-data.',
  },
  internal: {
    status: 500,
    zh: '系统内部错误，已记录（编号 {id}）。请稍后重试，仍不行请把编号告诉信息科。',
    en: 'Something failed inside and was recorded (number {id}). Try again; if it stays, give the number to the information department.',
  },
  busy: { status: 503, zh: '系统正在恢复，请稍后重试。', en: 'The system is recovering; try again in a moment.' },
});
