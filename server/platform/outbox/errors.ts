import { catalogue } from '../../kernel/index.ts';

export const refuse = catalogue('outbox', {
  'real-channel-in-simulated-time': {
    status: 500,
    zh: '渠道 {channel} 会真实发送消息，不能在模拟时间下使用。请改用沙箱渠道，或使用系统时间。',
    en: 'The channel {channel} really sends and cannot be used with simulated time. Use a sandbox channel, or the system clock.',
  },
  'channel-taken': {
    status: 500,
    zh: '渠道 {channel} 已注册，同一渠道只能有一种发送方式。',
    en: 'The channel {channel} is registered already; a channel has one way to send.',
  },
  'bad-setting': {
    status: 500,
    zh: '设置 {setting} 的值不合要求（应为：{expected}）。',
    en: 'The setting {setting} has a value that does not fit; it should be: {expected}.',
  },
});
