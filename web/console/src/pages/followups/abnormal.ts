/** The server's rule over one answer (`= yes`, `>= 38.5`, `in 2,3`), for a hint while the nurse types. The server judges again. */
import type { FollowUpDetail } from '@xinglin/contracts/api.ts';

type Question = FollowUpDetail['questions'][number];
export type Rule =
  | { readonly op: 'is'; readonly value: 'yes' | 'no' }
  | { readonly op: '≥' | '>' | '≤' | '<'; readonly value: number }
  | { readonly op: 'in'; readonly places: readonly number[] };

/** Null for no rule, and for one a later server writes that this page does not know. */
export function ruleOf(text: string | null): Rule | null {
  if (text === null) return null;
  if (text === '= yes' || text === '= no') return { op: 'is', value: text === '= yes' ? 'yes' : 'no' };
  const [, sign, bound] = /^(>=|>|<=|<) (-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (sign !== undefined && bound !== undefined) return { op: ({ '>=': '≥', '>': '>', '<=': '≤', '<': '<' } as const)[sign as '>='], value: Number(bound) };
  const places = /^in (\d+(?:,\d+)*)$/.exec(text)?.[1];
  return places === undefined ? null : { op: 'in', places: places.split(',').map(Number) };
}

/** `answer` as the form holds it: `yes`, `no`, a number, or the Chinese words of a choice. */
export function isAbnormal(question: Question, answer: string | number | null | undefined): boolean {
  const rule = ruleOf(question.abnormalWhen);
  if (rule === null || answer === undefined || answer === null || answer === '') return false;
  switch (rule.op) {
    case 'is':
      return answer === rule.value;
    case 'in':
      return rule.places.includes(question.choices.findIndex((choice) => choice.zh === answer));
    case '≥':
      return Number(answer) >= rule.value;
    case '>':
      return Number(answer) > rule.value;
    case '≤':
      return Number(answer) <= rule.value;
    case '<':
      return Number(answer) < rule.value;
  }
}
