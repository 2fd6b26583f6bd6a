/** Pages about sources, and uploads. */
import fastifyMultipart from '@fastify/multipart';
import type { IngestReport, SourceFiguresPort } from '@xinglin/contracts';
import { REJECTIONS_LISTED_MAX } from '@xinglin/contracts';
import { DeliveryPage, PageQuery, RejectionPage, type RejectionRow, SourceList, SourceNames } from '@xinglin/contracts/api.ts';
import { Type } from 'typebox';
import { catalogued, Refusal } from '../kernel/index.ts';
import type { Lake } from '../lake/index.ts';
import { type Platform, type RoutePlugin, typed } from '../platform/index.ts';
import { refuse } from './errors.ts';
import { cursorText, readCursor } from './paging.ts';
import type { Collect, PageMark } from './types.ts';

/** One upload streams through; this only stops one that never ends. */
const UPLOAD_BYTES_MAX = 64 * 1024 * 1024 * 1024;
const UPLOAD_FILES_MAX = 1000;

const SourceParams = Type.Object({ source: Type.String({ maxLength: 40 }) });
const UploadQuery = Type.Object({ source: Type.Optional(Type.String({ maxLength: 40 })), mapping: Type.Optional(Type.String({ maxLength: 60 })) });
const Report = Type.Object({
  accepted: Type.Integer(),
  duplicate: Type.Integer(),
  rejected: Type.Integer(),
  rejections: Type.Array(
    Type.Object({ file: Type.String(), line: Type.Union([Type.Integer(), Type.Null()]), code: Type.String(), reason: Type.String(), reasonZh: Type.String() }),
  ),
});

export function collectRoutes({ platform, collect, govern }: { platform: Platform; lake: Lake; collect: Collect; govern: SourceFiguresPort }): RoutePlugin {
  const { access, audit, clock } = platform;
  const asOf = (): string => clock.now().toISOString();

  return async (plain) => {
    const app = typed(plain);
    await plain.register(fastifyMultipart, { limits: { fileSize: UPLOAD_BYTES_MAX, files: UPLOAD_FILES_MAX } });

    app.get('/sources', { schema: { tags: ['source'], response: { 200: SourceList } } }, async (request) => {
      await access.viewer(request, 'source.read');
      const [totals, figures] = [await collect.log.sources(), await govern.figures()];
      return { rows: totals.map((row) => ({ ...row, types: [...row.types], facts: 0, quarantined: 0, ...figures.get(row.source) })), asOf: asOf() };
    });

    // Every page that shows where something came from asks for them; they tell nothing of a person.
    app.get('/source-names', { schema: { tags: ['source'], response: { 200: SourceNames } } }, async (request) => {
      const { orgId } = await access.viewer(request, 'overview.read');
      const rows = await platform.db.query<SourceNames['rows'][number]>(
        'select source, name_zh as "nameZh", name_en as "nameEn" from collect.source where org_id = $1 order by source',
        [orgId],
      );
      return { rows };
    });

    app.get(
      '/sources/:source/deliveries',
      { schema: { tags: ['source'], params: SourceParams, querystring: PageQuery, response: { 200: DeliveryPage } } },
      async (request) => {
        await access.viewer(request, 'source.read');
        const { source } = request.params;
        if (!(await collect.log.isKnown(source))) throw refuse('unknown-source');
        const limit = request.query.limit ?? 50;
        const before = readCursor<PageMark>(request.query.cursor);
        const found = await collect.log.deliveries(source, before, limit + 1);
        const rows = found.slice(0, limit);
        const last = found.length > limit ? rows.at(-1) : undefined;
        return { rows, next: last === undefined ? null : cursorText({ at: last.receivedAt, id: last.id }), total: null, asOf: asOf() };
      },
    );

    app.get(
      '/sources/:source/rejections',
      { schema: { tags: ['source'], params: SourceParams, querystring: PageQuery, response: { 200: RejectionPage } } },
      async (request) => {
        await access.viewer(request, 'source.read');
        const { source } = request.params;
        if (!(await collect.log.isKnown(source))) throw refuse('unknown-source');
        const page = await rejectionPage({ collect, govern }, source, request.query.cursor, request.query.limit ?? 50);
        return { ...page, total: null, asOf: asOf() };
      },
    );

    app.post(
      '/uploads',
      { schema: { tags: ['source'], consumes: ['multipart/form-data'], querystring: UploadQuery, response: { 200: Report } } },
      async (request) => {
        const viewer = await access.viewer(request, 'source.upload');
        const { source = null, mapping = null } = request.query;
        const report: IngestReport = { accepted: 0, duplicate: 0, rejected: 0, rejections: [] };
        let files = 0;
        for await (const part of request.files()) {
          files += 1;
          const done = await collect.ingestStream({ name: part.filename, bytes: part.file, source, mapping, by: viewer.userId });
          addReport(report, done);
        }
        if (files === 0) throw refuse('no-files');
        await audit.record({
          viewer,
          action: 'source.upload',
          relation: 'collect.delivery',
          subject: null,
          outcome: 'allowed',
          count: report.accepted,
          detail: `files=${files} duplicate=${report.duplicate} rejected=${report.rejected}`,
          ip: request.ip,
        });
        const [only] = report.rejections;
        if (only !== undefined && report.rejected === 1 && report.accepted + report.duplicate === 0) throw asProblem(only);
        return report;
      },
    );
  };
}

function addReport(report: IngestReport, more: IngestReport): void {
  report.accepted += more.accepted;
  report.duplicate += more.duplicate;
  report.rejected += more.rejected;
  report.rejections.push(...more.rejections.slice(0, REJECTIONS_LISTED_MAX - report.rejections.length));
}

/** An upload of which nothing could be read is a problem document with the same sentences. */
function asProblem({ code, reason, reasonZh }: IngestReport['rejections'][number]): Refusal {
  return new Refusal(code, { status: catalogued.get(code)?.status ?? 422, zh: reasonZh, en: reason });
}

/** Refusals of the door and of governance in one list, newest first; the cursor remembers where each list stands. */
interface Marks {
  readonly door: PageMark | null;
  readonly quarantine: string | null;
}
async function rejectionPage(
  { collect, govern }: { collect: Collect; govern: SourceFiguresPort },
  source: string,
  cursor: string | undefined,
  limit: number,
): Promise<{ rows: RejectionRow[]; next: string | null }> {
  const marks: Marks = readCursor<Marks>(cursor) ?? { door: null, quarantine: null };
  const door = await collect.log.rejections(source, marks.door, limit + 1);
  const quarantined = await govern.quarantined(source, marks.quarantine, limit + 1);
  const all = [
    ...door.map(({ mark, ...row }) => ({ row, mark, isDoor: true })),
    ...quarantined.map((each) => ({
      isDoor: false,
      mark: null,
      row: { ...each, at: each.at.toISOString(), stage: 'quarantine' as const, file: null, line: null },
    })),
  ].sort((a, b) => (a.row.at < b.row.at ? 1 : a.row.at > b.row.at ? -1 : 0));
  const shown = all.slice(0, limit);
  if (all.length <= limit) return { rows: shown.map(({ row }) => row), next: null };
  const lastDoor = shown.filter(({ isDoor }) => isDoor).at(-1);
  const lastQuarantined = shown.filter(({ isDoor }) => !isDoor).at(-1);
  const next: Marks = { door: lastDoor?.mark ?? marks.door, quarantine: lastQuarantined?.row.id ?? marks.quarantine };
  return { rows: shown.map(({ row }) => row), next: cursorText(next) };
}
