/** The house as a table of contents: one part per room, joined through ports; no decisions of its own. Builds without listening, so tests use it whole. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Analyze, analyzeRoutes, createAnalyze } from './analyze/index.ts';
import { type Collect, collectRoutes, createCollect, eventRoutes, fhirMatchRoutes } from './collect/index.ts';
import { createEngage, type Engage, engageRoutes } from './engage/index.ts';
import { createGovern, type Govern, governRoutes } from './govern/index.ts';
import { healthRoutes } from './health.ts';
import { createImprove, type Improve, improveRoutes } from './improve/index.ts';
import { type Clock, type Config, type Logger, projectRoot, VERSION } from './kernel/index.ts';
import { createLake, type Lake } from './lake/index.ts';
import { type LoadProgressSource, noLoading } from './loading.ts';
import { createHttp, type NewAccount, type OpenPlatform, openPlatform, servePages, sessionRoutes } from './platform/index.ts';

export interface App {
  readonly platform: OpenPlatform;
  readonly lake: Lake;
  readonly collect: Collect;
  readonly govern: Govern;
  readonly analyze: Analyze;
  readonly engage: Engage;
  readonly improve: Improve;
  readonly http: FastifyInstance;
  /** Follows the streams, the due table and the outbox. Without it the app only answers. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  readonly clock?: Clock;
  readonly log?: Logger;
  /** A platform already open (tests); the app then leaves closing it to the giver. */
  readonly platform?: OpenPlatform;
  readonly demoAccounts?: readonly NewAccount[] | null;
  readonly loading?: LoadProgressSource;
}

export async function buildApp(options: AppOptions): Promise<App> {
  const { config, demoAccounts = null, loading = noLoading } = options;
  const platform = options.platform ?? (await openPlatform(config, options));
  const lake = await createLake({ platform });
  const collect = await createCollect({ platform, lake });
  const govern = await createGovern({ platform, lake, collect });
  const analyze = await createAnalyze({ platform, lake, govern });
  const engage = createEngage({ platform, govern, loop: collect.loop });
  const improve = createImprove({ platform, govern, engage, loop: collect.loop });

  platform.outbox.setPorts({ consent: govern.consents, contact: govern.contacts });
  platform.access.setPatientDirectory(govern.patientDirectory);

  const http = await createHttp({ log: platform.log, metrics: platform.metrics, version: VERSION });
  await http.register(
    async (api) => {
      const departmentName = async (code: string) => (await govern.dimensions.entries('department')).get(code) ?? { nameZh: code, nameEn: null };
      await api.register(sessionRoutes({ platform, access: platform.access, demoAccounts, departmentName }));
      await api.register(collectRoutes({ platform, lake, collect, govern }));
      await api.register(governRoutes({ platform, govern }));
      await api.register(analyzeRoutes({ platform, analyze, loading, openCases: improve.openCases, dueFollowUps: engage.dueFollowUps }));
      await api.register(engageRoutes({ platform, engage }));
      await api.register(improveRoutes({ platform, improve }));
    },
    { prefix: '/api/v1' },
  );
  await http.register(eventRoutes({ platform, collect }), { prefix: '/v1' });
  await http.register(fhirMatchRoutes({ platform, match: govern.match }), { prefix: '/fhir' });
  const web = join(projectRoot(), 'web');
  await servePages(http, { console: join(web, 'console/dist'), patient: join(web, 'patient/dist') });

  const app: App = {
    platform,
    lake,
    collect,
    govern,
    analyze,
    engage,
    improve,
    http,
    async start() {
      govern.pipeline.start();
      await platform.start();
      await analyze.start();
    },
    async stop() {
      await http.close();
      await govern.pipeline.stop();
      await collect.close();
      await analyze.stop();
      await platform.pause();
      await collect.close();
      await lake.close();
      if (options.platform === undefined) await platform.close();
    },
  };
  await healthRoutes(http, app);
  return app;
}
