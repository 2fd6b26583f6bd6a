import type { Bilingual } from '@xinglin/contracts/api.ts';

/** How soon somebody must act on an abnormal answer. `emergency` means: tell the caller to dial 120 before hanging up. */
export type Urgency = 'emergency' | 'same-day' | 'within-24h';

export interface Question {
  readonly id: string;
  readonly text: Bilingual;
  readonly kind: 'yes-no' | 'number' | 'choice' | 'text';
  readonly choices: readonly Bilingual[];
  /** Rule over the answer, see `abnormal.ts`: `= yes`, `>= 38.5`, `in 2,3` (places in `choices`, from 0); null: never abnormal by itself. */
  readonly abnormalWhen: string | null;
  readonly urgency: Urgency;
  /** For numbers: what can be true at all, with its unit. Outside it the answer is refused as a slip or another unit. */
  readonly range: { readonly min: number; readonly max: number; readonly unit: string } | null;
}

export interface PlanStep {
  readonly id: string;
  readonly name: Bilingual;
  /** Days after the template's anchor (the day of surgery or of discharge). */
  readonly day: number;
  /** Days after the due day during which the step is on time; after them it is overdue. */
  readonly windowDays: number;
  /** `phone`: a nurse calls. `inbox`: the patient reads it; reading it is the step. */
  readonly mode: 'phone' | 'inbox';
  /** For the nurse. `{hospital}` and `{department}` are filled in. */
  readonly script: Bilingual;
  readonly questions: readonly Question[];
  /** For the patient, in plain words; only for `inbox`. */
  readonly message: Bilingual | null;
}

/**
 * A follow-up plan as content: versioned, with its source and who answers for it. A template in use is never edited;
 * a change is a new edition beside the old one, because plans name the edition they were made from.
 *
 * Safety envelope (DOMAIN E8): no drug, no dose, no word of diagnosis; a range is something to look at, not a mark to pass.
 */
export interface PlanTemplate {
  readonly id: string;
  readonly edition: number;
  readonly name: Bilingual;
  readonly source: Bilingual;
  /** The role in the hospital that must approve it before a real hospital uses it. */
  readonly approver: Bilingual;
  /** Code prefixes, dots included; a list that is null is not looked at. A template with all three null fits every discharge. */
  readonly fits: {
    readonly surgery: readonly string[] | null;
    readonly disease: readonly string[] | null;
    readonly department: readonly string[] | null;
  };
  /** The greatest among the fitting ones is taken. */
  readonly priority: number;
  readonly anchor: 'discharge' | 'surgery';
  /** A discharge heard of later than this starts no plan: it is history. */
  readonly startWindowDays: number;
  readonly steps: readonly PlanStep[];
}

export const editionOf = (template: { readonly id: string; readonly edition: number }): string => `${template.id}@${template.edition}`;

const plain = { choices: [], range: null } as const;
export const yesNo = (id: string, text: Bilingual, abnormalWhen: '= yes' | '= no' | null, urgency: Urgency): Question => ({
  id,
  text,
  kind: 'yes-no',
  abnormalWhen,
  urgency,
  ...plain,
});
export const number = (id: string, text: Bilingual, range: NonNullable<Question['range']>, abnormalWhen: string | null, urgency: Urgency): Question => ({
  id,
  text,
  kind: 'number',
  choices: [],
  range,
  abnormalWhen,
  urgency,
});
export const choice = (id: string, text: Bilingual, choices: readonly Bilingual[], abnormalWhen: string | null, urgency: Urgency): Question => ({
  id,
  text,
  kind: 'choice',
  choices,
  range: null,
  abnormalWhen,
  urgency,
});
export const words = (id: string, text: Bilingual): Question => ({ id, text, kind: 'text', abnormalWhen: null, urgency: 'within-24h', ...plain });
