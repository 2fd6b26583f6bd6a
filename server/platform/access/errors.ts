import { catalogue } from '../../kernel/index.ts';

export const refuse = catalogue('access', {
  'signed-out': { status: 401, zh: '请先登录。', en: 'Sign in first.' },
  'wrong-credentials': { status: 401, zh: '用户名或密码不正确。', en: 'The user name or the password is not right.' },
  locked: {
    status: 423,
    zh: '连续 5 次密码错误，账号已锁定，请 {minutes} 分钟后再试，或请安全管理员解锁。',
    en: 'After five wrong passwords the account is locked. Try again in {minutes} minutes, or ask a security administrator to unlock it.',
  },
  'not-allowed': {
    status: 403,
    zh: '您的角色没有“{permission}”权限；安全管理员可以调整角色。',
    en: 'Your role does not include “{permission}”; a security administrator can change roles.',
  },
  'change-password-first': { status: 403, zh: '请先修改初始密码。', en: 'Change your first password before going on.' },
  'weak-password': {
    status: 422,
    zh: '新密码至少 10 位，含大小写字母、数字、符号中的三类，且不是常见密码或最近 5 次用过的密码。',
    en: 'A new password needs at least 10 characters of three kinds (upper case, lower case, digits, symbols), and must not be a common one or one of your last five.',
  },
  'cross-site': {
    status: 403,
    zh: '请求来自其他网站，已拒绝；请在本系统页面中操作。',
    en: 'The request came from another site and was refused; use the pages of this system.',
  },
  'bad-link': { status: 404, zh: '链接无效或已过期，请向医院索取新的链接。', en: 'The link is not valid or has expired; ask the hospital for a new one.' },
  'wrong-code': { status: 401, zh: '验证码不正确或已过期，请重新获取。', en: 'The code is not right or has expired; ask for a new one.' },
  'username-taken': { status: 409, zh: '用户名 {username} 已存在，请换一个。', en: 'The user name {username} is taken; choose another.' },
  'not-found': { status: 404, zh: '没有找到。', en: 'Not found.' },
});
