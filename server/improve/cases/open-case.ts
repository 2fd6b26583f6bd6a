import type { Place } from '@xinglin/contracts';
import type { Engage } from '../../engage/index.ts';
import { uuidv7 } from '../../kernel/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { type CaseOrigin, type CaseRecord, insertCase, openCasesOf } from './case.sql.ts';
import { moveOf } from './case-machine.ts';
import { notify, scheduleEscalations } from './escalate.ts';
import { escalationTimes } from './limits.ts';
import { takeStep } from './take-step.ts';

export interface CaseToOpen {
  readonly place: Place;
  readonly recordKey: string | null;
  readonly encounterKey: string | null;
  readonly origin: CaseOrigin;
  /** UUID of what opens it; it opens one case for ever. */
  readonly originKey: string;
  readonly reasons: readonly string[];
  readonly departmentCode: string | null;
  readonly score: number | null;
  readonly textId: string | null;
  /** The limit runs from here: when the patient spoke, not when we heard of it. */
  readonly from: Date;
  readonly limitHours: number;
  readonly preferredOwner: string | null;
}

/** Opens a case with an owner and its limit running. Null when it was opened before. */
export async function openCase(tx: Tx, deps: { platform: Platform; engage: Engage }, given: CaseToOpen): Promise<CaseRecord | null> {
  const { platform } = deps;
  const now = platform.clock.now();
  const { dueAt } = escalationTimes(given.from, given.limitHours);
  const opened = await insertCase(tx, {
    ...given,
    ...given.place,
    caseId: uuidv7(now.getTime()),
    openedAt: now,
    dueAt,
  });
  if (opened === undefined) return null;
  let record = await takeStep(tx, deps, opened, { action: 'open', to: 'new', at: now, by: null, detail: { reasons: given.reasons } });
  const ownerId = given.preferredOwner ?? (await chooseOwner(tx, platform, given.departmentCode));
  const move = moveOf('assign', { state: record.state, attempts: 0, hasPatient: record.record_key !== null });
  if (ownerId !== null && move.isAllowed) {
    record = await takeStep(tx, deps, record, { action: 'assign', to: move.to, at: now, by: null, detail: { ownerId }, set: { owner_id: ownerId } });
    await notify(tx, record, [ownerId], 'assigned', now);
  }
  await scheduleEscalations(tx, platform, record.case_id, given.from, given.limitHours);
  return record;
}

/** The colleague of the operations centre with the fewest open cases, the one longest without a new one first; without them, whoever may work there. */
async function chooseOwner(tx: Tx, platform: Platform, departmentCode: string | null): Promise<string | null> {
  const staff = await platform.access.staff({ permission: 'case.write', ...(departmentCode === null ? {} : { department: departmentCode }) });
  const operations = staff.filter(({ role }) => role === 'operations');
  const candidates = (operations.length > 0 ? operations : staff).map(({ userId }) => userId);
  const load = new Map((await openCasesOf(tx, candidates)).map((row) => [row.owner_id, row]));
  const order = (a: string, b: string): number =>
    (load.get(a)?.open ?? 0) - (load.get(b)?.open ?? 0) || (load.get(a)?.latest.getTime() ?? 0) - (load.get(b)?.latest.getTime() ?? 0) || (a < b ? -1 : 1);
  return candidates.sort(order)[0] ?? null;
}
