import type { EncounterSignal } from '@xinglin/contracts';
import type { Queryable, Tx } from '../../platform/index.ts';
import type { PlannedTask } from './plan-discharge.ts';

export interface NewPlan {
  readonly planId: string;
  readonly discharge: EncounterSignal;
  readonly template: string;
  readonly anchorDay: string;
  readonly ownerId: string | null;
  readonly now: Date;
}

/** False when the discharge has a plan already. */
export async function insertPlan(tx: Tx, { planId, discharge, template, anchorDay, ownerId, now }: NewPlan): Promise<boolean> {
  const made = await tx.query(
    `insert into engage.plan (plan_id, org_id, campus_id, record_key, encounter_key, template, anchor_day, department_code, discharged_at, owner_id, state, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', $11)
     on conflict (encounter_key) where state <> 'withdrawn' do nothing
     returning plan_id`,
    [
      planId,
      discharge.orgId,
      discharge.campusId,
      discharge.recordKey,
      discharge.encounterKey,
      template,
      anchorDay,
      discharge.departmentCode,
      discharge.endedAt,
      ownerId,
      now,
    ],
  );
  return made.length === 1;
}

export async function insertTasks(tx: Tx, plan: NewPlan, tasks: readonly (PlannedTask & { taskId: string })[]): Promise<void> {
  const { discharge } = plan;
  await tx.query(
    `insert into engage.task (task_id, plan_id, org_id, campus_id, record_key, encounter_key, department_code, template, step, mode, day_number,
                              due_at, window_ends_at, state, owner_id)
     select t.task_id, $1, $2, $3, $4, $5, $6, $7, t.step, t.mode, t.day_number, t.due_at, t.window_ends_at, 'scheduled', $8
     from unnest($9::uuid[], $10::text[], $11::text[], $12::integer[], $13::timestamptz[], $14::timestamptz[])
       as t (task_id, step, mode, day_number, due_at, window_ends_at)`,
    [
      plan.planId,
      discharge.orgId,
      discharge.campusId,
      discharge.recordKey,
      discharge.encounterKey,
      discharge.departmentCode,
      plan.template,
      plan.ownerId,
      tasks.map((task) => task.taskId),
      tasks.map((task) => task.step),
      tasks.map((task) => task.mode),
      tasks.map((task) => task.dayNumber),
      tasks.map((task) => task.dueAt),
      tasks.map((task) => task.windowEndsAt),
    ],
  );
}

/** Plans withdrawn by this call: one at most, none when it was withdrawn before. */
export const withdrawPlanRow = (tx: Tx, encounterKey: string, why: string, now: Date): Promise<{ plan_id: string; record_key: string }[]> =>
  tx.query(
    `update engage.plan set state = 'withdrawn', withdrawn_at = $3, withdrawn_why = $2
     where encounter_key = $1 and state <> 'withdrawn' returning plan_id, record_key`,
    [encounterKey, why, now],
  );

/** How many active plans each of these users keeps. */
export const plansKeptBy = (q: Queryable, userIds: readonly string[]): Promise<{ owner_id: string; kept: number }[]> =>
  q.query(`select owner_id, count(*)::integer as kept from engage.plan where owner_id = any($1) and state = 'active' group by owner_id`, [userIds]);
