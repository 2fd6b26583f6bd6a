import type { AuditPage, AuditQuery } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';
import { wallNow } from '../../kernel/index.ts';
import type { Db } from '../types.ts';

interface Row {
  sequence: number;
  at: Date;
  actor: string;
  actor_name: string | null;
  role: string | null;
  ip: string | null;
  action: string;
  relation: string | null;
  subject: string | null;
  purpose: string | null;
  outcome: 'allowed' | 'refused';
  count: number | null;
  detail: string | null;
}

/** Newest first. `user` is a user name or id; `subject` an opaque id; `action` may end with `*`. */
export async function searchAudit(db: Db, orgId: string, query: Static<typeof AuditQuery>): Promise<Static<typeof AuditPage>> {
  const limit = query.limit ?? 50;
  const rows = await db.query<Row>(
    `select e.*, a.display_name as actor_name
     from platform.audit_entry e left join platform.user_account a on a.user_id::text = e.actor
     where e.org_id = $1
       and ($2::bigint is null or e.sequence < $2)
       and ($3::text is null or e.actor = $3 or a.username = lower($3))
       and ($4::text is null or e.action like replace(replace(replace($4, '%', ''), '_', '\\_'), '*', '%'))
       and ($5::text is null or e.subject = $5)
       and ($6::timestamptz is null or e.at >= $6)
       and ($7::timestamptz is null or e.at < $7)
     order by e.sequence desc limit $8`,
    [orgId, cursorOf(query.cursor), query.user ?? null, query.action ?? null, query.subject ?? null, query.from ?? null, query.to ?? null, limit],
  );
  return {
    rows: rows.map(({ at, actor_name, ...row }) => ({
      sequence: row.sequence,
      at: at.toISOString(),
      actor: actor_name ?? row.actor,
      role: row.role,
      ip: row.ip,
      action: row.action,
      relation: row.relation,
      subject: row.subject,
      purpose: row.purpose,
      outcome: row.outcome,
      count: row.count,
      detail: row.detail,
    })),
    next: rows.length === limit ? String(rows.at(-1)?.sequence) : null,
    total: null,
    asOf: wallNow().toISOString(),
  };
}

const cursorOf = (cursor: string | undefined): number | null => (cursor !== undefined && /^\d{1,15}$/.test(cursor) ? Number(cursor) : null);
