import type { IngestReport } from '@xinglin/contracts';
import type { DeliveryRow, RejectionRow, SourceRow } from '@xinglin/contracts/api.ts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StaffHttp, staffHttp } from '../platform/testing/staff-http.ts';
import { collectRoutes } from './routes.ts';
import { hl7, PID } from './testing/messages.ts';
import { type OpenCollect, openCollect } from './testing/open-collect.ts';

let here: OpenCollect;
let http: FastifyInstance;
let cookies: StaffHttp['cookies'];
const quarantine = Array.from({ length: 3 }, (_, n) => ({
  id: `q${9 - n}`,
  at: new Date(Date.UTC(2026, 0, 5, 1, 0, 9 - n)),
  code: 'govern.x',
  reasonZh: '原因',
  reasonEn: 'reason',
}));

beforeAll(async () => {
  here = await openCollect();
  const { platform, lake, collect } = here;
  const govern = {
    figures: async () => new Map([['his', { facts: 7, quarantined: 3 }]]),
    quarantined: async (_source: string, before: string | null, limit: number) =>
      quarantine.filter((each) => before === null || each.id < before).slice(0, limit),
  };
  const roles = ['information', 'analyst', 'operations', 'nurse', 'audit-admin'] as const;
  ({ app: http, cookies } = await staffHttp(platform, collectRoutes({ platform, lake, collect, govern }), { roles }));
});
afterAll(async () => {
  await http.close();
  await here.close();
});

const get = (url: string, role = 'information') => http.inject({ method: 'GET', url: `/api/v1${url}`, cookies: cookies.get(role) ?? {} });
const upload = (files: readonly (readonly [string, string | Uint8Array])[], query = '', role = 'information') => {
  const boundary = '----xinglin';
  const parts = files.map(([name, content]) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
  );
  return http.inject({
    method: 'POST',
    url: `/api/v1/uploads${query}`,
    cookies: cookies.get(role) ?? {},
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  });
};
const message = (id: string): string => hl7('ADT^A08', [PID], { id });

describe('uploads', () => {
  it('stream through the doors and answer with the report', async () => {
    const answer = await upload(
      [
        ['a.hl7', `${message('M1')}${message('')}${message('M2')}`],
        ['b.csv', '评价编号,平台,类型,评分,内容,发布时间\nW1,微博,评价,5,很好,2025-03-01\n'],
      ],
      '?source=his',
    );
    expect(answer.statusCode).toBe(200);
    expect(answer.json<IngestReport>()).toMatchObject({
      accepted: 3,
      duplicate: 0,
      rejected: 1,
      rejections: [{ file: 'a.hl7', line: 3, code: 'collect.hl7-no-control-id' }],
    });
    expect((await upload([['again.hl7', `${message('M1')}${message('')}${message('M2')}`]], '?source=his')).json<IngestReport>()).toMatchObject({
      accepted: 0,
      duplicate: 2,
      rejected: 1,
    });
    const [audited] = await here.platform.db
      .query<{ n: number }>(`select count(*)::int as n from platform.audit_entry where action = 'source.upload'`)
      .catch(() => []);
    if (audited !== undefined) expect(audited.n).toBeGreaterThan(0);
  });

  it('of which nothing can be read are a problem document with the same sentence', async () => {
    const answer = await upload([['x.hl7', Buffer.from('89504e470d0a1a0a', 'hex')]]);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([415, expect.stringContaining('application/problem+json')]);
    expect(answer.json()).toMatchObject({ code: 'collect.not-text', detail: expect.stringContaining('PNG'), detailZh: expect.stringContaining('PNG') });
    expect((await upload([])).json()).toMatchObject({ code: 'collect.no-files' });
    expect((await upload([['a.csv', 'x,y\n']], '?mapping=none')).json()).toMatchObject({ status: 404, code: 'collect.mapping-unknown' });
    expect((await upload([['a.hl7', message('M9')]], '?source=%E5%BC%A0')).json()).toMatchObject({ status: 400, code: 'collect.source-name' });
    const json = await http.inject({ method: 'POST', url: '/api/v1/uploads', cookies: cookies.get('information') ?? {}, payload: { a: 1 } });
    expect([json.statusCode, json.headers['content-type']]).toEqual([415, expect.stringContaining('problem')]);
  });

  it('never read files of this machine: a mapping is named, not a path', async () => {
    expect((await upload([['a.csv', 'x,y\n']], `?mapping=${encodeURIComponent(here.file('m.json', '{}').slice(0, 60))}`)).json()).toMatchObject({
      code: 'collect.mapping-unknown',
    });
  });

  it('are for those who may, and the refused try is told apart from being signed out', async () => {
    expect((await upload([['a.hl7', message('N1')]], '', 'analyst')).statusCode).toBe(200);
    for (const role of ['operations', 'nurse', 'audit-admin']) expect((await upload([['a.hl7', message('N2')]], '', role)).statusCode).toBe(403);
    expect((await upload([['a.hl7', message('N2')]], '', 'nobody')).statusCode).toBe(401);
  });
});

