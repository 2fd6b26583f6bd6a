import type { Question, Urgency } from './templates/types.ts';

/**
 * The rule language of `abnormalWhen`: one comparison.
 * `= yes` · `= no` · `>= 38.5` · `> 6` · `<= 3` · `< 90` · `in 1,2` (places in the list of choices, from 0).
 */
export type Rule =
  | { readonly op: 'is'; readonly value: string }
  | { readonly op: '>=' | '>' | '<=' | '<'; readonly value: number }
  | { readonly op: 'in'; readonly places: readonly number[] };

/** Throws a plain error on a rule that cannot be read: templates are checked when they are loaded, so this never reaches a nurse. */
export function parseRule(text: string): Rule {
  const is = /^= (yes|no)$/.exec(text);
  if (is !== null) return { op: 'is', value: is[1] as string };
  const compare = /^(>=|>|<=|<) (-?\d+(?:\.\d+)?)$/.exec(text);
  if (compare !== null) return { op: compare[1] as '>=' | '>' | '<=' | '<', value: Number(compare[2]) };
  const among = /^in (\d+(?:,\d+)*)$/.exec(text);
  if (among !== null) return { op: 'in', places: (among[1] as string).split(',').map(Number) };
  throw new Error(`the rule “${text}” cannot be read`);
}

/** What an answer says, or why it cannot be taken. A choice may be given by its words in either language or by its place. */
export type ReadAnswer =
  | { readonly ok: true; readonly value: string | number }
  | { readonly ok: false; readonly why: 'not-an-option' | 'not-a-number' | 'out-of-range' };

export function readAnswer(question: Question, raw: string): ReadAnswer {
  const text = raw.normalize('NFKC').trim();
  switch (question.kind) {
    case 'text':
      return { ok: true, value: text };
    case 'yes-no':
      return text === 'yes' || text === 'no' ? { ok: true, value: text } : { ok: false, why: 'not-an-option' };
    case 'choice': {
      const place = question.choices.findIndex((each, index) => each.zh.normalize('NFKC') === text || each.en === text || String(index) === text);
      return place < 0 ? { ok: false, why: 'not-an-option' } : { ok: true, value: place };
    }
    case 'number': {
      if (!/^-?\d+(?:\.\d+)?$/.test(text)) return { ok: false, why: 'not-a-number' };
      const value = Number(text);
      const isPossible = question.range === null || (value >= question.range.min && value <= question.range.max);
      return isPossible ? { ok: true, value } : { ok: false, why: 'out-of-range' };
    }
  }
}

const SIGNS = { '>=': '≥', '>': '>', '<=': '≤', '<': '<' } as const;

/** The rule as a nurse reads it, in signs and in the words of the answers: `≥ 38.5 ℃`, `是 yes`, `更差了 worse`. */
export function ruleInWords({ abnormalWhen, choices, range }: Question): string | null {
  if (abnormalWhen === null) return null;
  const rule = parseRule(abnormalWhen);
  switch (rule.op) {
    case 'is':
      return rule.value === 'yes' ? '是 yes' : '否 no';
    case 'in':
      return rule.places.map((place) => `${choices[place]?.zh ?? place} ${choices[place]?.en ?? ''}`.trim()).join(' / ');
    default:
      return `${SIGNS[rule.op]} ${rule.value}${range === null ? '' : ` ${range.unit}`}`;
  }
}

export function isAbnormal(question: Question, value: string | number): boolean {
  if (question.abnormalWhen === null) return false;
  const rule = parseRule(question.abnormalWhen);
  switch (rule.op) {
    case 'is':
      return value === rule.value;
    case 'in':
      return rule.places.includes(Number(value));
    case '>=':
      return Number(value) >= rule.value;
    case '>':
      return Number(value) > rule.value;
    case '<=':
      return Number(value) <= rule.value;
    case '<':
      return Number(value) < rule.value;
  }
}

const URGENCIES: readonly Urgency[] = ['within-24h', 'same-day', 'emergency'];

export interface Judgement {
  readonly finding: 'normal' | 'abnormal' | 'none';
  /** Questions whose answers were abnormal. */
  readonly questions: readonly string[];
  /** The greatest urgency among them; `within-24h` when the nurse judged by herself. */
  readonly urgency: Urgency;
  /** Questions with a rule that were not answered. */
  readonly missing: readonly string[];
}

/**
 * Answers and the nurse's own finding together: an abnormal answer makes the finding abnormal whatever was ticked; the nurse may call
 * abnormal what no rule knows; and a question with a rule left open is never counted as normal (DOMAIN E8).
 */
export function judge(questions: readonly Question[], answers: ReadonlyMap<string, string | number>, said: 'normal' | 'abnormal' | 'none'): Judgement {
  const abnormal = questions.filter((question) => {
    const value = answers.get(question.id);
    return value !== undefined && isAbnormal(question, value);
  });
  const missing = questions.filter((question) => question.abnormalWhen !== null && !answers.has(question.id)).map((question) => question.id);
  const urgency = abnormal.reduce<Urgency>((most, { urgency: each }) => (URGENCIES.indexOf(each) > URGENCIES.indexOf(most) ? each : most), 'within-24h');
  const finding = abnormal.length > 0 ? 'abnormal' : said;
  return { finding, questions: abnormal.map((question) => question.id), urgency, missing };
}
