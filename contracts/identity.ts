/** Codes of identity review, without schemas: pages use them as they are. */

/** Why nobody but a person may decide: what the score or the rules stumbled over. */
export const REVIEW_REASONS = [
  ...(['possible', 'name-and-birth-only', 'no-number', 'shared-phone', 'unnamed', 'twins', 'different-ids', 'same-id-other-person'] as const),
  ...(['same-mrn-other-person', 'id-contradicts-person', 'several-ids-in-record', 'ambiguous', 'weak-bridge', 'too-many', 'not-alike', 'other'] as const),
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];
export const REVIEW_AGES = ['day', 'week', 'month', 'older'] as const;

/** Codes, never words: words could name someone. */
export const DECISION_REASONS = [
  'details-agree',
  'papers-seen',
  'patient-asked',
  'source-error',
  'twins-or-relatives',
  'shared-number',
  'need-more',
  'other',
] as const;
export type DecisionReason = (typeof DECISION_REASONS)[number];

export const IDENTITY_FIELDS = ['name', 'birthDate', 'sex', 'residentId', 'document', 'insurance', 'mrn', 'phone', 'address', 'guardian'] as const;
export type IdentityField = (typeof IDENTITY_FIELDS)[number];
export const GOLDEN_FIELDS = ['name', 'birthDate', 'sex', 'residentId', 'identifiers', 'phone', 'address', 'insuranceType', 'guardian', 'deceased'] as const;
export type GoldenFieldName = (typeof GOLDEN_FIELDS)[number];
export const RELATION_KINDS = ['guardian', 'parent', 'child', 'spouse', 'sibling', 'household', 'other'] as const;
