import { ConsentList, DimensionChange, DimensionList, DimensionParams, MappingChange, UnmappedList } from '@xinglin/contracts/api.ts';
import { Type } from 'typebox';
import { type Platform, type RoutePlugin, typed } from '../platform/index.ts';
import { identityModelRoutes } from './identity/models/index.ts';
import { identityRoutes } from './identity/review/routes.ts';
import type { Govern } from './types.ts';

const PersonParams = Type.Object({ personId: Type.String({ format: 'uuid' }) });
const Done = Type.Object({ changed: Type.Integer() });

/** Consents of a patient; the hospital's dictionaries and what sources' codes are not mapped onto them yet. */
export function governRoutes({ platform, govern }: { platform: Platform; govern: Govern }): RoutePlugin {
  const { access, audit, db, clock } = platform;
  const asOf = () => clock.now().toISOString();

  return async (plain) => {
    const app = typed(plain);
    const tags = ['govern'];
    await plain.register(identityRoutes({ platform, desk: govern.identity }));
    await plain.register(identityModelRoutes({ platform, models: govern.models }));

    app.get('/patients/:personId/consents', { schema: { tags, params: PersonParams, response: { 200: ConsentList } } }, async (request) => {
      const viewer = await access.viewer(request, 'consent.read');
      const rows = await govern.consents.of(viewer, request.params.personId);
      return { rows: rows.map((row) => ({ ...row, changedAt: row.changedAt.toISOString() })), asOf: asOf() };
    });

    app.get('/dimensions/:dimension', { schema: { tags, params: DimensionParams, response: { 200: DimensionList } } }, async (request) => {
      await access.viewer(request, 'source.read');
      const entries = await govern.dimensions.entries(request.params.dimension);
      return { rows: [...entries.values()].map(({ dimension: _, ...row }) => row), asOf: asOf() };
    });

    app.get('/dimensions/:dimension/unmapped', { schema: { tags, params: DimensionParams, response: { 200: UnmappedList } } }, async (request) => {
      await access.viewer(request, 'source.read');
      return { rows: await govern.dimensions.unmapped(request.params.dimension), asOf: asOf() };
    });

    app.put(
      '/dimensions/:dimension/entries',
      { schema: { tags, params: DimensionParams, body: DimensionChange, response: { 200: Done } } },
      async (request) => {
        const viewer = await access.viewer(request, 'dimension.write');
        const { dimension } = request.params;
        // Validation turns null into an empty string where both are allowed.
        const entries = request.body.rows.map((row) => ({ dimension, ...row, nameEn: row.nameEn || null, parentCode: row.parentCode || null }));
        await db.tx(async (tx) => {
          await govern.dimensions.upsert(tx, entries);
          const change = { action: 'dimension.upsert', relation: 'govern.dimension_entry', subject: dimension, count: entries.length };
          await audit.record({ viewer, ...change, outcome: 'allowed', ip: request.ip, q: tx });
        });
        return { changed: entries.length };
      },
    );

    app.put('/dimensions/:dimension/mappings', { schema: { tags, params: DimensionParams, body: MappingChange, response: { 200: Done } } }, async (request) => {
      const viewer = await access.viewer(request, 'dimension.write');
      const { dimension } = request.params;
      const { source, sourceCode, code } = request.body;
      await db.tx(async (tx) => {
        await govern.dimensions.map(tx, dimension, source, sourceCode, code);
        const change = { action: 'dimension.map', relation: 'govern.dimension_code', subject: `${dimension}/${code}`, count: 1 };
        await audit.record({ viewer, ...change, outcome: 'allowed', ip: request.ip, q: tx });
      });
      return { changed: 1 };
    });
  };
}
