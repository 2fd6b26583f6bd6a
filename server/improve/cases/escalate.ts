import type { Engage } from '../../engage/index.ts';
import { uuidv7 } from '../../kernel/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { type CaseRecord, lockCase } from './case.sql.ts';
import { ESCALATION_SHARES, escalationTimes } from './limits.ts';
import { takeStep } from './take-step.ts';

/** Kind in the due-time table; the key is the case and the level. */
const ESCALATE = 'improve.escalate';
const keyOf = (caseId: string, level: number): string => `${caseId}:${level}`;

interface Deps {
  readonly platform: Platform;
  readonly engage: Engage;
}

export async function scheduleEscalations(tx: Tx, { due }: Platform, caseId: string, from: Date, limitHours: number): Promise<void> {
  await due.scheduleMany(
    tx,
    escalationTimes(from, limitHours).levels.map(({ level, at }) => ({ kind: ESCALATE, key: keyOf(caseId, level), dueAt: at, payload: {} })),
  );
}

export async function cancelEscalations(tx: Tx, { due }: Platform, caseId: string): Promise<void> {
  for (const index of ESCALATION_SHARES.keys()) await due.cancel(tx, ESCALATE, keyOf(caseId, index + 1));
}

/** Raises the level at 50, 80 and 100 % of the limit and tells those who can act: the owner, then the head of the department, then operations. */
export function escalateWithTime(deps: Deps): void {
  deps.platform.due.on(ESCALATE, async (tx, { key, dueAt }) => {
    const [caseId = '', level = '0'] = key.split(':');
    const before = await lockCase(tx, caseId);
    if (before === undefined || before.state === 'closed' || before.escalation >= Number(level)) return;
    const after = await takeStep(tx, deps, before, {
      action: 'escalate',
      to: before.state,
      at: dueAt,
      by: null,
      detail: { level: Number(level) },
      set: { escalation: Number(level) },
    });
    await notify(tx, after, await toldAt(deps.platform, after), `escalated-${level}`, dueAt);
  });
}

/** Who hears of a level: every level adds to those before. */
async function toldAt({ access }: Platform, { owner_id, department_code, escalation }: CaseRecord): Promise<string[]> {
  const staff = await access.staff({ permission: 'case.write', ...(department_code === null ? {} : { department: department_code }) });
  const heads = staff.filter(({ role }) => role === 'department-head').map(({ userId }) => userId);
  const operations = staff.filter(({ role }) => role === 'operations').map(({ userId }) => userId);
  return [...new Set([...(owner_id === null ? operations : [owner_id]), ...(escalation >= 2 ? heads : []), ...(escalation >= 3 ? operations : [])])];
}

/** A row in the console of each; the same news twice is one. */
export async function notify(tx: Tx, about: CaseRecord, userIds: readonly string[], kind: string, at: Date): Promise<void> {
  await tx.query(
    `insert into improve.notice (notice_id, org_id, user_id, case_id, kind, at)
     select notice_id, $1, user_id, $2, $3, $4 from unnest($5::uuid[], $6::uuid[]) as told (notice_id, user_id)
     on conflict do nothing`,
    [about.org_id, about.case_id, kind, at, userIds.map(() => uuidv7(at.getTime())), userIds],
  );
}
