import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifySwagger from '@fastify/swagger';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { type Logger, Refusal, restSoon, uuidv7 } from '../../kernel/index.ts';
import { refuse as refuseAccess } from '../access/errors.ts';
import { refuse } from './errors.ts';

/** JSON bodies; uploads stream and have their own limit. */
const BODY_BYTES_MAX = 1024 * 1024;

export interface HttpOptions {
  readonly log: Logger;
  readonly metrics: Registry;
  readonly version: string;
}

/** The application without any room: errors as problem details, security headers, one log line a request, OpenAPI. */
export async function createHttp({ log, metrics, version }: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    trustProxy: 'loopback',
    bodyLimit: BODY_BYTES_MAX,
    genReqId: () => uuidv7(),
    routerOptions: { maxParamLength: 500 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', allErrors: false } },
  });
  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        scriptSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: null,
      },
    },
    // Plain http on 127.0.0.1 is the demo; TLS is ended before us in production.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(fastifyRateLimit, { global: false, errorResponseBuilder: () => refuse('too-many') });
  await app.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title: '杏林 Xinglin', version, description: 'Patient-data and brand-operations system for hospitals' } },
  });

  observe(app, log, metrics);
  app.addHook('onRequest', async (request) => {
    if (isCrossSite(request)) throw refuseAccess('cross-site');
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalOf(error, request.id);
    if (refusal.status >= 500) log.error('http.failed', { id: request.id, route: request.routeOptions.url ?? 'none', error });
    reply
      .code(refusal.status)
      .type('application/problem+json')
      .send(refusal.toProblem(`urn:uuid:${request.id}`));
  });
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  return app;
}

/** Writes carrying a cookie must come from our own pages. Browsers say where from; other clients send no cookie. */
function isCrossSite(request: FastifyRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD' || request.headers.cookie === undefined) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.origin;
  return origin !== undefined && new URL(origin).host !== request.headers.host;
}

function refusalOf(error: FastifyError, id: string): Refusal {
  if (error instanceof Refusal) return error;
  if (error.validation !== undefined) {
    const first = error.validation[0];
    const field = `${error.validationContext ?? 'request'}${first?.instancePath ?? ''}`.replaceAll('/', '.');
    return refuse('invalid', { field, expected: String(first?.message ?? 'see the API description') });
  }
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return refuse('not-json');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return refuse('too-large');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return refuse('media-type');
    default:
      return (error as { isRetryable?: boolean }).isRetryable === true ? refuse('busy', {}, error) : refuse('internal', { id }, error);
  }
}

function observe(app: FastifyInstance, log: Logger, metrics: Registry): void {
  const seconds = new Histogram({
    name: 'xinglin_http_request_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.3, 1, 3, 10],
    registers: [metrics],
  });
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never the address: addresses hold tokens and ids.
    const route = request.routeOptions.url ?? 'none';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    log.debug('http.answered', { id: request.id, method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
    restSoon();
  });
}
