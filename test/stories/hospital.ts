/** The whole house on a test database and simulated time, spoken to through its doors: HL7 in, pages over HTTP, links from the inbox. */
import type { Role } from '@xinglin/contracts';
import type { PatientInbox } from '@xinglin/contracts/api.ts';
import { type App, buildApp } from '../../server/app.ts';
import type { SimulatedClock } from '../../server/kernel/index.ts';
import { createAccount } from '../../server/platform/index.ts';
import { testPlatform } from '../../server/platform/testing.ts';

export const PASSWORD = 'Apricot-Grove-7';
const HOUR_MS = 3_600_000;
/** News goes round a few times (stream, signal, outbox, statement, stream again); more than this would be a circle. */
const ROUNDS_MAX = 12;

export interface Person {
  get<T>(url: string): Promise<T>;
  /** Asserts success unless a status is expected; answers the body. */
  post<T>(url: string, payload: object, expected?: number): Promise<T>;
}

export interface StoryHospital {
  readonly app: App;
  readonly clock: SimulatedClock;
  /** Everything that follows from what was done so far has happened. */
  settle(): Promise<void>;
  /** Time passes; what falls due on the way happens at its own time. */
  passUntil(time: string): Promise<void>;
  pass(time: { hours?: number; days?: number }): Promise<void>;
  /** Segments of one message; `{at}` is business time in HL7 format. */
  hl7(...segments: string[]): Promise<void>;
  department(code: string, nameZh: string): Promise<void>;
  staff(role: Role, departments?: readonly string[] | null): Promise<Person & { userId: string }>;
  /** A patient who followed the link to their inbox. */
  patient(recordKey: string): Promise<Person & { inbox(): Promise<PatientInbox> }>;
  close(): Promise<void>;
}

export async function openHospital(now: string): Promise<StoryHospital> {
  const test = await testPlatform({ now: new Date(now) });
  const { platform, clock } = test;
  const app = await buildApp({ config: platform.config, clock, platform });
  app.govern.pipeline.start();
  let messages = 0;
  let users = 0;
  let requests = 0;

  const isQuiet = async (): Promise<boolean> => {
    const waiting = await app.govern.pipeline.waiting();
    if (waiting.some((stream) => stream.waiting > 0)) return false;
    const { left } = await platform.db.one<{ left: boolean }>(
      'select exists (select from engage.statement) or exists (select from platform.signal_delivery) as left',
    );
    return !left;
  };
  const settle = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      await app.govern.pipeline.drain();
      await platform.signals.idle();
      await platform.outbox.idle();
      await app.engage.statements.flush();
      if (await isQuiet()) return;
    }
    throw new Error('the hospital does not come to rest');
  };
  const passTo = async (to: Date): Promise<void> => {
    for (;;) {
      await settle();
      while ((await platform.due.runDue()) > 0) await settle();
      const next = await platform.due.nextAt();
      if (next === null || next > to) break;
      if (next > clock.now()) clock.advanceTo(next);
    }
    clock.advanceTo(to);
    await settle();
  };

  const speaker = (cookies: Record<string, string>): Person => {
    const ask = async <T>(method: 'GET' | 'POST', url: string, payload?: object, expected?: number): Promise<T> => {
      const headers = method === 'POST' ? { 'idempotency-key': `story-request-${(requests += 1)}` } : {};
      const answer = await app.http.inject({ method, url: `/api/v1${url}`, cookies, headers, ...(payload === undefined ? {} : { payload }) });
      const isFine = expected === undefined ? answer.statusCode < 300 : answer.statusCode === expected;
      if (!isFine) throw new Error(`${method} ${url} answered ${answer.statusCode}: ${answer.body}`);
      if (method === 'POST') await settle();
      return (answer.body === '' ? undefined : answer.json()) as T;
    };
    return { get: (url) => ask('GET', url), post: (url, payload, expected) => ask('POST', url, payload, expected) };
  };

  return {
    ...{ app, clock, settle },
    passUntil: (time) => passTo(new Date(time)),
    pass: ({ hours = 0, days = 0 }) => passTo(new Date(clock.now().getTime() + (days * 24 + hours) * HOUR_MS)),
    async hl7(...segments) {
      const at = hl7Time(clock.now());
      const id = `STORY${String(++messages).padStart(4, '0')}`;
      const text = segments.map((segment) => segment.replaceAll('{at}', at).replaceAll('{id}', id)).join('\r');
      await app.collect.deliverHl7({ source: 'his', bytes: Buffer.from(`${text}\r`, 'utf8') });
      await settle();
    },
    async department(code, nameZh) {
      await platform.db.tx((tx) => app.govern.dimensions.upsert(tx, [{ dimension: 'department', code, nameZh, nameEn: null, parentCode: null }]));
    },
    async staff(role, departments = null) {
      const username = `${role}-${users++}`;
      const { orgId } = platform.config;
      const userId = await createAccount(platform.db, {
        username,
        displayName: username,
        password: PASSWORD,
        role,
        departments,
        orgId,
        mustChangePassword: false,
      });
      const answer = await app.http.inject({ method: 'POST', url: '/api/v1/session', payload: { username, password: PASSWORD } });
      return { userId, ...speaker({ xinglin_session: answer.cookies.find(({ name }) => name === 'xinglin_session')?.value ?? '' }) };
    },
    async patient(recordKey) {
      const token = platform.keys.signToken('inbox', recordKey, new Date(clock.now().getTime() + 30 * 24 * HOUR_MS));
      const answer = await app.http.inject({ method: 'POST', url: '/api/v1/p/session/link', payload: { token } });
      const person = speaker({ xinglin_patient: answer.cookies.find(({ name }) => name === 'xinglin_patient')?.value ?? '' });
      return { ...person, inbox: () => person.get<PatientInbox>('/p/inbox') };
    },
    async close() {
      await app.stop();
      await test.close();
    },
  };
}

/** `yyyymmddhhmmss` at the campus (UTC+8). */
const hl7Time = (instant: Date): string => new Date(instant.getTime() + 8 * HOUR_MS).toISOString().replace(/\D/g, '').slice(0, 14);
