import { metric } from '../definition.ts';
import { OWNERS, VISITOR_DAY } from '../fragments.ts';

export const webVisits = metric({
  id: 'web-visits',
  name: { zh: '网站与小程序访问', en: 'Web and app visits' },
  kind: 'count',
  unit: 'count',
  direction: 'up',
  formula: { zh: '有页面浏览的访客日数（同一访客同一天计一次）', en: 'Visitor days with a page or screen view: one visitor counts once a day' },
  origin: { clause: '自有口径 · SPEC C6', standing: 'own' },
  owner: OWNERS.brand,
  dimensions: ['campus_id', 'source', 'channel', 'campaign'],
  sides: [{ fact: 'event', where: `f.kind in ('page', 'screen')`, numerator: '1', unit: VISITOR_DAY }],
});
