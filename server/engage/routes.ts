import { ConsentChange, FollowUpDetail, FollowUpOutcome, FollowUpPage, FollowUpQuery, PatientInbox } from '@xinglin/contracts/api.ts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Platform, RoutePlugin } from '../platform/index.ts';
import { typed } from '../platform/index.ts';
import type { Engage } from './engage.ts';
import { requestKeyOf } from './requests.ts';

const TaskParams = Type.Object({ taskId: Type.String({ format: 'uuid' }) });
const MessageParams = Type.Object({ messageId: Type.String({ format: 'uuid' }) });
const Language = Type.Object({ lang: Type.Optional(Type.Enum(['zh', 'en'])) });
const Consents = Type.Object({ consents: PatientInbox.properties.consents });

/** Chinese unless the page, or else the browser, asks for English first. */
const languageOf = (request: FastifyRequest, asked: 'zh' | 'en' | undefined): 'zh' | 'en' =>
  asked ?? (/^en\b/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'zh');

export function engageRoutes({ platform, engage }: { platform: Platform; engage: Engage }): RoutePlugin {
  const { access } = platform;
  return async (plain) => {
    const app = typed(plain);

    app.get('/follow-ups', { schema: { tags: ['follow-up'], querystring: FollowUpQuery, response: { 200: FollowUpPage } } }, async (request) => {
      const viewer = await access.viewer(request, 'followup.read');
      return engage.worklist.list(viewer, request.query, request.ip);
    });

    app.get('/follow-ups/:taskId', { schema: { tags: ['follow-up'], params: TaskParams, response: { 200: FollowUpDetail } } }, async (request) => {
      const viewer = await access.viewer(request, 'followup.read');
      return engage.worklist.detail(viewer, request.params.taskId, request.ip);
    });

    app.post(
      '/follow-ups/:taskId/outcome',
      { schema: { tags: ['follow-up'], params: TaskParams, body: FollowUpOutcome, response: { 200: FollowUpDetail } } },
      async (request) => {
        const viewer = await access.viewer(request, 'followup.write');
        const { taskId } = request.params;
        await engage.recordOutcome(viewer, { taskId, outcome: request.body, requestKey: requestKeyOf(request), ip: request.ip });
        return engage.worklist.detail(viewer, taskId, request.ip);
      },
    );

    app.get('/p/inbox', { schema: { tags: ['patient'], querystring: Language, response: { 200: PatientInbox } } }, async (request) => {
      const viewer = await access.patient(request);
      const language = languageOf(request, request.query.lang);
      const messages = await engage.inbox.list(viewer, language);
      return {
        hospital: { zh: platform.hospital.nameZh, en: platform.hospital.nameEn },
        greeting: await engage.inbox.greeting(viewer, language),
        messages,
        unread: messages.filter((message) => !message.isRead).length,
        consents: await engage.consents.list(viewer),
      };
    });

    app.post('/p/inbox/:messageId/read', { schema: { tags: ['patient'], params: MessageParams } }, async (request, reply) => {
      await engage.inbox.markRead(await access.patient(request), request.params.messageId);
      reply.code(204).send();
    });

    app.get('/p/consents', { schema: { tags: ['patient'], response: { 200: Consents } } }, async (request) => ({
      consents: await engage.consents.list(await access.patient(request)),
    }));

    app.post('/p/consents', { schema: { tags: ['patient'], body: ConsentChange, response: { 200: Consents } } }, async (request) => ({
      consents: await engage.consents.change(await access.patient(request), request.body),
    }));
  };
}
