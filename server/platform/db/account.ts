import { readFileSync, statSync } from 'node:fs';

/** The user PostgreSQL runs as. Null: the one we are. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}
const NOBODY: Account = { uid: 65534, gid: 65534 };

interface PasswdEntry extends Account {
  readonly name: string;
}
function passwd(): PasswdEntry[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length >= 4)
      .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }));
  } catch {
    return [];
  }
}
const ownerOf = (path: string): number | null => {
  try {
    return statSync(path).uid;
  } catch {
    return null;
  }
};

/**
 * As an ordinary user: null. As root the first of: `XINGLIN_PG_UID`; whoever owns the cluster already; whoever owns the data
 * folder (so that the same person can start it later without root); `postgres`; `nobody`.
 */
export function accountFor(dataDir: string, pgDir: string, env: NodeJS.ProcessEnv = process.env): Account | null {
  if (process.getuid?.() !== 0) return null;
  const users = passwd();
  const withGroup = (uid: number): Account => ({ uid, gid: users.find((each) => each.uid === uid)?.gid ?? uid });
  const asked = Number(env['XINGLIN_PG_UID']);
  if (Number.isInteger(asked) && asked > 0) return withGroup(asked);
  for (const owner of [ownerOf(pgDir), ownerOf(dataDir)]) if (owner !== null && owner !== 0) return withGroup(owner);
  const named = users.find((each) => each.name === 'postgres') ?? users.find((each) => each.name === 'nobody');
  return named === undefined ? NOBODY : { uid: named.uid, gid: named.gid };
}
