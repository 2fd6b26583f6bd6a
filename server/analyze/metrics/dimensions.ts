import { columnsOf, DIMENSIONS, type FactName } from '@xinglin/contracts';
import type { Bilingual } from '@xinglin/contracts/api.ts';
import type { Lookup } from './definition.ts';

/** A way to slice. `column` is the fact's column it reads (for the viewer's column rule), `sql` what a group is, over the alias `f`. */
interface DimensionSql {
  readonly column: string;
  readonly sql: string;
  readonly join?: Lookup;
}

/** Read from the fact's own columns of the same meaning; the name is what `by` and `where` take. */
const OWN_COLUMNS = [
  'source',
  'campus_id',
  'class',
  'category',
  'channel',
  'mode',
  'kind',
  'platform',
  'payment_type',
  'topic',
  'severity',
  'shift',
  'purpose',
  'template',
  'plan_template',
  'step',
  'origin',
  'survey',
  'code',
  'page',
  'campaign',
  'discharge_disposition',
] as const;
const MAPPED = DIMENSIONS.filter((each) => each !== 'device' && each !== 'item' && each !== 'disease');
const DERIVED = ['disease', 'sex', 'age_group', 'district', 'insurance_type'] as const;

export type DimensionId = (typeof OWN_COLUMNS)[number] | 'department' | 'staff' | 'ward' | (typeof DERIVED)[number];

/** What the person's records say, one row per person; lent to facts of any source. */
const person: Lookup = {
  name: 'person',
  sql: `select coalesce(p.person_id, p.record_key) as person, max(case when p.sex <> 'unknown' then p.sex end) as sex,
      max(p.birth_month) as birth_month, max(p.district) as district, max(p.insurance_type) as insurance_type
    from {person_record} p group by 1`,
  on: 'person.person = coalesce(f.person_id, f.record_key)',
};

const AGE = `(extract(year from f.day) * 12 + extract(month from f.day)
  - cast(substr(person.birth_month, 1, 4) as integer) * 12 - cast(substr(person.birth_month, 6, 2) as integer)) / 12`;

const derived: Record<(typeof DERIVED)[number], DimensionSql> = {
  disease: { column: 'disease_code', sql: 'upper(substr(f.disease_code, 1, 3))' },
  sex: { column: 'sex', sql: 'person.sex', join: person },
  age_group: {
    column: 'birth_month',
    sql: `case when person.birth_month is null then null when ${AGE} < 6 then '0-5' when ${AGE} < 18 then '6-17' when ${AGE} < 45 then '18-44'
      when ${AGE} < 60 then '45-59' when ${AGE} < 75 then '60-74' else '75+' end`,
    join: person,
  },
  district: { column: 'district', sql: 'person.district', join: person },
  insurance_type: { column: 'insurance_type', sql: 'person.insurance_type', join: person },
};

/** Null when this fact cannot be sliced that way. */
export function dimensionSql(fact: FactName, id: string): DimensionSql | null {
  const columns = columnsOf(fact);
  if ((MAPPED as readonly string[]).includes(id)) {
    return columns.some((each) => each.kind === `dimension:${id}`) ? { column: `${id}_code`, sql: `f.${id}` } : null;
  }
  if ((OWN_COLUMNS as readonly string[]).includes(id)) return columns.some((each) => each.name === id) ? { column: id, sql: `f.${id}` } : null;
  if (id === 'disease') return columns.some((each) => each.name === 'disease_code') ? derived.disease : null;
  return (DERIVED as readonly string[]).includes(id) ? derived[id as (typeof DERIVED)[number]] : null;
}

/** Sets of dimensions most definitions offer. */
export const PEOPLE = ['sex', 'age_group', 'district', 'insurance_type'] as const satisfies readonly DimensionId[];
export const PLACES = ['department', 'campus_id', 'source'] as const satisfies readonly DimensionId[];

const names: Partial<Record<DimensionId, Bilingual>> = {
  department: { zh: '科室', en: 'department' },
  staff: { zh: '医务人员', en: 'member of staff' },
  ward: { zh: '病区', en: 'ward' },
  disease: { zh: '病种（ICD-10 三位码）', en: 'disease (ICD-10, three characters)' },
  sex: { zh: '性别', en: 'sex' },
  age_group: { zh: '年龄组', en: 'age group' },
  district: { zh: '来源区县', en: 'home district' },
  insurance_type: { zh: '医保类型', en: 'insurance type' },
};

/** Words for a dimension: its own, or those of the fact's column. */
export function dimensionName(fact: FactName, id: DimensionId): Bilingual {
  const column = columnsOf(fact).find((each) => each.name === id);
  return names[id] ?? { zh: column?.zh ?? id, en: column?.en ?? id };
}
