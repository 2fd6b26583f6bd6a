import type { ActPreview, GoldenFieldName, PersonCard } from '@xinglin/contracts/api.ts';
import type { Queryable } from '../../../platform/index.ts';
import { pairsApart } from './acts.sql.ts';
import type { Plan } from './plan.ts';

type Warning = ActPreview['warnings'][number];
const STATED: readonly (readonly [GoldenFieldName, Warning])[] = [
  ['residentId', 'different-ids'],
  ['sex', 'different-sex'],
  ['birthDate', 'different-birth-date'],
];

/** Why to look twice before doing it. Shown values are compared: what is masked alike is not warned about. */
export async function warningsOf(q: Queryable, plan: Plan, before: readonly PersonCard[]): Promise<Warning[]> {
  const [a, b] = [plan.decisions.map((each) => each.a), plan.decisions.map((each) => each.b)];
  if (plan.kind === 'split') {
    const { said } = await q.one<{ said: boolean }>(
      `select exists (
         select from govern.merge_act m join unnest($1::uuid[], $2::uuid[]) as p(a, b)
           on (m.survivor_key = p.a and m.retired_key = p.b) or (m.survivor_key = p.b and m.retired_key = p.a)
         where m.kind <> 'unlink') as said`,
      [a, b],
    );
    return said ? ['source-merged'] : [];
  }
  const [one, other] = before;
  const shownOf = (card: PersonCard | undefined, field: GoldenFieldName) => card?.golden.find((each) => each.field === field)?.value ?? null;
  const found = STATED.filter(([field]) => {
    const [x, y] = [shownOf(one, field), shownOf(other, field)];
    return x !== null && y !== null && x !== y;
  }).map(([, warning]) => warning);
  return (await pairsApart(q, a, b)).length > 0 ? [...found, 'decided-before'] : found;
}
