import type { EncounterSignal } from '@xinglin/contracts';
import { uuidv7 } from '../../kernel/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import type { Messages } from '../messages/messages.ts';
import type { Statements } from '../statements/statements.ts';
import { closeTasks, TASK_DUE } from '../tasks/close-tasks.ts';
import { HANDOVER_MS } from '../time.ts';
import { insertPlan, insertTasks, plansKeptBy, withdrawPlanRow } from './plan.sql.ts';
import { planDischarge } from './plan-discharge.ts';
import { PLAN_TEMPLATES } from './templates/index.ts';

interface Deps {
  readonly platform: Platform;
  readonly messages: Messages;
  readonly statements: Statements;
}

/**
 * Plans follow discharges: a discharge starts one, the same discharge told again changes nothing, a discharge taken back (A13) or
 * corrected to a death withdraws it, and the next discharge of that stay starts a new one.
 */
export function followDischarges(deps: Deps): void {
  const { signals } = deps.platform;
  signals.on('encounter.discharged', 'engage.plan', (tx, discharge) => startPlan(tx, deps, discharge));
  signals.on('encounter.reopened', 'engage.plan', (tx, { encounterKey }) => withdrawPlan(tx, deps, encounterKey, 'discharge-taken-back'));
}

async function startPlan(tx: Tx, deps: Deps, discharge: EncounterSignal): Promise<void> {
  const { platform } = deps;
  const now = platform.clock.now();
  const decision = planDischarge(discharge, PLAN_TEMPLATES, now, platform.config.timeZone);
  if (!decision.start) {
    if (decision.why === 'died') await withdrawPlan(tx, deps, discharge.encounterKey, 'died');
    return;
  }
  const ownerId = await chooseOwner(tx, platform, discharge.departmentCode);
  const plan = { planId: uuidv7(now.getTime()), discharge, template: decision.template, anchorDay: decision.anchorDay, ownerId, now };
  if (!(await insertPlan(tx, plan))) return;
  const tasks = decision.tasks.map((task) => ({ ...task, taskId: uuidv7(now.getTime()) }));
  await insertTasks(tx, plan, tasks);
  await platform.due.scheduleMany(
    tx,
    tasks.map(({ taskId, dueAt }) => ({ kind: TASK_DUE, key: taskId, dueAt: dueAt > now ? dueAt : new Date(now.getTime() + HANDOVER_MS), payload: {} })),
  );
}

async function withdrawPlan(tx: Tx, deps: Deps, encounterKey: string, why: string): Promise<void> {
  const [plan] = await withdrawPlanRow(tx, encounterKey, why, deps.platform.clock.now());
  if (plan === undefined) return;
  await closeTasks(tx, deps, { column: 'plan_id', value: [plan.plan_id], mode: null }, 'cancelled', why);
  await deps.messages.cancelWaiting(tx, [plan.record_key], 'followup', null, why);
}

/** The department's nurse with the fewest plans; without one, whoever else may follow up there. Null: nobody may. */
async function chooseOwner(tx: Tx, platform: Platform, departmentCode: string | null): Promise<string | null> {
  const staff = await platform.access.staff({ permission: 'followup.write', ...(departmentCode === null ? {} : { department: departmentCode }) });
  const own = staff.filter(
    ({ role, departments }) => role === 'nurse' && departments !== 'all' && departmentCode !== null && departments.includes(departmentCode),
  );
  const candidates = own.length > 0 ? own : staff;
  const kept = new Map(
    (
      await plansKeptBy(
        tx,
        candidates.map(({ userId }) => userId),
      )
    ).map((row) => [row.owner_id, row.kept]),
  );
  return candidates.map(({ userId }) => userId).sort((a, b) => (kept.get(a) ?? 0) - (kept.get(b) ?? 0) || (a < b ? -1 : 1))[0] ?? null;
}
