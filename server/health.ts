import { statfs } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { App } from './app.ts';

/** Below this the raw zone may soon refuse deliveries. */
const DISK_FREE_MIN_BYTES = 2 * 1024 ** 3;
const DATABASE_WAIT_MS = 2_000;

interface Check {
  readonly name: string;
  readonly isOk: boolean;
  /** A failing advice does not make the server unready. */
  readonly isAdvice: boolean;
  readonly zh: string;
  readonly en: string;
}

/** `/healthz`: the process answers. `/readyz`: it can take deliveries and serve pages. `/metrics`: Prometheus text, from this machine only. */
export async function healthRoutes(http: FastifyInstance, app: App): Promise<void> {
  http.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  http.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const checks = await readiness(app);
    const isReady = checks.every((check) => check.isOk || check.isAdvice);
    reply.code(isReady ? 200 : 503);
    return { status: isReady ? 'ready' : 'not ready', checks };
  });
  http.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip)) return reply.code(404).send();
    return reply.type(app.platform.metrics.contentType).send(await app.platform.metrics.metrics());
  });
}

async function readiness({ platform, govern }: App): Promise<Check[]> {
  const { config, db } = platform;
  const isDatabaseUp = await Promise.race([
    db.query('select 1').then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((done) => setTimeout(() => done(false), DATABASE_WAIT_MS).unref()),
  ]);
  const disk = await statfs(config.dataDir).catch(() => null);
  const free = disk === null ? 0 : disk.bavail * disk.bsize;
  const waiting = isDatabaseUp ? (await govern.pipeline.waiting()).reduce((sum, each) => sum + each.waiting, 0) : null;
  const areKeysOutside = !`${resolve(config.keysDir)}${sep}`.startsWith(`${resolve(config.dataDir)}${sep}`);
  return [
    {
      name: 'database',
      isOk: isDatabaseUp,
      isAdvice: false,
      zh: isDatabaseUp ? '数据库可用' : '数据库没有应答',
      en: isDatabaseUp ? 'the database answers' : 'the database does not answer',
    },
    {
      name: 'disk',
      isOk: free >= DISK_FREE_MIN_BYTES,
      isAdvice: free > 0,
      zh: `数据盘剩余 ${Math.floor(free / 1024 ** 2)} MB`,
      en: `${Math.floor(free / 1024 ** 2)} MB free on the data disk`,
    },
    {
      name: 'pipeline',
      isOk: waiting !== null,
      isAdvice: true,
      zh: `待治理 ${waiting ?? '未知'} 条`,
      en: `${waiting ?? 'unknown'} deliveries wait to be filed`,
    },
    {
      name: 'keys',
      isOk: areKeysOutside,
      isAdvice: true,
      zh: areKeysOutside ? '密钥在数据文件夹之外' : '密钥放在数据文件夹里，请移到别处',
      en: areKeysOutside ? 'the keys are outside the data folder' : 'the keys are inside the data folder; move them elsewhere',
    },
    {
      name: 'volume',
      isOk: config.isDemo,
      isAdvice: true,
      zh: '事实文件是去标识的明文，请把数据文件夹放在加密卷上',
      en: 'facts are plain pseudonymous files: keep the data folder on an encrypted volume',
    },
  ];
}
