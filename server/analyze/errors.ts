import { catalogue } from '../kernel/index.ts';

export const refuse = catalogue('analyze', {
  'unknown-metric': {
    status: 404,
    zh: '没有名为 {metric} 的指标；可用指标见 /api/v1/metrics。',
    en: 'There is no metric called {metric}; /api/v1/metrics lists them.',
  },
  'bad-day': { status: 422, zh: '{field} 应为真实存在的日期，格式 YYYY-MM-DD。', en: '{field} should be a real day, written YYYY-MM-DD.' },
  'bad-range': {
    status: 422,
    zh: '起始日不能晚于截止日，且跨度不超过 {max} 天；请缩小范围。',
    en: 'The first day may not come after the last one and the range may not exceed {max} days; narrow it.',
  },
  'unknown-dimension': {
    status: 422,
    zh: '指标 {metric} 不能按该维度切分；可用维度：{dimensions}。',
    en: 'The metric {metric} cannot be sliced that way; its dimensions are: {dimensions}.',
  },
  'hidden-dimension': {
    status: 403,
    zh: '您的角色看不到维度 {dimension}，请去掉它后重试。',
    en: 'Your role does not see the dimension {dimension}; leave it out and try again.',
  },
  'bad-filter': {
    status: 422,
    zh: '筛选条件应写成 维度:代码，多个条件用逗号分隔，最多 {max} 个，如 department:CARD,class:inpatient；未映射写作 department:-。',
    en: 'Filters are written dimension:code, separated by commas, at most {max}, like department:CARD,class:inpatient; unmapped is department:-.',
  },
  'mixed-modes': {
    status: 422,
    zh: '不同调查方式的结果不能混在一条趋势线里；请加上 where=mode:某一方式，或按 mode 切分。',
    en: 'Answers of different survey modes are never mixed in one trend; add where=mode:ONE or slice by mode.',
  },
  'too-many-cells': {
    status: 422,
    zh: '结果超过 {max} 格；请缩短时间、放粗粒度或加筛选。',
    en: 'The answer has more than {max} cells; shorten the time, use a coarser grain or add a filter.',
  },
  'unknown-kind': {
    status: 422,
    zh: '时间轴没有这种记录；可选：{kinds}。',
    en: 'The timeline has no such kind of record; choose from: {kinds}.',
  },
  'unknown-person': { status: 404, zh: '没有找到这位患者。', en: 'No such patient was found.' },
});
