import { randomBytes } from 'node:crypto';
import type { Role } from '@xinglin/contracts';
import { type Config, catalogue, createLogger } from './kernel/index.ts';
import { createAccount, openPlatform } from './platform/index.ts';

const refuse = catalogue('init', {
  'already-there': {
    status: 409,
    zh: '{folder} 里已经有一家医院；请换一个数据文件夹。',
    en: 'There is a hospital in {folder} already; choose another data folder.',
  },
});

/** System, security and audit administration are three accounts from the first day (DOMAIN D3, 三权分立). */
const ADMINISTRATORS: readonly { username: string; displayName: string; role: Role }[] = [
  { username: 'information', displayName: '信息科管理员', role: 'information' },
  { username: 'security', displayName: '安全管理员', role: 'security-admin' },
  { username: 'audit', displayName: '审计管理员', role: 'audit-admin' },
];

/** Makes an empty hospital. Returns the administrators' first passwords, which are stored nowhere. */
export async function initHospital(config: Config, name: { nameZh: string; nameEn: string }): Promise<{ username: string; password: string; role: Role }[]> {
  const platform = await openPlatform({ ...config, isDemo: false }, { log: createLogger({ level: 'error' }) });
  try {
    if ((await platform.db.maybe('select 1 from platform.user_account limit 1')) !== undefined) throw refuse('already-there', { folder: config.dataDir });
    await platform.setHospital(name);
    const made = [];
    for (const each of ADMINISTRATORS) {
      const password = `${randomBytes(9).toString('base64url')}-7Q`;
      await createAccount(platform.db, { ...each, password, departments: null, orgId: config.orgId, mustChangePassword: true });
      made.push({ username: each.username, password, role: each.role });
    }
    return made;
  } finally {
    await platform.close();
  }
}
