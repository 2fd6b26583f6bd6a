/**
 * What the indices rest on, as a few aggregated rows per day: one statement per kind of evidence, all of the shape of `Evidence`.
 * Each reads its fact through the viewer's row rule and only the days that can still count on or after `from`.
 */
import type { FactName } from '@xinglin/contracts';
import { addDays, localDaySql } from '../business-days.ts';
import { EARNED, FIRST_SURVEY, TOOK_PLACE } from '../metrics/fragments.ts';
import { ADHERENCE_DAYS, DUE_AFTER_DAYS, LONG_TERM_ICD10, RETURN_DAYS, USUAL_DAYS } from './definition.ts';
import { HEAT_HISTORY_DAYS } from './heat.ts';

export interface EvidenceFrame {
  readonly from: string;
  readonly to: string;
  readonly zoneHours: number;
  /** The viewer's row rule over an alias. */
  readonly rule: (fact: FactName, alias: string) => string;
}
export interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

const PERSON = 'coalesce(f.person_id, f.record_key)';
const within = 'f.day >= cast($1 as date) and f.day <= cast($2 as date)';
const range = (frame: EvidenceFrame, daysBefore: number): string[] => [addDays(frame.from, -daysBefore), frame.to];
const plusDays = (day: string, days: number): string => `cast(${day} + interval '${days}' day as date)`;
const SUMS = 'cast(sum(n) as double) as n, cast(sum(total) as double) as total, cast(sum(squares) as double) as squares';
const evidence = (sql: string): string => `select stratum, cast(day as varchar) as day, cast(until as varchar) as until, ${SUMS} from (\n${sql}\n) evidence
  group by 1, 2, 3`;

/** Mentions by channel and day; visitors of the own site by day. The first row of a text on a platform counts, its copies do not. */
export function mentions(frame: EvidenceFrame): Statement {
  return {
    sql: evidence(`select case when f.kind = 'search' or f.platform = 'baidu' then 'search' when f.platform = 'wechat' then 'wechat'
      when f.platform in ('haodf', 'dianping') then 'consult' when f.platform = 'douyin' then 'video' else 'news' end as stratum,
    f.day as day, cast(null as date) as until, f.mentions as n, f.mentions as total, 0 as squares
  from (select f.platform, f.kind, f.day, coalesce(f.mentions, 1) as mentions,
      row_number() over (partition by f.platform, coalesce(f.text_id, f.fact_key) order by f.day, f.fact_key) as copy
    from fact_review f where ${frame.rule('review', 'f')} and ${EARNED} and ${within}) f
  where f.copy = 1
  union all
  select 'site', f.day, cast(null as date), count(distinct coalesce(f.anonymous_key, ${PERSON})), 0, 0
  from fact_event f where ${frame.rule('event', 'f')} and f.kind in ('page', 'screen') and ${within} group by f.day`),
    params: range(frame, HEAT_HISTORY_DAYS),
  };
}

/**
 * One voice per person: an answer counts until the same person's next one. The mode is that of the person's first answer in reach,
 * so that a re-rating by telephone replaces the score it answers and not somebody else's.
 */
function voices(frame: EvidenceFrame, where: string, score: string): Statement {
  return {
    sql: evidence(`select first_value(mode) over (partition by voice order by occurred_at, fact_key) as stratum, day,
    lead(day) over (partition by voice order by occurred_at, fact_key) as until, 1 as n, x as total, power(x, 2) as squares
  from (select coalesce(f.person_id, f.record_key, f.invitation_key) as voice, f.mode, f.occurred_at, f.fact_key, f.day, ${score} as x
    from fact_survey_answer f where ${frame.rule('survey_answer', 'f')} and ${where} and ${within}) answer`),
    params: range(frame, USUAL_DAYS),
  };
}
export const satisfaction = (frame: EvidenceFrame): Statement =>
  voices(frame, 'f.is_overall and f.score is not null and f.score_max = 5', 'cast(f.score as double) / 5');
export const recommendation = (frame: EvidenceFrame): Statement =>
  voices(
    frame,
    `f.score is not null and f.score_max = 10 and f.question in ('nps', 'recommend') and ${FIRST_SURVEY}`,
    'case when f.score >= 9 then 1.0 when f.score <= 6 then 0.0 else 0.5 end',
  );

export function positiveReviews(frame: EvidenceFrame): Statement {
  return {
    sql: evidence(`select cast(null as varchar) as stratum, f.day as day, cast(null as date) as until, 1 as n,
    case when f.sentiment = 'positive' then 1 else 0 end as total, case when f.sentiment = 'positive' then 1 else 0 end as squares
  from fact_review f where ${frame.rule('review', 'f')} and ${EARNED} and f.sentiment in ('positive', 'negative') and ${within}`),
    params: range(frame, USUAL_DAYS),
  };
}

