import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { type App, buildApp } from './app.ts';
import { CONTROL_SOCKET, listenForControl } from './control.ts';
import { DEMO_ACCOUNTS, type DemoHospital, startDemo } from './demo.ts';
import { type ModelCommand, runModelCommand } from './govern/index.ts';
import { type Config, catalogue, createLogger } from './kernel/index.ts';

const refuse = catalogue('serve', {
  'port-in-use': {
    status: 500,
    zh: '端口 {port} 已被占用。请用 --port 换一个端口（0 表示任选空闲端口），或停止占用它的程序。',
    en: 'Port {port} is in use. Choose another with --port (0 takes any free one), or stop the program that holds it.',
  },
  'port-denied': {
    status: 500,
    zh: '没有权限监听端口 {port}，请用 1024 以上的端口。',
    en: 'Listening on port {port} is not permitted; use a port above 1024.',
  },
  'address-unknown': { status: 500, zh: '本机没有地址 {host}，请检查 --host。', en: 'This machine has no address {host}; check --host.' },
});

export interface Serving {
  readonly app: App;
  readonly url: string;
  stop(): Promise<void>;
}

/** Opens everything, listens, then follows the streams; the demo hospital is loaded in the background. */
export async function serve(config: Config, options: { patients?: number; months?: number } = {}): Promise<Serving> {
  const log = createLogger({ level: config.logLevel });
  let demo: DemoHospital | null = null;
  const app = await buildApp({ config, log, demoAccounts: config.isDemo ? DEMO_ACCOUNTS : null, loading: () => demo?.progress() ?? null });
  let control: Server | null = null;
  const stop = async (): Promise<void> => {
    demo?.stop();
    control?.close();
    rmSync(join(config.dataDir, CONTROL_SOCKET), { force: true });
    await app.stop();
  };
  try {
    const url = await listen(app, config);
    app.platform.setPublicUrl(config.publicUrl ?? url);
    control = await listenForControl(config.dataDir, controlHandlers(app));
    await app.start();
    if (config.isDemo) demo = await startDemo(app, url, options);
    log.info('serve.ready', { url, database: app.platform.serverInfo.version });
    return { app, url, stop };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

async function listen(app: App, { host, port }: Config): Promise<string> {
  try {
    await app.http.listen({ host, port });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw refuse('port-in-use', { port }, cause);
    if (code === 'EACCES') throw refuse('port-denied', { port }, cause);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw refuse('address-unknown', { host }, cause);
    throw cause;
  }
  const address = app.http.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${bound}`;
}

const controlHandlers = (app: App): Parameters<typeof listenForControl>[1] => ({
  status: async () => ({ waiting: await app.govern.pipeline.waiting(), asOf: app.lake.warehouse.asOf() }),
  ingest: async (args, progress) => {
    const report = await app.collect.ingest({
      paths: args['paths'] as string[],
      source: (args['source'] as string | null) ?? null,
      mapping: (args['mapping'] as string | null) ?? null,
      by: 'cli',
      onProgress: progress,
    });
    await app.govern.pipeline.drain((left) => progress({ left }));
    return report;
  },
  rebuild: async (_args, progress) => app.govern.pipeline.rebuild((done, all) => progress({ done, all })),
  'audit-verify': async () => app.platform.audit.verify(),
  compact: async () => app.lake.compact(),
  // The command line asks nothing else here; what it may ask is typed there.
  model: async (args, progress) => runModelCommand(app.govern.models, app.platform.config.orgId, args as unknown as ModelCommand, progress),
});
