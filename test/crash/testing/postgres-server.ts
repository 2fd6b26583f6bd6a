/** A server reduced to its database, to be killed: `node postgres-server.cjs DATA [DATABASE_URL]`; one JSON command a line, one JSON answer a line. */
import { createInterface } from 'node:readline';
import { silentLogger } from '../../../server/kernel/index.ts';
import { openDatabase } from '../../../server/platform/db/index.ts';
import type { Db } from '../../../server/platform/types.ts';

const say = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const sayError = (error: unknown): void => {
  const { code = 'unexpected', message } = error as { code?: string; message: string };
  say({ refused: code, message });
};

async function serve(dataDir: string, databaseUrl: string | null): Promise<void> {
  const database = await openDatabase({ dataDir, databaseUrl, isDemo: false }, silentLogger);
  const { db } = database;
  say({ up: true, ...database.serverInfo });
  for await (const line of createInterface({ input: process.stdin })) {
    const { sql, count, stop } = JSON.parse(line) as { sql?: string; count?: number; stop?: boolean };
    try {
      if (sql !== undefined) say({ rows: await db.query(sql) });
      if (count !== undefined) say({ rows: [{ unknown: await insert(db, count) }] });
      if (stop) break;
    } catch (error) {
      sayError(error);
    }
  }
  await database.stop();
  process.stdin.destroy();
}

/** One transaction each, answered when it is durable. Resolves to the number of those whose commit is unknown; any other error stops. */
async function insert(db: Db, count: number): Promise<number> {
  let unknown = 0;
  for (let i = 0; i < count; i++) {
    try {
      const { n } = await db.tx((tx) => tx.one<{ n: number }>('insert into crash.entry default values returning n'));
      say({ acknowledged: n });
    } catch (error) {
      if ((error as { code?: string }).code !== 'platform.commit-unknown') throw error;
      unknown++;
    }
  }
  return unknown;
}

serve(process.argv[2] ?? '', process.argv[3] || null).catch((error: unknown) => {
  sayError(error);
  process.exitCode = 1;
});
