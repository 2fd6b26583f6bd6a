/**
 * The server's rule over one answer, as it words it for the page: `… yes`, `… no`, `≥ 38.5 ℃`, or the choices that count, between
 * slashes. Read here for a hint while the nurse types; the server judges again.
 */
import type { FollowUpDetail } from '@xinglin/contracts/api.ts';

type Question = FollowUpDetail['questions'][number];
export type Rule =
  | { readonly op: 'is'; readonly value: 'yes' | 'no' }
  | { readonly op: '≥' | '>' | '≤' | '<'; readonly value: number; readonly unit: string }
  | { readonly op: 'in'; readonly places: readonly number[] };
const SIGNS = ['≥', '>', '≤', '<'] as const;

/** Null for no rule, and for one a later server writes that this page does not know. */
export function ruleOf({ abnormalWhen, kind, choices }: Question): Rule | null {
  if (abnormalWhen === null) return null;
  if (kind === 'choice') {
    const named = abnormalWhen.split(' / ');
    const places = choices.flatMap((choice, place) => (named.includes(`${choice.zh} ${choice.en}`) ? [place] : []));
    return places.length === 0 ? null : { op: 'in', places };
  }
  const word = / (yes|no)$/.exec(abnormalWhen)?.[1];
  if (kind === 'yes-no' && (word === 'yes' || word === 'no')) return { op: 'is', value: word };
  const [, sign, bound, unit = ''] = /^(≥|>|≤|<) (-?\d+(?:\.\d+)?)(?: (.*))?$/.exec(abnormalWhen) ?? [];
  const op = SIGNS.find((each) => each === sign);
  return op === undefined || bound === undefined ? null : { op, value: Number(bound), unit };
}

/** `answer` as the form holds it: `yes`, `no`, a number, or the Chinese words of a choice. */
export function isAbnormal(question: Question, answer: string | number | null | undefined): boolean {
  const rule = ruleOf(question);
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
