import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariant, type Logger, projectRoot, wallNow } from '../../kernel/index.ts';
import type { Db } from '../types.ts';
import { DatabaseError } from './database-error.ts';
import { refuse } from './errors.ts';

/** Order of the rooms, which is the order of their migrations: a later room may refer to an earlier one's tables. */
export const ROOMS = ['platform', 'lake', 'collect', 'govern', 'analyze', 'engage', 'improve'] as const;

export interface Migration {
  /** `room/NNNN-name.sql`. */
  readonly file: string;
  readonly room: string;
  readonly sha256: string;
  readonly sql: string;
}

const FILE = /^\d{4}-[a-z0-9-]+\.sql$/;

/** Every migration the product carries, in the order they are applied. */
export function listMigrations(root: string = projectRoot()): Migration[] {
  return ROOMS.flatMap((room) => {
    const folder = join(root, 'server', room, 'sql');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => FILE.test(name))
      .sort()
      .map((name) => {
        const sql = readFileSync(join(folder, name), 'utf8');
        return { file: `${room}/${name}`, room, sql, sha256: createHash('sha256').update(sql).digest('hex') };
      });
  });
}

/** One hash over all of them: two databases with the same print have the same schema. */
export const migrationsPrint = (migrations: readonly Migration[] = listMigrations()): string =>
  createHash('sha256')
    .update(migrations.map((each) => `${each.file} ${each.sha256}\n`).join(''))
    .digest('hex')
    .slice(0, 16);

/** Applies what is missing, each in its own transaction. The caller holds the instance lock. Returns how many were applied. */
export async function migrate(db: Db, log: Logger, migrations: readonly Migration[] = listMigrations()): Promise<number> {
  invariant(migrations.length > 0, 'the product carries its migrations');
  const applied = await appliedMigrations(db);
  const known = new Map(migrations.map((each) => [each.file, each]));
  for (const [file, sha256] of applied) {
    const carried = known.get(file);
    if (carried === undefined) throw refuse('migration-unknown', { file });
    if (carried.sha256 !== sha256) throw refuse('migration-changed', { file });
  }
  const missing = migrations.filter((each) => !applied.has(each.file));
  for (const each of missing) {
    try {
      await db.tx(async (tx) => {
        await tx.query(each.sql);
        await tx.query('insert into platform.migration (file, sha256, applied_at) values ($1, $2, $3)', [each.file, each.sha256, wallNow()]);
      });
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw refuse('migration-failed', { file: each.file, sqlstate: error.code, line: lineOf(each.sql, error.position) }, error);
    }
    log.info('platform.migrated', { file: each.file });
  }
  return missing.length;
}

const lineOf = (sql: string, position: number | null): number | string => (position === null ? '?' : sql.slice(0, position).split('\n').length);

async function appliedMigrations(db: Db): Promise<Map<string, string>> {
  const { there } = await db.one<{ there: boolean }>(`select to_regclass('platform.migration') is not null as there`);
  if (!there) return new Map();
  const rows = await db.query<{ file: string; sha256: string }>('select file, sha256 from platform.migration');
  return new Map(rows.map((each) => [each.file, each.sha256]));
}
