import { FACTS, type FactName, mayRole, type Viewer } from '@xinglin/contracts';
import { invariant } from '../../kernel/index.ts';
import type { Engine, Scope } from '../types.ts';

/** Operational relations with a department column of the hospital's own codes. Others may be read hospital-wide only. */
const POSTGRES_DEPARTMENT_COLUMN: Readonly<Record<string, string>> = {
  'engage.task': 'department_code',
  'engage.plan': 'department_code',
  'improve.case': 'department_code',
  'improve.invitation': 'department_code',
};

const NOTHING: Scope = { where: 'false', hidden: new Set(), label: { zh: '无', en: 'nothing' } };

/** Codes and ids only ever come from our own tables; anything else is a programming error, not input. */
export function literal(text: string): string {
  invariant(/^[\w.:@-]{1,64}$/.test(text), 'a scope literal is a plain code or id');
  return `'${text}'`;
}

/**
 * The one place that decides which rows and columns a viewer may read.
 * @param relation a fact view (`fact_encounter`, DuckDB) or `schema.table` (PostgreSQL).
 * @param alias how the relation is called in the query; default its own name.
 */
export function scope(
  viewer: Viewer,
  relation: string,
  alias: string = relation,
  engine: Engine = relation.startsWith('fact_') ? 'duckdb' : 'postgres',
): Scope {
  const org = `${alias}.org_id = ${literal(viewer.orgId)}`;
  if (viewer.kind === 'system') return { where: org, hidden: new Set(), label: { zh: '全院', en: 'whole hospital' } };
  if (viewer.kind === 'patient') {
    if (engine !== 'duckdb') return NOTHING;
    return { where: `${org} and ${alias}.person_id = ${literal(viewer.personId)}::uuid`, hidden: new Set(), label: { zh: '本人', en: 'own record' } };
  }
  const hidden = hiddenColumns(viewer.role);
  if (viewer.departments === 'all') return { where: org, hidden, label: { zh: '全院', en: 'whole hospital' } };
  if (viewer.departments.length === 0) return { ...NOTHING, hidden };
  const codes = viewer.departments.map(literal).join(', ');
  const label = { zh: `科室 ${viewer.departments.join('、')}`, en: `department ${viewer.departments.join(', ')}` };
  if (engine === 'postgres') {
    const column = POSTGRES_DEPARTMENT_COLUMN[relation];
    return column === undefined ? { ...NOTHING, hidden } : { where: `${org} and ${alias}.${column} in (${codes})`, hidden, label };
  }
  if (hasDepartment(relation)) return { where: `${org} and ${alias}.department in (${codes})`, hidden, label };
  // A fact without a department belongs to the departments that saw the person.
  return { where: `${org} and ${alias}.record_key in (select seen.record_key from fact_encounter seen where seen.department in (${codes}))`, hidden, label };
}

function hiddenColumns(role: Parameters<typeof mayRole>[0]): ReadonlySet<string> {
  if (mayRole(role, 'patient.identity')) return new Set();
  return mayRole(role, 'patient.list')
    ? new Set(['text_id'])
    : new Set(['text_id', 'person_id', 'record_key', 'encounter_key', 'anonymous_key', 'invitation_key', 'fact_key']);
}

function hasDepartment(relation: string): boolean {
  const fact = relation.replace(/^fact_/, '').replace(/_history$/, '') as FactName;
  invariant(fact in FACTS, `scope knows the relation ${relation}`);
  return FACTS[fact].some((column) => column.kind === 'dimension:department');
}
