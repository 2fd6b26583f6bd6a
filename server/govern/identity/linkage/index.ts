/** The linkage engine as the rest of govern sees it: one person's details against another's, models, and files. */
export { type BlockingKey, blockingKeys } from './blocking-keys.ts';
export { type Comparison, compareRecords, type FieldWeight } from './compare-records.ts';
export { PHONE_HOLDERS_MAX } from './fields.ts';
export { generalModel } from './general-model.ts';
export { LINK_FIELDS, type LinkField, type LinkModel, type Rate, type ValueShares, weightOf } from './link-model.ts';
export { type DescribeSettings, describe, type LinkDetails, type LinkName, type LinkRecord } from './link-record.ts';
export { chanceOf, oddsOf } from './model.ts';
export { type Chinese, loadChinese } from './normalise.ts';
export { type Ground, type Judgement, judge, REASONS, type Reason, type Thresholds, type Verdict } from './rules.ts';
