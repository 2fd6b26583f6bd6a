import type { IdentityAct } from '@xinglin/contracts/api.ts';
import type { Platform } from '../../../platform/index.ts';
import type { ActRow } from './acts.sql.ts';

/** Staff are named; an account that is gone shows as its id. */
export async function shownActs({ access }: Platform, acts: readonly ActRow[]): Promise<IdentityAct[]> {
  if (acts.length === 0) return [];
  const names = new Map((await access.staff()).map((each) => [each.userId, each.displayName]));
  const nameOf = (userId: string): string => names.get(userId) ?? userId;
  return acts.map((act) => ({
    ...{ actId: act.act_id, kind: act.kind, reason: act.reason, by: nameOf(act.decided_by), at: act.decided_at.toISOString(), moved: act.moved },
    undone: act.revoked_at === null || act.revoked_by === null ? null : { by: nameOf(act.revoked_by), at: act.revoked_at.toISOString() },
  }));
}
