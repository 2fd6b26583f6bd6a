import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { refuse } from './errors.ts';

/**
 * Serves the built pages: console at `/`, patient pages at `/p/`. Addresses inside an application answer with its page;
 * hashed assets may be kept for a year.
 */
export async function servePages(app: FastifyInstance, folders: { console: string; patient: string }): Promise<void> {
  const serve = async (root: string, prefix: string, decorateReply: boolean) => {
    if (!existsSync(root)) return;
    await app.register(fastifyStatic, {
      root,
      prefix,
      decorateReply,
      wildcard: false,
      // The build writes `.br` and `.gz` beside every text.
      preCompressed: true,
      index: false,
      setHeaders: (reply, path) => reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'),
    });
  };
  await serve(folders.console, '/', true);
  await serve(folders.patient, '/p/', false);
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html') && !/^\/(api|v1|fhir)\//.test(request.url);
    const root = request.url === '/p' || request.url.startsWith('/p/') ? folders.patient : folders.console;
    if (!isPage || !existsSync(join(root, 'index.html'))) throw refuse('not-found');
    return reply.header('cache-control', 'no-cache').sendFile('index.html', root);
  });
}
