import type { FactName, Viewer } from '@xinglin/contracts';
import type { Access } from '../../platform/index.ts';
import { keyList } from './in-view.sql.ts';

/** A fact reduced to what a line of the timeline can say; what a fact has no word for is null. */
export interface Line {
  readonly fact: FactName;
  readonly fact_key: string;
  readonly occurred_at: Date;
  readonly occurred_text: string;
  readonly day: string;
  readonly time_precision: string | null;
  readonly source: string;
  readonly department: string | null;
  readonly has_text: boolean;
  readonly kind: string | null;
  readonly status: string | null;
  readonly code: string | null;
  /** The coding system of `code`; null: the source's own list. */
  readonly system: string | null;
  readonly extra: string | null;
  readonly flag: string | null;
  readonly amount: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly unit: string | null;
  readonly until: Date | null;
}

type Said = Partial<
  Record<'kind' | 'status' | 'code' | 'system' | 'extra' | 'flag' | 'amount' | 'low' | 'high' | 'unit' | 'until' | 'department' | 'text_id', string>
>;

/** Which columns of each fact say it. `person_record` is the head of the page, not a line. */
const SAID: Partial<Record<FactName, Said>> = {
  encounter: { kind: 'f.class', status: 'f.status', code: 'f.disease_code', extra: 'f.surgery_code', flag: 'f.discharge_disposition', until: 'f.ended_at' },
  condition: { system: 'f.code_system', code: 'f.code', status: 'f.clinical_status', amount: 'f.rank' },
  observation: {
    ...{ kind: 'f.category', status: 'f.status', code: 'f.code', system: 'f.code_system', extra: 'f.value_code', flag: 'f.abnormal_flag' },
    ...{ amount: 'f.value_number', low: 'f.reference_low', high: 'f.reference_high', unit: 'f.unit', text_id: 'f.text_id' },
  },
  procedure: { system: 'f.code_system', kind: 'f.category', status: 'f.status', code: 'f.code', until: 'f.ended_at' },
  medication: {
    system: 'f.code_system',
    kind: 'f.kind',
    status: 'f.status',
    code: 'f.code',
    amount: 'f.dose_number',
    unit: 'f.dose_unit',
    until: 'f.ended_at',
  },
  charge: { kind: 'f.category', code: 'f.code', amount: 'f.amount_fen' },
  appointment: { kind: 'f.channel', status: 'f.status', until: 'f.starts_at' },
  event: { kind: 'f.kind', code: 'f.name', extra: 'f.page', flag: 'f.channel' },
  survey_answer: {
    ...{ kind: 'f.mode', code: 'f.question', extra: 'f.survey', flag: `case when f.is_overall then 'overall' end` },
    ...{ amount: 'f.score', high: 'f.score_max', text_id: 'f.text_id' },
  },
  review: { kind: 'f.platform', status: 'f.sentiment', code: 'f.kind', amount: 'f.rating', text_id: 'f.text_id' },
  complaint: { kind: 'f.kind', status: 'f.severity', code: 'f.topic', extra: 'f.channel', until: 'f.closed_at', text_id: 'f.text_id' },
  message: { kind: 'f.channel', status: 'f.status', code: 'f.template', extra: 'f.purpose', flag: 'f.reason', department: 'null' },
  followup: { kind: 'f.mode', status: 'f.status', code: 'f.plan_template', extra: 'f.step', flag: 'f.finding', until: 'f.due_at' },
  case_event: { kind: 'f.origin', status: 'f.step', amount: 'f.score', until: 'f.due_at' },
};
export const TIMELINE_FACTS = Object.keys(SAID) as FactName[];

const TEXTS = ['kind', 'status', 'code', 'system', 'extra', 'flag', 'unit'] as const;
const NUMBERS = ['amount', 'low', 'high'] as const;

/**
 * A page of each fact asked for, one statement each. Together in one statement every fact's joins would hold their memory at the same time, some
 * 8 MB each however small the tables: 14 facts took more than 128 MB where one after another they need less than 48, in the same time.
 */
export function timelineStatements(
  access: Pick<Access, 'scope'>,
  viewer: Viewer,
  keys: readonly string[],
  page: { facts: readonly FactName[]; after: readonly [string, string] | null; limit: number },
): { sql: string; params: readonly unknown[] }[] {
  const params: unknown[] = [...keys];
  const [at, key] = page.after === null ? ['', ''] : [`cast($${params.push(page.after[0])} as timestamp)`, `$${params.push(page.after[1])}`];
  const later = page.after === null ? '' : `and (f.occurred_at < ${at} or (f.occurred_at = ${at} and cast(f.fact_key as varchar) < ${key}))`;
  return page.facts.map((fact) => {
    const said = SAID[fact] ?? {};
    const scope = access.scope(viewer, `fact_${fact}`, 'f', 'duckdb');
    const text = said.text_id === undefined || scope.hidden.has('text_id') ? 'false' : `${said.text_id} is not null`;
    const sql = `select '${fact}' as fact, cast(f.fact_key as varchar) as fact_key, f.occurred_at as occurred_at, cast(f.occurred_at as varchar) as occurred_text,
      cast(f.day as varchar) as day, f.time_precision as time_precision, f.source as source,
      cast(${said.department ?? 'f.department'} as varchar) as department, ${text} as has_text,
      ${TEXTS.map((each) => `cast(${said[each] ?? 'null'} as varchar) as ${each}`).join(', ')},
      ${NUMBERS.map((each) => `cast(${said[each] ?? 'null'} as double) as ${each}`).join(', ')},
      cast(${said.until ?? 'null'} as timestamp) as until
    from fact_${fact} f where f.record_key in (${keyList(keys)}) and ${scope.where} ${later}
    order by occurred_at desc, fact_key desc limit ${page.limit + 1}`;
    return { sql, params };
  });
}

/** Newest first; `occurred_text` has the microseconds a Date has not. */
export const newestFirst = (a: Line, b: Line): number =>
  a.occurred_text === b.occurred_text ? (a.fact_key < b.fact_key ? 1 : -1) : a.occurred_text < b.occurred_text ? 1 : -1;

/** What sources call the codes on a page, from the dictionary they taught. `source` is the coding system where there is one. */
export interface CodeName {
  readonly dimension: 'item' | 'disease';
  readonly source: string;
  readonly code: string;
  readonly name: string;
}
export const codeNamesStatement = (codes: readonly string[]): { sql: string; params: readonly unknown[] } => ({
  sql: `select dimension, source, code, max(name) as name from code_name
    where dimension in ('item', 'disease') and code in (${codes.map((_, at) => `$${at + 1}`).join(', ')}) group by 1, 2, 3 order by 1, 2, 3`,
  params: codes,
});
