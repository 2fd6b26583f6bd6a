import { Bilingual, CaseDetail, CasePage, CaseQuery, CaseStep, NoticeList, PatientSurvey, SurveySubmission } from '@xinglin/contracts/api.ts';
import { Type } from 'typebox';
import { requestKeyOf } from '../engage/index.ts';
import { type Platform, type RoutePlugin, typed } from '../platform/index.ts';
import type { Improve } from './improve.ts';

const CaseParams = Type.Object({ caseId: Type.String({ format: 'uuid' }) });
const NoticeParams = Type.Object({ noticeId: Type.String({ format: 'uuid' }) });
const SurveyParams = Type.Object({ token: Type.String({ maxLength: 400 }) });
const Thanks = Type.Object({ thanks: Bilingual });
/** A link cannot be guessed; the limit keeps anyone from trying. */
const limited = { config: { rateLimit: { max: 60, timeWindow: '1 minute' } } };

export function improveRoutes({ platform, improve }: { platform: Platform; improve: Improve }): RoutePlugin {
  const { access } = platform;
  return async (plain) => {
    const app = typed(plain);

    app.get('/cases', { schema: { tags: ['case'], querystring: CaseQuery, response: { 200: CasePage } } }, async (request) => {
      const viewer = await access.viewer(request, 'case.read');
      return improve.cases.list(viewer, request.query, request.ip);
    });

    app.get('/cases/:caseId', { schema: { tags: ['case'], params: CaseParams, response: { 200: CaseDetail } } }, async (request) => {
      const viewer = await access.viewer(request, 'case.read');
      return improve.cases.detail(viewer, request.params.caseId, request.ip);
    });

    app.post('/cases/:caseId/steps', { schema: { tags: ['case'], params: CaseParams, body: CaseStep, response: { 200: CaseDetail } } }, async (request) => {
      const viewer = await access.viewer(request, 'case.write');
      const { caseId } = request.params;
      await improve.workCase(viewer, { caseId, step: request.body, requestKey: requestKeyOf(request), ip: request.ip });
      return improve.cases.detail(viewer, caseId, request.ip);
    });

    app.get('/notices', { schema: { tags: ['case'], response: { 200: NoticeList } } }, async (request) =>
      improve.notices.list(await access.viewer(request, 'case.read')),
    );

    app.post('/notices/:noticeId/read', { schema: { tags: ['case'], params: NoticeParams } }, async (request, reply) => {
      await improve.notices.markRead(await access.viewer(request, 'case.read'), request.params.noticeId);
      reply.code(204).send();
    });

    app.get('/p/survey/:token', { ...limited, schema: { tags: ['patient'], params: SurveyParams, response: { 200: PatientSurvey } } }, async (request) =>
      improve.surveys.page(request.params.token),
    );

    app.post(
      '/p/survey/:token',
      { ...limited, schema: { tags: ['patient'], params: SurveyParams, body: SurveySubmission, response: { 200: Thanks } } },
      async (request) => improve.surveys.submit(request.params.token, request.body),
    );
  };
}
