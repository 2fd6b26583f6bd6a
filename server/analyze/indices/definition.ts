import type { Bilingual, BrandIndex } from '@xinglin/contracts/api.ts';

export type IndexId = BrandIndex['id'];

export interface IndexPart {
  readonly id: string;
  readonly name: Bilingual;
  /** Weights of an index sum to 1. A part no fact carries yet gives its weight to the others in proportion, and the answer says so. */
  readonly weight: number;
}
export interface IndexDefinition {
  readonly id: IndexId;
  readonly edition: number;
  readonly name: Bilingual;
  readonly method: Bilingual;
  readonly parts: readonly IndexPart[];
}

/** Days a mention keeps e⁻¹ of its weight, and how far back mentions are read (six times that: 0.25 % is left). */
export const HEAT_DECAY_DAYS = 14;
export const HEAT_LOOKBACK_DAYS = 84;
/** History a level is ranked in, and the least of it before a rank means something. */
export const HEAT_RANK_DAYS = 365;
export const HEAT_RANK_DAYS_MIN = 28;

/** Window of what patients say. */
export const VOICE_DAYS = 90;
/** Window of the hospital's own usual level, towards which few answers are drawn, and of the mode mix. */
export const USUAL_DAYS = 365;
/** Bayesian shrinkage: x̂ = (n·x̄ + k·μ) / (n + k). */
export const SHRINK_K = 30;
/** Complaints per 1,000 visits at which the complaint part is zero. */
export const COMPLAINT_CAP_PER_1000 = 10;

/** A long-term patient is due again after 90 days (at least every three months) and counts for a year. */
export const DUE_AFTER_DAYS = 90;
export const RETURN_DAYS = 365;
export const ADHERENCE_DAYS = 180;

export const HEAT: IndexDefinition = {
  id: 'heat',
  edition: 1,
  name: { zh: '品牌热度', en: 'Brand heat' },
  method: {
    zh: `100 × Σ 权重 × 百分位。每个渠道当日热量 = Σ 提及数 × e^(−天数/${HEAT_DECAY_DAYS})，取 ln(1+热量) 在该渠道近 ${HEAT_RANK_DAYS} 天中的百分位（并列取中）；不足 ${HEAT_RANK_DAYS_MIN} 天不计。不含自有投放，同平台同一文本只计一次（近似文本去重待文本分析）。没有搜索指数时以搜索提及代替，并加入自有网站与小程序的访客数。95 % 区间：提及数按泊松分布，上下限各自取百分位，渠道间独立合成。`,
    en: `100 × Σ weight × percentile. A channel's level on a day = Σ mentions × e^(−days/${HEAT_DECAY_DAYS}); ln(1 + level) is ranked among the channel's last ${HEAT_RANK_DAYS} days (mid-rank for ties), from ${HEAT_RANK_DAYS_MIN} days on. Own paid posts are left out, and the same text on the same platform counts once (near-duplicates wait for text analysis). Search mentions stand in for a search index, and visitors of the hospital's own site and app are added. 95 % interval: mentions taken as Poisson, both ends ranked, channels combined as independent.`,
  },
  parts: [
    { id: 'search', name: { zh: '搜索', en: 'search' }, weight: 0.2 },
    { id: 'wechat', name: { zh: '公众号与视频号', en: 'WeChat accounts' }, weight: 0.2 },
    { id: 'news', name: { zh: '资讯与社交', en: 'news and social' }, weight: 0.15 },
    { id: 'consult', name: { zh: '问诊与点评平台', en: 'consultation and rating sites' }, weight: 0.15 },
    { id: 'video', name: { zh: '短视频', en: 'short video' }, weight: 0.15 },
    { id: 'site', name: { zh: '自有网站与小程序访客', en: 'visitors of own site and app' }, weight: 0.15 },
  ],
};

