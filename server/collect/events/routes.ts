/** The events interface of the Segment specification: public clients talk to it unchanged. Mounted under /v1. */
import { createGunzip } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Platform, RoutePlugin } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { isObject, type JsonObject } from '../fhir/accept.ts';
import type { Collect, EventsAnswer, WriteKey } from '../types.ts';
import { BATCH_BYTES_MAX, EVENT_TYPES, type EventType } from './accept.ts';

/** Long and short names of the calls, as the clients use them. */
const CALLS: readonly (readonly [string, EventType])[] = [
  ...EVENT_TYPES.map((type) => [type, type] as const),
  ['i', 'identify'],
  ['t', 'track'],
  ['p', 'page'],
  ['s', 'screen'],
  ['g', 'group'],
  ['a', 'alias'],
];
const BATCHES = ['batch', 'import', 'b'];

export function eventRoutes({ collect }: { platform: Platform; collect: Collect }): RoutePlugin {
  return async (app) => {
    takeAnyBody(app);
    allowOtherSites(app);

    for (const path of BATCHES)
      app.post(`/${path}`, { schema: { tags: ['events'], hide: path !== 'batch' }, bodyLimit: BATCH_BYTES_MAX }, async (request) => {
        const body = bodyOf(request);
        const key = await keyOf(request, body, collect);
        if (!Array.isArray(body['batch'])) throw refuse('events-batch');
        return answer(await collect.deliverEvents(key, { events: body['batch'], sentAt: body['sentAt'], context: body['context'] }));
      });

    for (const [path, type] of CALLS)
      app.post(`/${path}`, { schema: { tags: ['events'], hide: path.length === 1 }, bodyLimit: BATCH_BYTES_MAX }, async (request) => {
        const { writeKey: _writeKey, ...event } = bodyOf(request);
        const key = await keyOf(request, bodyOf(request), collect);
        const done = await collect.deliverEvents(key, { events: [{ ...event, type }], sentAt: event['sentAt'], context: undefined });
        return answer(done);
      });
  };
}

/** What the clients look for is `success`; the counts are for people. */
const answer = (done: EventsAnswer): object => ({ success: done.accepted + done.duplicate > 0 || done.rejected === 0, ...done });

/** Browsers send JSON as text/plain to spare themselves a question; phones send it zipped. */
function takeAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BATCH_BYTES_MAX }, (_request, body, done) => done(null, body));
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (request.headers['content-encoding'] !== 'gzip') return payload;
    const plain = createGunzip();
    delete request.headers['content-length'];
    payload.on('error', (error) => plain.destroy(error));
    return payload.pipe(plain);
  });
}

function allowOtherSites(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*');
    reply.header('cross-origin-resource-policy', 'cross-origin');
  });
  app.options('/*', { schema: { hide: true } }, async (_request, reply) => {
    reply
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', 'authorization, content-type')
      .header('access-control-max-age', '86400')
      .code(204)
      .send();
  });
}

function bodyOf(request: FastifyRequest): JsonObject {
  try {
    const body: unknown = JSON.parse((request.body as Buffer).toString('utf8'));
    if (isObject(body)) return body;
  } catch (cause) {
    throw refuse('events-json', {}, cause instanceof SyntaxError ? undefined : cause);
  }
  throw refuse('events-json');
}

/** Basic authorization with the key as user name, else `writeKey` in the body, as browser clients do. */
async function keyOf(request: FastifyRequest, body: JsonObject, collect: Collect): Promise<WriteKey> {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const given = basic === undefined ? body['writeKey'] : Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0];
  const key = typeof given === 'string' && given !== '' ? await collect.writeKey(given) : null;
  if (key === null) throw refuse('events-key');
  return key;
}
