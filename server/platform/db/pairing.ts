/**
 * A database and a data folder belong together from the first start on: the database names the folder's instance, the folder's
 * file DATABASE names the database. Without the second half an empty database would take a used folder for new, read the whole
 * raw zone again, and a second server could run on the same folder.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7, wallNow } from '../../kernel/index.ts';
import type { Db } from '../types.ts';
import type { DataVersion } from './data-folder.ts';
import { refuse } from './errors.ts';

const DATABASE_ID = 'database.id';
const fileOf = (dataDir: string): string => join(dataDir, 'DATABASE');

/** Before anything is written: refuses a database of another folder, and another database for this folder. */
export async function checkPairing(db: Db, version: DataVersion, dataDir: string): Promise<void> {
  const { there } = await db.one<{ there: boolean }>(`select to_regclass('platform.instance') is not null as there`);
  const instance = there ? await db.maybe<{ found: string }>('select instance_id as found from platform.instance') : undefined;
  if (instance !== undefined && instance.found !== version.instance) throw refuse('wrong-database', { found: instance.found, expected: version.instance });
  const file = fileOf(dataDir);
  if (!existsSync(file)) return;
  const known = readFileSync(file, 'utf8').trim();
  const id = instance === undefined ? undefined : await db.maybe<{ value: string }>('select value from platform.setting where name = $1', [DATABASE_ID]);
  if (id?.value !== known) throw refuse('other-database', { folder: dataDir });
}

/** Once migrated: both remember each other. */
export async function pair(db: Db, version: DataVersion, dataDir: string): Promise<void> {
  await db.query('insert into platform.instance (instance_id, created_at) values ($1, $2) on conflict do nothing', [version.instance, wallNow()]);
  await db.query('insert into platform.setting (name, value) values ($1, $2) on conflict (name) do nothing', [DATABASE_ID, uuidv7()]);
  if (existsSync(fileOf(dataDir))) return;
  const { value } = await db.one<{ value: string }>('select value from platform.setting where name = $1', [DATABASE_ID]);
  const fresh = `${fileOf(dataDir)}.new-${process.pid}`;
  writeFileSync(fresh, `${value}\n`, { mode: 0o600, flush: true });
  renameSync(fresh, fileOf(dataDir));
}