export const WORD_OF_MOUTH: IndexDefinition = {
  id: 'word-of-mouth',
  edition: 1,
  name: { zh: '口碑传播', en: 'Word of mouth' },
  method: {
    zh: `100 × (0.4 满意度 + 0.25 (NPS+100)/200 + 0.2 好评占比 + 0.15 (1 − 投诉率/上限))，窗口 ${VOICE_DAYS} 天。满意度 = 总体题均值 ÷ 5；每人只取窗口内最新一次回答，处理后的复评替代原评分（满意度指标本身不含复评）。满意度与 NPS 按近 ${USUAL_DAYS} 天各调查方式的份额加权，方式构成变化不算口碑变化。投诉率为每千（门诊+急诊+出院）人次，上限 ${COMPLAINT_CAP_PER_1000}。各部分向本院近 ${USUAL_DAYS} 天水平收缩：(n·x̄ + ${SHRINK_K}·μ)/(n + ${SHRINK_K})；μ 又以同样方式向 0.5 收缩。95 % 区间：各部分方差按 delta 法合成。`,
    en: `100 × (0.4 satisfaction + 0.25 (NPS + 100)/200 + 0.2 positive share + 0.15 (1 − complaint rate/cap)) over ${VOICE_DAYS} days. Satisfaction = mean of the overall question ÷ 5. Each person speaks once, with the latest answer of the window, so a re-rating after a handled complaint replaces the first score (the satisfaction metrics leave re-ratings out). Satisfaction and NPS are weighted by each survey mode's share of the last ${USUAL_DAYS} days, so a change of mode is no change of word of mouth. Complaints are per 1,000 outpatient and emergency visits and discharges, cap ${COMPLAINT_CAP_PER_1000}. Each part is drawn towards the hospital's level of the last ${USUAL_DAYS} days, (n·x̄ + ${SHRINK_K}·μ)/(n + ${SHRINK_K}), μ in the same way towards 0.5. 95 % interval by the delta method over the parts' variances.`,
  },
  parts: [
    { id: 'satisfaction', name: { zh: '满意度', en: 'satisfaction' }, weight: 0.4 },
    { id: 'nps', name: { zh: '净推荐值', en: 'net promoter score' }, weight: 0.25 },
    { id: 'positive', name: { zh: '好评占比', en: 'positive share' }, weight: 0.2 },
    { id: 'complaints', name: { zh: '投诉率（反向）', en: 'complaint rate, reversed' }, weight: 0.15 },
  ],
};

export const LOYALTY: IndexDefinition = {
  id: 'loyalty',
  edition: 1,
  name: { zh: '患者忠诚度', en: 'Patient loyalty' },
  method: {
    zh: `100 × (0.35 应复诊患者 12 个月内回院率 + 0.25 随访依从 + 0.2 推荐来院占比 + 0.2 唯一就医占比)。应复诊：有长期病种（ICD-10 清单）的患者每月首次就诊满 ${DUE_AFTER_DAYS} 天起算，至第 ${RETURN_DAYS} 天，期间及之前再次就诊即为回院；正常分娩、外伤等一次性就诊不在清单内，已故者不计。随访依从：近 ${ADHERENCE_DAYS} 天到期（应访日 + 2 天）的随访中已完成的占比，拒访计为未完成，取消不计。推荐来院与唯一就医尚无数据来源。缺少的部分把权重按比例分给其余部分。回院率向 0.5 收缩，随访依从向回院率收缩（没有回院率时向 0.5），k=${SHRINK_K}。95 % 区间：二项方差按 delta 法合成。`,
    en: `100 × (0.35 return within 12 months among patients due + 0.25 follow-up adherence + 0.2 share who came by referral + 0.2 share using this hospital only). Due: a patient with a long-term condition (ICD-10 list), from ${DUE_AFTER_DAYS} days after the first visit of a month until day ${RETURN_DAYS}; another visit by then is a return. One-off episodes (normal delivery, trauma) are not on the list, the deceased are left out. Adherence: follow-ups whose window (due day + 2) closed in the last ${ADHERENCE_DAYS} days and that were done; refusals count as not done, cancelled ones are left out. Referral and single-hospital share have no source yet. A missing part gives its weight to the others in proportion. The return share is drawn towards 0.5, adherence towards the return share (0.5 without one), with k=${SHRINK_K}. 95 % interval by the delta method over binomial variances.`,
  },
  parts: [
    { id: 'return', name: { zh: '应复诊患者回院', en: 'return among patients due' }, weight: 0.35 },
    { id: 'adherence', name: { zh: '随访依从', en: 'follow-up adherence' }, weight: 0.25 },
    { id: 'referral', name: { zh: '推荐来院占比', en: 'came by referral' }, weight: 0.2 },
    { id: 'single-hospital', name: { zh: '唯一就医占比', en: 'uses this hospital only' }, weight: 0.2 },
  ],
};

export const INDICES: readonly IndexDefinition[] = [HEAT, WORD_OF_MOUTH, LOYALTY];
export const indexEdition = (definition: IndexDefinition): string => `${definition.id}@${definition.edition}`;

/**
 * ICD-10 categories of conditions that need care for years: hepatitis B/C carriers, tumours, thyroid, diabetes, lipid disorders, dementia and
 * depression, Parkinson and epilepsy, hypertension and heart disease, stroke, COPD and asthma, cirrhosis, rheumatic disease, renal failure.
 * Ranges of three-character categories, both ends included.
 */
export const LONG_TERM_ICD10: readonly (readonly [string, string])[] = [
  ['B18', 'B18'],
  ['C00', 'C97'],
  ['E03', 'E05'],
  ['E10', 'E14'],
  ['E78', 'E78'],
  ['F00', 'F03'],
  ['F20', 'F33'],
  ['G20', 'G20'],
  ['G30', 'G30'],
  ['G40', 'G40'],
  ['I10', 'I15'],
  ['I20', 'I25'],
  ['I48', 'I50'],
  ['I60', 'I69'],
  ['J41', 'J45'],
  ['K73', 'K74'],
  ['M05', 'M06'],
  ['M32', 'M32'],
  ['N03', 'N05'],
  ['N18', 'N18'],
];
