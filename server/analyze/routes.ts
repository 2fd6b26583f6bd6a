import type { Viewer } from '@xinglin/contracts';
import {
  type LoadProgress,
  MetricAnswer,
  MetricList,
  MetricQuery,
  MetricRows,
  Overview,
  PageQuery,
  PatientDetail,
  PatientPage,
  PatientSearch,
  TimelinePage,
} from '@xinglin/contracts/api.ts';
import { type Static, Type } from 'typebox';
import type { Platform, RoutePlugin } from '../platform/index.ts';
import { typed } from '../platform/index.ts';
import type { Analyze } from './analyze.ts';

/** How much waits for someone, as the viewer may see it. */
export interface Waiting {
  readonly total: number;
  readonly overdue: number;
}
export interface AnalyzeRoutesDeps {
  readonly platform: Platform;
  readonly analyze: Analyze;
  readonly loading: () => Static<typeof LoadProgress> | null;
  /** Later rooms know these; app.ts joins them. */
  readonly openCases: (viewer: Viewer) => Promise<Waiting>;
  readonly dueFollowUps: (viewer: Viewer) => Promise<Waiting>;
}

const OverviewQuery = Type.Object({ days: Type.Optional(Type.Integer({ minimum: 7, maximum: 366, default: 90 })) });
const MetricId = Type.Object({ id: Type.String({ maxLength: 60 }) });
const RowsQuery = Type.Intersect([MetricQuery, PageQuery]);
const PatientsQuery = Type.Intersect([PageQuery, Type.Object({ department: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{0,40}$' })) })]);
const PersonId = Type.Object({ personId: Type.String({ maxLength: 60 }) });
const TimelineQuery = Type.Intersect([PageQuery, Type.Object({ kinds: Type.Optional(Type.String({ maxLength: 300 })) })]);

export function analyzeRoutes({ platform, analyze, loading, openCases, dueFollowUps }: AnalyzeRoutesDeps): RoutePlugin {
  const { access, audit } = platform;
  return async (plain) => {
    const app = typed(plain);

    app.get('/overview', { schema: { tags: ['analyze'], querystring: OverviewQuery, response: { 200: Overview } } }, async (request) => {
      const viewer = await access.viewer(request, 'overview.read');
      const [figures, cases, followUps] = await Promise.all([analyze.overview(viewer, request.query.days ?? 90), openCases(viewer), dueFollowUps(viewer)]);
      return { ...figures, loading: loading(), openCases: cases, dueFollowUps: followUps };
    });

    app.get('/metrics', { schema: { tags: ['analyze'], response: { 200: MetricList } } }, async (request) => {
      await access.viewer(request, 'metric.read');
      return { rows: analyze.metrics.list() };
    });

    app.get('/metrics/:id', { schema: { tags: ['analyze'], params: MetricId, querystring: MetricQuery, response: { 200: MetricAnswer } } }, async (request) => {
      const viewer = await access.viewer(request, 'metric.read');
      return analyze.metrics.answer(viewer, request.params.id, request.query);
    });

    app.get(
      '/metrics/:id/rows',
      { schema: { tags: ['analyze'], params: MetricId, querystring: RowsQuery, response: { 200: MetricRows } } },
      async (request) => {
        const viewer = await access.viewer(request, 'metric.rows');
        const page = await analyze.metrics.rows(viewer, request.params.id, request.query);
        await audit.record({
          ...{ viewer, action: 'metric.rows', relation: request.params.id, subject: null, outcome: 'allowed' as const },
          ...{ count: page.rows.length, ip: request.ip },
        });
        return page;
      },
    );

    app.get('/patients', { schema: { tags: ['analyze'], querystring: PatientsQuery, response: { 200: PatientPage } } }, async (request) => {
      const viewer = await access.viewer(request, 'patient.list');
      return analyze.patients.list(viewer, request.query);
    });

    app.post('/patients/search', { schema: { tags: ['analyze'], body: PatientSearch, response: { 200: PatientPage } } }, async (request) => {
      const viewer = await access.viewer(request, 'patient.list');
      return analyze.patients.search(viewer, request.body.q);
    });

    app.get('/patients/:personId', { schema: { tags: ['analyze'], params: PersonId, response: { 200: PatientDetail } } }, async (request) => {
      const viewer = await access.viewer(request, 'patient.read');
      return analyze.patients.detail(viewer, request.params.personId);
    });

    app.get(
      '/patients/:personId/timeline',
      { schema: { tags: ['analyze'], params: PersonId, querystring: TimelineQuery, response: { 200: TimelinePage } } },
      async (request) => {
        const viewer = await access.viewer(request, 'patient.read');
        return analyze.patients.timeline(viewer, request.params.personId, request.query);
      },
    );
  };
}
