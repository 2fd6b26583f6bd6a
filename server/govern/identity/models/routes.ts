import type { Permission } from '@xinglin/contracts';
import {
  IdentityReport,
  ModelDecision,
  ModelDetail,
  ModelFigures,
  ModelList,
  ModelParams,
  ModelTask,
  ModelTaskAsk,
  ModelTaskParams,
  ModelUseAsk,
} from '@xinglin/contracts/api.ts';
import type { FastifyRequest } from 'fastify';
import type { Platform } from '../../../platform/index.ts';
import { type RoutePlugin, typed } from '../../../platform/index.ts';
import type { Actor, IdentityModels } from './models.ts';

/** Models that decide who is one person: read, train, measure, look ahead, approve, use; and the quality report. */
export function identityModelRoutes({ platform, models }: { platform: Platform; models: IdentityModels }): RoutePlugin {
  const actor = async (request: FastifyRequest, permission: Permission): Promise<Actor> => {
    const viewer = await platform.access.viewer(request, permission);
    return { viewer, by: viewer.userId, ip: request.ip };
  };

  return async (plain) => {
    const app = typed(plain);
    const tags = ['identity'];

    app.get('/identity/models', { schema: { tags, response: { 200: ModelList } } }, async (request) => models.list(await actor(request, 'model.read')));

    app.get('/identity/models/:edition', { schema: { tags, params: ModelParams, response: { 200: ModelDetail } } }, async (request) => {
      await actor(request, 'model.read');
      return models.detail(request.params.edition);
    });

    app.get('/identity/models/:edition/figures', { schema: { tags, params: ModelParams, response: { 200: ModelFigures } } }, async (request) =>
      models.figures(await actor(request, 'model.read'), request.params.edition),
    );

    app.get('/identity/report', { schema: { tags, response: { 200: IdentityReport } } }, async (request) => models.report(await actor(request, 'model.read')));

    app.get('/identity/model-tasks/:taskId', { schema: { tags, params: ModelTaskParams, response: { 200: ModelTask } } }, async (request) => {
      await actor(request, 'model.read');
      return models.task(request.params.taskId);
    });

    app.post('/identity/model-tasks', { schema: { tags, body: ModelTaskAsk, response: { 202: ModelTask } } }, async (request, reply) => {
      const ask = request.body;
      // Looking ahead belongs to approving and using as much as to training.
      const by = await actor(request, ask.kind === 'preview' ? 'model.approve' : 'model.train');
      return reply.status(202).send(await models.ask(by, ask));
    });

    app.post(
      '/identity/models/:edition/decision',
      { schema: { tags, params: ModelParams, body: ModelDecision, response: { 200: ModelList } } },
      async (request) => {
        const by = await actor(request, 'model.approve');
        await models.decide(by, request.params.edition, request.body.decision);
        return models.list(by);
      },
    );

    app.post('/identity/models/:edition/use', { schema: { tags, params: ModelParams, body: ModelUseAsk, response: { 200: ModelList } } }, async (request) => {
      const by = await actor(request, 'model.approve');
      await models.use(by, request.params.edition, request.body.previewTask);
      return models.list(by);
    });
  };
}
