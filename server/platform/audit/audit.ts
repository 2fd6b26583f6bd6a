import type { Viewer } from '@xinglin/contracts';
import { wallNow } from '../../kernel/index.ts';
import type { Audit, Db, Keys, Queryable } from '../types.ts';

/** One entry as it is hashed and stored. Ids, counts and codes only. */
export interface AuditEntry {
  readonly at: Date;
  readonly orgId: string;
  readonly actor: string;
  readonly role: string | null;
  readonly ip: string | null;
  readonly action: string;
  readonly relation: string | null;
  readonly subject: string | null;
  readonly purpose: string | null;
  readonly outcome: 'allowed' | 'refused';
  readonly count: number | null;
  readonly detail: string | null;
}

/** Entries written together at most: requests that wait share one round trip. */
const GROUP_MAX = 500;
const VERIFY_PAGE = 5_000;
const COLUMNS = 'sequence, at, org_id, actor, role, ip, action, relation, subject, purpose, outcome, count, detail, previous_hash, hash';

/** The bytes the chain is made over. Field order is part of the format. */
export function hashEntry(keys: Pick<Keys, 'mac'>, sequence: number, previous: Buffer, entry: AuditEntry): Buffer {
  const fields = [
    sequence,
    entry.at.toISOString(),
    entry.orgId,
    entry.actor,
    entry.role,
    entry.ip,
    entry.action,
    entry.relation,
    entry.subject,
    entry.purpose,
    entry.outcome,
    entry.count,
    entry.detail,
  ];
  return keys.mac('audit', Buffer.concat([previous, Buffer.from(JSON.stringify(fields))]));
}

/**
 * The audit log: every read of a person and every change, hash-chained (DOMAIN D3).
 * An entry given with a transaction is written in it; others are grouped and awaited, so a read is not answered before it is on record.
 */
export function createAudit(db: Db, keys: Pick<Keys, 'mac'>): Audit {
  const waiting: { entry: AuditEntry; done: () => void; failed: (reason: unknown) => void }[] = [];
  let isWriting = false;

  async function writeGroups(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.splice(0, GROUP_MAX);
      try {
        await db.tx((tx) =>
          append(
            tx,
            keys,
            group.map((each) => each.entry),
          ),
        );
        for (const each of group) each.done();
      } catch (reason) {
        for (const each of group) each.failed(reason);
      }
    }
    isWriting = false;
  }

  return {
    async record({ viewer, action, relation, subject, outcome, count, detail, ip, q }) {
      const entry: AuditEntry = {
        at: wallNow(),
        ...actorOf(viewer),
        ip: ip ?? null,
        action,
        relation,
        subject,
        purpose: viewer.purpose,
        outcome,
        count: count ?? null,
        detail: detail ?? null,
      };
      if (q !== undefined && 'isTx' in q) return append(q, keys, [entry]);
      await new Promise<void>((done, failed) => {
        waiting.push({ entry, done, failed });
        if (isWriting) return;
        isWriting = true;
        queueMicrotask(() => void writeGroups());
      });
    },
    verify: () => verify(db, keys),
  };
}

function actorOf(viewer: Viewer): { orgId: string; actor: string; role: string | null } {
  if (viewer.kind === 'staff') return { orgId: viewer.orgId, actor: viewer.userId, role: viewer.role };
  if (viewer.kind === 'patient') return { orgId: viewer.orgId, actor: `patient:${viewer.personId}`, role: 'patient' };
  return { orgId: viewer.orgId, actor: `system:${viewer.room}`, role: null };
}

async function append(q: Queryable, keys: Pick<Keys, 'mac'>, entries: readonly AuditEntry[]): Promise<void> {
  const head = await q.one<{ sequence: number; hash: Buffer }>('select sequence, hash from platform.audit_head for update');
  let { sequence, hash } = head;
  const rows = entries.map((entry) => {
    sequence += 1;
    const previous = hash;
    hash = hashEntry(keys, sequence, previous, entry);
    return { sequence, ...entry, previous, hash };
  });
  const list = <T>(pick: (row: (typeof rows)[number]) => T): T[] => rows.map(pick);
  await q.query(
    `insert into platform.audit_entry (${COLUMNS})
     select * from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                          $9::text[], $10::text[], $11::text[], $12::integer[], $13::text[], $14::bytea[], $15::bytea[])`,
    [
      list((r) => r.sequence),
      list((r) => r.at),
      list((r) => r.orgId),
      list((r) => r.actor),
      list((r) => r.role),
      list((r) => r.ip),
      list((r) => r.action),
      list((r) => r.relation),
      list((r) => r.subject),
      list((r) => r.purpose),
      list((r) => r.outcome),
      list((r) => r.count),
      list((r) => r.detail),
      list((r) => r.previous),
      list((r) => r.hash),
    ],
  );
  await q.query('update platform.audit_head set sequence = $1, hash = $2', [sequence, hash]);
}

/** Walks the whole chain in pages; memory does not grow with its length. */
async function verify(db: Db, keys: Pick<Keys, 'mac'>): Promise<{ isIntact: boolean; checked: number; firstBroken: number | null }> {
  const head = await db.one<{ sequence: number; hash: Buffer }>('select sequence, hash from platform.audit_head');
  let previous: Buffer = Buffer.alloc(0);
  let checked = 0;
  for (;;) {
    const page = await db.query<StoredEntry>(
      `select ${COLUMNS} from platform.audit_entry where sequence > $1 and sequence <= $2 order by sequence limit ${VERIFY_PAGE}`,
      [checked, head.sequence],
    );
    for (const row of page) {
      const expected = hashEntry(keys, checked + 1, previous, { ...row, orgId: row.org_id });
      if (row.sequence !== checked + 1 || !row.previous_hash.equals(previous) || !row.hash.equals(expected))
        return { isIntact: false, checked, firstBroken: checked + 1 };
      previous = row.hash;
      checked += 1;
    }
    if (page.length < VERIFY_PAGE) break;
  }
  const isWhole = checked === head.sequence && previous.equals(head.hash);
  return { isIntact: isWhole, checked, firstBroken: isWhole ? null : checked + 1 };
}

type StoredEntry = Omit<AuditEntry, 'orgId'> & { sequence: number; org_id: string; previous_hash: Buffer; hash: Buffer };
