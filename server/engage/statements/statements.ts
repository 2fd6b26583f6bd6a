import type { LoopKind, LoopPort, LoopStatements, Place } from '@xinglin/contracts';
import { invariant } from '../../kernel/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';

/** Delivered per round; small, because each is its own durable append. */
const BATCH = 200;
const RETRY_MS = 30_000;

/**
 * What this side of the loop has to say. A statement is written in the transaction of the change it tells of and leaves for `collect`
 * once that is committed; killed in between, it leaves at the next start. Delivered twice it is one: the raw zone knows the content.
 */
export interface Statements {
  say<K extends LoopKind>(tx: Tx, place: Place, kind: K, body: LoopStatements[K]): Promise<void>;
  /** Delivers what waits, in order. Resolves when nothing waits any more, or when collect could not take it: then it is tried again by itself. */
  flush(): Promise<void>;
}

interface StatementRow {
  statement_id: number;
  record_key: string | null;
  org_id: string;
  campus_id: string;
  kind: LoopKind;
  body: Record<string, unknown>;
  text_sealed: Buffer | null;
}

export function createStatements({ db, keys, log }: Platform, loop: LoopPort): Statements {
  let running: Promise<void> | null = null;
  let isAskedAgain = false;

  const deliverBatch = async (): Promise<number> => {
    const rows = await db.query<StatementRow>('select * from engage.statement order by statement_id limit $1', [BATCH]);
    const done: number[] = [];
    try {
      for (const row of rows) {
        const body = { ...row.body, ...(row.text_sealed === null ? {} : { text: await unseal(row) }) };
        await loop.deliver({ orgId: row.org_id, campusId: row.campus_id }, row.kind, body as never);
        done.push(row.statement_id);
      }
    } finally {
      if (done.length > 0) await db.query('delete from engage.statement where statement_id = any($1)', [done]);
    }
    return rows.length;
  };
  const unseal = async (row: StatementRow): Promise<string | null> => {
    const key = (await keys.subjectKeys(db, [row.record_key as string], false)).get(row.record_key as string);
    return key === undefined ? null : keys.open(key, row.text_sealed as Buffer).toString('utf8');
  };
  const run = async (): Promise<void> => {
    try {
      do {
        isAskedAgain = false;
        while ((await deliverBatch()) === BATCH);
      } while (isAskedAgain);
    } catch (error) {
      log.error('engage.statements-wait', { error });
      setTimeout(() => void flush(), RETRY_MS).unref();
    }
  };
  const flush = (): Promise<void> => {
    isAskedAgain = true;
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    flush,
    async say(tx, place, kind, body) {
      const { text, ...rest } = body as { text?: string | null; recordKey?: string | null } & Record<string, unknown>;
      const recordKey = rest.recordKey ?? null;
      invariant(typeof text !== 'string' || recordKey !== null, 'words travel sealed, so a statement with words names its record');
      const key = typeof text === 'string' && recordKey !== null ? (await keys.subjectKeys(tx, [recordKey], true)).get(recordKey) : undefined;
      const sealed = key === undefined ? null : keys.seal(key, Buffer.from(text as string));
      await tx.query('insert into engage.statement (record_key, org_id, campus_id, kind, body, text_sealed) values ($1, $2, $3, $4, $5, $6)', [
        recordKey,
        place.orgId,
        place.campusId,
        kind,
        JSON.stringify(text === undefined ? rest : { ...rest, text: null }),
        sealed,
      ]);
      tx.afterCommit(() => void flush());
    },
  };
}