describe('pages about sources', () => {
  it('list every source with what arrived, what was refused and what was filed', async () => {
    const { rows } = (await get('/sources')).json<{ rows: SourceRow[] }>();
    expect(rows.find((each) => each.source === 'his')).toMatchObject({
      nameZh: '医院信息系统',
      types: ['csv', 'hl7v2'],
      accepted: 3,
      duplicate: 2,
      rejected: 1,
      facts: 7,
      quarantined: 3,
      waiting: 3,
      accepted24h: 3,
    });
  });

  it('names of sources are for everyone who sees where something came from, and for nobody else', async () => {
    for (const role of ['nurse', 'operations', 'analyst', 'information']) {
      const { rows } = (await get('/source-names', role)).json<{ rows: { source: string; nameZh: string }[] }>();
      expect(rows.find((each) => each.source === 'his')).toMatchObject({ nameZh: '医院信息系统' });
    }
    expect((await get('/source-names', 'audit-admin')).statusCode).toBe(403);
    expect((await get('/source-names', 'nobody')).statusCode).toBe(401);
  });

  it('deliveries are paged, newest first', async () => {
    const first = (await get('/sources/his/deliveries?limit=2')).json<{ rows: DeliveryRow[]; next: string | null }>();
    expect(first.rows).toHaveLength(2);
    const second = (await get(`/sources/his/deliveries?limit=2&cursor=${first.next}`)).json<{ rows: DeliveryRow[]; next: string | null }>();
    expect([second.rows.length, second.next]).toEqual([1, null]);
    const all = [...first.rows, ...second.rows];
    expect(new Set(all.map((each) => each.id)).size).toBe(3);
    expect(all.every((each) => each.isComplete)).toBe(true);
    expect(all.map((each) => each.fileName)).toContain(
      'file-'.concat(
        all
          .map((each) => each.fileName ?? '')
          .find((name) => name.startsWith('file-'))
          ?.slice(5) ?? '',
      ),
    );
  });

  it('refusals of the door and of governance stand in one list', async () => {
    const rows: RejectionRow[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { rows: RejectionRow[]; next: string | null } = (
        await get(`/sources/his/rejections?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).json();
      rows.push(...page.rows);
      cursor = page.next;
    }
    expect(rows.map((each) => each.stage).sort()).toEqual(['door', 'quarantine', 'quarantine', 'quarantine']);
    expect(rows.find((each) => each.stage === 'door')).toMatchObject({
      line: 3,
      code: 'collect.hl7-no-control-id',
      reasonZh: expect.stringContaining('MSH-10'),
    });
    expect(rows.map((each) => each.at)).toEqual(
      rows
        .map((each) => each.at)
        .toSorted()
        .toReversed(),
    );
  });

  it('an unknown source and a forged cursor are refused', async () => {
    expect((await get('/sources/nothing/deliveries')).json()).toMatchObject({ status: 404, code: 'collect.unknown-source' });
    expect((await get('/sources/nothing/rejections')).statusCode).toBe(404);
    for (const forged of ['x', Buffer.from('{"at":"1","id":"a\'b"}').toString('base64url'), Buffer.from('"x"').toString('base64url')])
      expect((await get(`/sources/his/deliveries?cursor=${forged}`)).json()).toMatchObject({ status: 400, code: 'collect.bad-cursor' });
  });

  it('are for those who may', async () => {
    for (const url of ['/sources', '/sources/his/deliveries', '/sources/his/rejections']) {
      for (const role of ['information', 'analyst', 'operations']) expect((await get(url, role)).statusCode).toBe(200);
      for (const role of ['nurse', 'audit-admin']) expect((await get(url, role)).statusCode).toBe(403);
      expect((await get(url, 'nobody')).statusCode).toBe(401);
    }
  });
});

describe('a listener', () => {
  it('gets a durable answer, a repetition told as such, and a clear refusal', async () => {
    const deliver = (text: string) => here.collect.deliverHl7({ source: 'lis', bytes: Buffer.from(text) });
    expect(await deliver(message('L1'))).toMatchObject({ outcome: 'accepted' });
    expect(await deliver(message('L1'))).toMatchObject({ outcome: 'duplicate' });
    expect(await deliver(message('L1').replace('张^三', '张^四'))).toMatchObject({ outcome: 'accepted' });
    await expect(deliver(message(''))).rejects.toMatchObject({ code: 'collect.hl7-no-control-id' });
    const rows = (await get('/sources')).json<{ rows: SourceRow[] }>().rows;
    expect(rows.find((each) => each.source === 'lis')).toMatchObject({ accepted: 2, duplicate: 1, rejected: 1, types: ['hl7v2'] });
  });
});
