import { gzipSync } from 'node:zlib';
import { Analytics } from '@segment/analytics-node';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../kernel/index.ts';
import type { Lake } from '../../lake/index.ts';
import { createHttp } from '../../platform/http/index.ts';
import { DEMO_WRITE_KEY } from '../collect.ts';
import { factOf, factsOf, recordOf } from '../testing/messages.ts';
import { type OpenCollect, openCollect } from '../testing/open-collect.ts';
import { readEvents } from './read.ts';
import { eventRoutes } from './routes.ts';

let here: OpenCollect;
let http: FastifyInstance;
const serve = async (collect: OpenCollect['collect']): Promise<FastifyInstance> => {
  const app = await createHttp({ log: silentLogger, metrics: new Registry(), version: 'test' });
  await app.register(eventRoutes({ platform: here.platform, collect }), { prefix: '/v1' });
  return app;
};
beforeEach(async () => {
  here = await openCollect();
  http = await serve(here.collect);
});
afterEach(async () => {
  await http.close();
  await here.close();
});

const basic = (key: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` });
const post = (path: string, body: unknown, headers: Record<string, string> = basic(DEMO_WRITE_KEY)) =>
  http.inject({
    method: 'POST',
    url: `/v1/${path}`,
    payload: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
const track = (messageId: string, more: object = {}): object => ({ type: 'track', event: '预约', userId: 'u1', messageId, ...more });
const stored = async () =>
  (await here.stored()).flatMap((record) =>
    (JSON.parse(Buffer.from(record.body).toString()) as { batch: { messageId: string }[] }).batch.map((each) => each.messageId),
  );

describe('the public Node client, unchanged', () => {
  it('delivers every kind of call', async () => {
    const address = await http.listen({ port: 0, host: '127.0.0.1' });
    const analytics = new Analytics({ writeKey: DEMO_WRITE_KEY, host: address, flushAt: 20 });
    const errors: unknown[] = [];
    analytics.on('error', (error) => errors.push(error));
    analytics.identify({ userId: 'u1', anonymousId: 'a1', traits: { name: '张三', phone: '13800000001' } });
    analytics.track({ userId: 'u1', event: 'Appointment Booked', properties: { department: 'CARD', value: 1 } });
    analytics.page({ anonymousId: 'a1', name: 'home', properties: { path: '/' } });
    analytics.screen({ userId: 'u1', name: 'inbox' });
    analytics.group({ userId: 'u1', groupId: 'g1' });
    analytics.alias({ userId: 'u1', previousId: 'a1' });
    await analytics.closeAndFlush();
    expect(errors).toEqual([]);
    const facts = (await Promise.all((await here.stored()).map((record) => here.collect.read(record)))).flatMap((reading) => reading.facts);
    expect(facts.filter((each) => each.fact === 'event').map((each) => [each.values['kind'], each.values['name'], each.subject?.value ?? null])).toEqual([
      ['identify', 'identify@1', 'u1'],
      ['track', 'Appointment_Booked@1', 'u1'],
      ['page', 'page@1', null],
      ['screen', 'screen@1', 'u1'],
      ['group', 'group@1', 'u1'],
      ['alias', 'alias@1', 'u1'],
    ]);
    expect(facts.filter((each) => each.fact === 'person_record')).toMatchObject([
      { subject: { type: 'app-account', value: 'u1' }, person: { names: ['张三'], phones: ['13800000001'] } },
    ]);
  });
});

describe('at the door', () => {
  it('the same message id within seven days is a repetition, whatever the request', async () => {
    expect((await post('batch', { batch: [track('m1'), track('m2'), track('m1')] })).json()).toMatchObject({
      success: true,
      accepted: 2,
      duplicate: 1,
      rejected: 0,
    });
    expect((await post('batch', { batch: [track('m2', { properties: { retried: true } }), track('m3')] })).json()).toMatchObject({ accepted: 1, duplicate: 1 });
    expect((await post('track', { event: 'x', userId: 'u', messageId: 'm3' })).json()).toMatchObject({ success: true, accepted: 0, duplicate: 1 });
    expect(await stored()).toEqual(['m1', 'm2', 'm3']);
    here.clock.advanceTo(new Date(here.clock.now().getTime() + 8 * 24 * 3_600_000));
    expect((await post('batch', { batch: [track('m2', { properties: { late: true } })] })).json()).toMatchObject({ accepted: 1 });
    expect((await here.collect.log.sources()).find((each) => each.source === 'web')).toMatchObject({ accepted: 4, duplicate: 3, rejected: 0 });
  });

  it('many requests at once are each answered for themselves', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => post('batch', { batch: [track(`a${n % 20}`), track(`b${n}`)] })));
    const totals = answers.map((each) => each.json() as { accepted: number; duplicate: number });
    expect(totals.reduce((sum, each) => sum + each.accepted, 0)).toBe(80);
    expect(totals.reduce((sum, each) => sum + each.duplicate, 0)).toBe(40);
    expect(new Set(await stored()).size).toBe(80);
    expect(await stored()).toHaveLength(80);
  });

  it('bad events are refused one by one and the others go in; the reason quotes nothing', async () => {
    const answer = (
      await post('batch', {
        batch: [
          track('m1'),
          { type: 'track', event: 'x', messageId: 'm2' },
          { type: 'look', userId: 'u' },
          { type: 'track', userId: 'u' },
          track('m3', { properties: { words: '张三'.repeat(10_000) } }),
          track('m4', { timestamp: 'yesterday' }),
          'x',
          track('m5'),
        ],
      })
    ).json() as { accepted: number; rejected: number; rejections: { index: number; code: string }[] };
    expect([answer.accepted, answer.rejected]).toEqual([2, 6]);
    expect(answer.rejections.map((each) => [each.index, each.code])).toEqual([
      [1, 'collect.events-who'],
      [2, 'collect.events-type'],
      [3, 'collect.events-name'],
      [4, 'collect.events-event-size'],
      [5, 'collect.events-time'],
      [6, 'collect.events-type'],
    ]);
    expect(JSON.stringify(answer)).not.toContain('张三');
    expect(await here.collect.log.rejections('web', null, 10)).toHaveLength(6);
  });

  it('a key that is missing, wrong or of another kind is 401; a body that is none is 400; a large one 413', async () => {
    expect((await post('batch', { batch: [track('m')] }, {})).statusCode).toBe(401);
    expect((await post('batch', { batch: [track('m')] }, basic('guess'))).statusCode).toBe(401);
    expect((await post('batch', { batch: [track('m')] }, { authorization: 'Bearer x' })).statusCode).toBe(401);
    expect((await post('batch', 'no json')).json()).toMatchObject({ status: 400, code: 'collect.events-json' });
    expect((await post('batch', {})).json()).toMatchObject({ status: 400, code: 'collect.events-batch' });
    expect((await post('batch', { batch: Array.from({ length: 600 }, (_, n) => track(`${n}`, { properties: { x: 'y'.repeat(1000) } })) })).statusCode).toBe(
      413,
    );
    expect(await here.stored()).toEqual([]);
  });

  it('browsers and phones are understood: key in the body, text/plain, short paths, zipped, from other sites', async () => {
    const body = { event: 'x', anonymousId: 'a', messageId: 'p1', writeKey: DEMO_WRITE_KEY };
    const plain = await http.inject({
      method: 'POST',
      url: '/v1/t',
      payload: JSON.stringify(body),
      headers: { 'content-type': 'text/plain', origin: 'https://hospital.example' },
    });
    expect([plain.statusCode, plain.headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(JSON.stringify((await here.stored()).map((each) => Buffer.from(each.body).toString()))).not.toContain(DEMO_WRITE_KEY);
    const zipped = await http.inject({
      method: 'POST',
      url: '/v1/b',
      payload: gzipSync(JSON.stringify({ batch: [track('z1')], writeKey: DEMO_WRITE_KEY })),
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(zipped.json()).toMatchObject({ success: true, accepted: 1 });
    const bomb = await http.inject({
      method: 'POST',
      url: '/v1/b',
      payload: gzipSync(Buffer.alloc(20_000_000)),
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...basic(DEMO_WRITE_KEY) },
    });
    expect(bomb.statusCode).toBe(413);
    const asked = await http.inject({
      method: 'OPTIONS',
      url: '/v1/batch',
      headers: { origin: 'https://hospital.example', 'access-control-request-method': 'POST' },
    });
    expect([asked.statusCode, asked.headers['access-control-allow-headers']]).toEqual([204, 'authorization, content-type']);
  });

  it('an event without an id has one made of its content', async () => {
    const event = { type: 'track', event: 'x', userId: 'u', timestamp: '2026-01-05T00:00:00Z' };
    expect((await post('batch', { batch: [event] })).json()).toMatchObject({ accepted: 1 });
    expect((await post('batch', { batch: [event] })).json()).toMatchObject({ accepted: 0, duplicate: 1 });
  });

  it('only what is on disk is answered, and ids a crash kept from being remembered are read back', async () => {
    const failing = await openCollect({
      wrapLake: (lake): Lake => ({
        ...lake,
        cursor: (stream) => lake.cursor(stream),
        raw: {
          ...lake.raw,
          append: async () => Promise.reject(new Error('disk')),
          streams: () => lake.raw.streams(),
          read: (...args) => lake.raw.read(...args),
        } as Lake['raw'],
      }),
    });
    const key = await failing.collect.writeKey(DEMO_WRITE_KEY);
    await expect(failing.collect.deliverEvents(key as never, { events: [track('m1')], sentAt: undefined, context: undefined })).rejects.toThrow('disk');
    await failing.close();

    await post('batch', { batch: [track('m1'), track('m2')] });
    await here.platform.db.query('delete from collect.event_seen');
    const app = await serve(await here.restarted());
    const again = await app.inject({
      method: 'POST',
      url: '/v1/batch',
      payload: JSON.stringify({ batch: [track('m1', { properties: { retry: 1 } })] }),
      headers: { ...basic(DEMO_WRITE_KEY) },
    });
    expect(again.json()).toMatchObject({ accepted: 0, duplicate: 1 });
    await app.close();
  });
});

describe('reading', () => {
  const read = (batch: object[], { sentAt, identify = false }: { sentAt?: string; identify?: boolean } = {}) =>
    readEvents(recordOf('events', JSON.stringify({ batch, ...(sentAt === undefined ? {} : { sentAt }) }), identify ? { identify: 1 } : {}, 'web'));
  const event = (more: object) => factOf(read([{ type: 'track', event: 'x', userId: 'u', messageId: 'm', ...more }]), 'event');

  it('columns of the event', () => {
    expect(
      event({
        anonymousId: 'a-1',
        timestamp: '2026-01-05T00:59:00Z',
        properties: { department: 'CARD', value: '12.5', path: '/report/4403081999/view?patient=张三' },
        context: { channel: 'mini-program', campaign: { name: 'spring', source: 'douyin' } },
      }),
    ).toMatchObject({
      localId: 'm',
      occurredAt: '2026-01-05T00:59:00.000Z',
      values: {
        name: 'x@1',
        kind: 'track',
        anonymous_key: 'a-1',
        channel: 'mini-program',
        campaign: 'spring',
        page: '/report/:id/view',
        value: 12.5,
        department_code: { code: 'CARD' },
      },
    });
    expect(event({ event: '预约' }).values['name']).toMatch(/^x[0-9a-f]{12}@1$/);
  });

  it('a client clock that is off is corrected; a replay of old events is not', () => {
    const at = (timestamp: string, sentAt: string): string | undefined =>
      factOf(read([{ type: 'track', event: 'x', userId: 'u', messageId: 'm', timestamp }], { sentAt }), 'event').occurredAt;
    expect(at('2026-01-05T00:50:00Z', '2026-01-05T00:59:50Z')).toBe('2026-01-05T00:50:00.000Z');
    expect(at('2026-01-05T03:50:00Z', '2026-01-05T04:00:00Z')).toBe('2026-01-05T00:50:00.000Z');
    expect(at('2025-06-01T00:00:00Z', '2030-01-01T00:00:00Z')).toBe('2025-06-01T00:00:00.000Z');
  });

  it('a public key cannot say whose record an account is; a key kept on a server can', () => {
    const identify = [
      {
        type: 'identify',
        userId: 'u',
        messageId: 'm',
        traits: {
          lastName: '张',
          firstName: '三',
          phone: '138',
          mrn: 'P1',
          idCard: '440308199901101512',
          gender: '女',
          birthday: '1999-01-10T00:00:00Z',
          address: { city: '杏城', street: '人民路' },
        },
      },
    ];
    const person = (may: boolean) => factOf(read(identify, { identify: may }), 'person_record').person;
    expect(person(false)?.identifiers.map((each) => each.type)).toEqual(['app-account']);
    expect(person(true)?.identifiers.map((each) => [each.type, each.value])).toEqual([
      ['app-account', 'u'],
      ['mrn', 'P1'],
      ['resident-id', '440308199901101512'],
    ]);
    expect(person(false)).toMatchObject({ names: ['张三'], phones: ['138'], sex: 'female', birthDate: '1999-01-10', addresses: [{ text: '杏城 人民路' }] });
  });

  it('traits of nobody make no person; an alias merges nobody', () => {
    expect(factsOf(read([{ type: 'identify', anonymousId: 'a', messageId: 'm', traits: { phone: '138' } }]), 'person_record')).toEqual([]);
    expect(read([{ type: 'alias', userId: 'u', previousId: 'v', messageId: 'm' }]).acts).toEqual([]);
  });
});
