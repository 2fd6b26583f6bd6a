import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/index.ts';
import { emptyDatabase, type TestDatabase } from '../testing.ts';
import { dumpSchema, schemaFile } from './dump-schema.ts';
import { listMigrations, type Migration, migrate, ROOMS } from './migrate.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await emptyDatabase();
});
afterAll(() => t.close());

const migration = (file: string, sql: string): Migration => ({
  file,
  room: file.split('/')[0] ?? '',
  sql,
  sha256: createHash('sha256').update(sql).digest('hex'),
});
const code = (expected: string) => expect.objectContaining({ code: `platform.${expected}` });

describe('the migrations the product carries', () => {
  test('apply to an empty database, once', async () => {
    expect(await migrate(t.db, silentLogger)).toBe(listMigrations().length);
    expect(await migrate(t.db, silentLogger)).toBe(0);
  });

  test('give exactly the committed schema.sql; after a change run `npm run schema`', async () => {
    const committed = readFileSync(schemaFile(), 'utf8');
    const isSame = committed === (await dumpSchema(t.db));
    expect(isSame, 'server/platform/db/schema.sql is not what the migrations give: run `npm run schema` and commit it').toBe(true);
  });

  test('list every column that belongs to a person, with what erasure does to it', async () => {
    const unlisted = await t.db.query(
      `select table_schema, table_name, column_name from information_schema.columns
       join information_schema.tables using (table_schema, table_name)
       where table_type = 'BASE TABLE' and table_schema = any($1) and data_type = 'uuid' and column_name like '%record\\_key'
         and (table_schema, table_name, column_name) not in (select schema_name, table_name, column_name from platform.person_reference)`,
      [[...ROOMS]],
    );
    expect(unlisted, 'list these in platform.person_reference, in the migration that makes them').toEqual([]);
    const dangling = await t.db.query(
      `select schema_name, table_name, column_name from platform.person_reference
       where not exists (select from information_schema.columns where (table_schema, table_name, columns.column_name) = (schema_name, person_reference.table_name, person_reference.column_name))`,
    );
    expect(dangling, 'these listed columns do not exist').toEqual([]);
  });

  test('never ask the database for the time', () => {
    const asking = listMigrations().filter(({ sql }) =>
      /\b(now|statement_timestamp|clock_timestamp)\s*\(|\bcurrent_(timestamp|date|time)\b/i.test(sql.replace(/--.*$/gm, '')),
    );
    expect(asking.map((each) => each.file)).toEqual([]);
  });

  test('use only what PostgreSQL 14 knows of the words we were tempted by', () => {
    const newer = listMigrations().filter(({ sql }) => /nulls not distinct|\bmerge into\b|json_table|\bany_value\b|uuidv7\(/i.test(sql.replace(/--.*$/gm, '')));
    expect(newer.map((each) => each.file)).toEqual([]);
  });
});

describe('a migration', () => {
  test('that was changed after it had been applied is refused', async () => {
    const changed = listMigrations().map((each, i) => (i === 0 ? { ...each, sha256: 'f'.repeat(64) } : each));
    await expect(migrate(t.db, silentLogger, changed)).rejects.toThrow(code('migration-changed'));
  });

  test('made by a newer version is refused', async () => {
    await expect(migrate(t.db, silentLogger, listMigrations().slice(1))).rejects.toThrow(code('migration-unknown'));
  });

  test('that fails leaves nothing behind and names its line', async () => {
    const broken = migration('improve/9999-broken.sql', 'create table improve.half (a int);\ncreate table improve.half (a int, b noway);');
    await expect(migrate(t.db, silentLogger, [...listMigrations(), broken])).rejects.toThrow(/9999-broken.sql failed \(PostgreSQL error 42704, line 2\)/);
    expect(await t.db.one(`select to_regclass('improve.half') as half`)).toEqual({ half: null });
  });
});

describe('the list of migrations', () => {
  test('goes by room, then by number, and leaves other files aside', () => {
    const root = mkdtempSync(join(tmpdir(), 'xinglin-migrations-'));
    const put = (file: string): void => {
      mkdirSync(join(root, 'server', file, '..'), { recursive: true });
      writeFileSync(join(root, 'server', file), '-- nothing');
    };
    for (const file of [
      'govern/sql/0001-b.sql',
      'platform/sql/0010-c.sql',
      'platform/sql/0002-d.sql',
      'lake/sql/0001-a.sql',
      'lake/sql/notes.md',
      'lake/sql/draft.sql',
    ])
      put(file);
    expect(listMigrations(root).map((each) => each.file)).toEqual(['platform/0002-d.sql', 'platform/0010-c.sql', 'lake/0001-a.sql', 'govern/0001-b.sql']);
    rmSync(root, { recursive: true });
  });
});
