import { metric } from '../definition.ts';
import { PEOPLE } from '../dimensions.ts';
import { hit, OWNERS } from '../fragments.ts';

export const messageReadShare = metric({
  id: 'message-read-share',
  name: { zh: '消息阅读率', en: 'Messages read' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: { zh: '已读消息 ÷ 已发出消息（不含失败和跳过）', en: 'Messages read ÷ messages that went out (not failed, not skipped)' },
  origin: { clause: '自有口径 · SPEC E2', standing: 'own' },
  owner: OWNERS.service,
  dimensions: ['campus_id', 'channel', 'purpose', 'template', ...PEOPLE],
  sides: [
    {
      fact: 'message',
      where: `f.status in ('sent', 'delivered', 'read')`,
      numerator: hit(`f.status = 'read'`),
      denominator: '1',
    },
  ],
});