export function complaints(frame: EvidenceFrame): Statement {
  return {
    sql: evidence(`select cast(null as varchar) as stratum, f.day as day, cast(null as date) as until, 1 as n, 1 as total, 1 as squares
  from fact_complaint f where ${frame.rule('complaint', 'f')} and f.kind = 'complaint' and ${within}`),
    params: range(frame, USUAL_DAYS),
  };
}

/** Outpatient and emergency visits by their first day, discharges by their last. */
export function visits(frame: EvidenceFrame): Statement {
  const day = `case when f.class = 'inpatient' then ${localDaySql('f.ended_at', frame.zoneHours)} else ${localDaySql('coalesce(f.started_at, f.occurred_at)', frame.zoneHours)} end`;
  return {
    sql: evidence(`select cast(null as varchar) as stratum, f.day as day, cast(null as date) as until, 1 as n, 1 as total, 1 as squares
  from (select ${day} as day from fact_encounter f where ${frame.rule('encounter', 'f')} and ${TOOK_PLACE}
    and (f.class in ('outpatient', 'emergency') or (f.class = 'inpatient' and f.status = 'finished' and f.ended_at is not null))) f
  where ${within}`),
    params: range(frame, USUAL_DAYS),
  };
}

/** Patients due (n) from 90 days after a visit for a long-term condition, and their next visit (total), both until the year is over. */
export function returning(frame: EvidenceFrame): Statement {
  const day = localDaySql('coalesce(f.started_at, f.occurred_at)', frame.zoneHours);
  const longTerm = (code: string): string =>
    LONG_TERM_ICD10.map(([first, last]) => `upper(substr(${code}, 1, 3)) between '${first}' and '${last}'`).join(' or ');
  return {
    sql: `with visit as (
  select ${PERSON} as person, ${day} as day, max(case when ${longTerm('f.disease_code')} or noted.encounter_key is not null then 1 else 0 end) as is_long_term
  from fact_encounter f
  left join (select distinct f.encounter_key from fact_condition f where ${frame.rule('condition', 'f')} and f.encounter_key is not null
    and (${longTerm('f.code')})) noted on noted.encounter_key = f.encounter_key
  where ${frame.rule('encounter', 'f')} and ${TOOK_PLACE} group by 1, 2
), followed as (
  select person, day, is_long_term, lead(day) over (partition by person order by day) as next_day,
    row_number() over (partition by person, date_trunc('month', day), is_long_term order by day) as place
  from visit where day >= cast($1 as date) and day <= cast($2 as date)
), due as (
  select ${plusDays('day', DUE_AFTER_DAYS)} as due_day, ${plusDays('day', RETURN_DAYS)} as until, next_day
  from followed where is_long_term = 1 and place = 1 and person not in (
    select coalesce(f.person_id, f.record_key) from fact_person_record f where f.is_deceased and coalesce(f.person_id, f.record_key) is not null)
), signed as (
  select due_day as day, 1 as n, 0 as total from due
  union all select until, -1, 0 from due
  union all select greatest(due_day, next_day), 0, 1 from due where next_day < until
  union all select until, 0, -1 from due where next_day < until
)
select cast(null as varchar) as stratum, cast(day as varchar) as day, cast(null as varchar) as until,
  cast(sum(n) as double) as n, cast(sum(total) as double) as total, cast(0 as double) as squares
from signed group by 2`,
    params: range(frame, RETURN_DAYS),
  };
}

/** Follow-ups enter when they are done or their window (due day + 2) closes, and leave with the adherence window. */
export function adherence(frame: EvidenceFrame): Statement {
  const due = localDaySql('f.due_at', frame.zoneHours);
  return {
    sql: `with task as (
  select ${plusDays(due, 2)} as closes, case when f.status = 'done' then ${localDaySql('coalesce(f.done_at, f.occurred_at)', frame.zoneHours)} end as done_day
  from fact_followup f where ${frame.rule('followup', 'f')} and f.status <> 'cancelled' and f.due_at is not null
), entered as (
  select case when done_day is not null and done_day < closes then done_day else closes end as day, done_day from task
), counted as (
  select day, ${plusDays('day', ADHERENCE_DAYS)} as until, done_day from entered where day >= cast($1 as date) and day <= cast($2 as date)
), said as (
  select day, until, 1 as n, 0 as total from counted
  union all select greatest(day, done_day), until, 0, 1 from counted where done_day is not null and done_day < until
)
select cast(null as varchar) as stratum, cast(day as varchar) as day, cast(until as varchar) as until,
  cast(sum(n) as double) as n, cast(sum(total) as double) as total, cast(0 as double) as squares
from said group by 2, 3`,
    params: range(frame, ADHERENCE_DAYS + 2),
  };
}
