import {
  ActBody,
  ActDone,
  ActParams,
  ActPreview,
  FamilyDecision,
  PersonIdentity,
  PersonParams,
  PreviewBody,
  ReviewDecision,
  ReviewDetail,
  ReviewPage,
  ReviewParams,
  ReviewQuery,
  ReviewSummary,
  SourceTrustList,
  SourceTrustRow,
} from '@xinglin/contracts/api.ts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Platform, type RoutePlugin, typed } from '../../../platform/index.ts';
import { refuse } from '../../errors.ts';
import type { IdentityDesk } from './desk.ts';

const KEY_SHAPE = /^[\w-]{8,100}$/;
function requestKeyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !KEY_SHAPE.test(key)) throw refuse('no-request-key');
  return key;
}

/** Who is one person: the queue, decisions, merging and parting with a preview, undo, the merged person, relations, trust in sources. */
export function identityRoutes({ platform, desk }: { platform: Platform; desk: IdentityDesk }): RoutePlugin {
  const { access } = platform;
  return async (plain) => {
    const app = typed(plain);
    const tags = ['identity'];
    const reviewer = (request: FastifyRequest) => access.viewer(request, 'identity.review');

    app.get('/identity/reviews', { schema: { tags, querystring: ReviewQuery, response: { 200: ReviewPage } } }, async (request) =>
      desk.queue.list(await reviewer(request), request.query),
    );
    app.get('/identity/reviews/summary', { schema: { tags, response: { 200: ReviewSummary } } }, async (request) =>
      desk.queue.summary(await reviewer(request)),
    );
    app.get('/identity/reviews/:reviewId', { schema: { tags, params: ReviewParams, response: { 200: ReviewDetail } } }, async (request) =>
      desk.queue.detail(await reviewer(request), request.params.reviewId),
    );
    app.post(
      '/identity/reviews/:reviewId/decision',
      { schema: { tags, params: ReviewParams, body: ReviewDecision, response: { 200: ReviewDetail } } },
      async (request) => {
        const viewer = await reviewer(request);
        const { reviewId } = request.params;
        await desk.acts.decide({ viewer, requestKey: requestKeyOf(request), ip: request.ip }, reviewId, request.body);
        return desk.queue.detail(viewer, reviewId);
      },
    );

    app.post('/identity/preview', { schema: { tags, body: PreviewBody, response: { 200: ActPreview } } }, async (request) =>
      desk.acts.preview(await reviewer(request), request.body),
    );
    app.post('/identity/acts', { schema: { tags, body: ActBody, response: { 200: ActDone } } }, async (request) => {
      const viewer = await reviewer(request);
      return desk.acts.act({ viewer, requestKey: requestKeyOf(request), ip: request.ip }, request.body);
    });
    app.post('/identity/acts/:actId/undo', { schema: { tags, params: ActParams, response: { 200: ActDone } } }, async (request) => {
      const viewer = await reviewer(request);
      return desk.acts.undo({ viewer, requestKey: requestKeyOf(request), ip: request.ip }, request.params.actId);
    });

    app.get('/identity/persons/:personId', { schema: { tags, params: PersonParams, response: { 200: PersonIdentity } } }, async (request) =>
      desk.merged.person(await access.viewer(request, 'identity.read'), request.params.personId),
    );
    app.post('/identity/family', { schema: { tags, body: FamilyDecision } }, async (request, reply) => {
      await desk.family.decide(await reviewer(request), request.body, request.ip);
      reply.code(204).send();
    });

    app.get('/identity/source-trust', { schema: { tags, response: { 200: SourceTrustList } } }, async (request) => desk.merged.trust(await reviewer(request)));
    app.put(
      '/identity/source-trust',
      { schema: { tags, body: Type.Object({ rows: Type.Array(SourceTrustRow, { minItems: 1, maxItems: 200 }) }), response: { 200: SourceTrustList } } },
      async (request) => {
        const viewer = await reviewer(request);
        await desk.merged.setTrust(viewer, request.body.rows, request.ip);
        return desk.merged.trust(viewer);
      },
    );
  };
}
