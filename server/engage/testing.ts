/**
 * For tests of engage and improve: a small hospital in memory instead of collect and govern. Statements are remembered and, where govern
 * would have told the later rooms, come back as signals at once, so that a timeline of days runs in one test.
 */
import type { ConsentDecision, LoopKind, LoopPort, LoopStatements, StaffViewer } from '@xinglin/contracts';
import type { Govern } from '../govern/index.ts';
import { createAccount } from '../platform/index.ts';
import { type TestPlatform, type TestPlatformOptions, testPlatform } from '../platform/testing.ts';
import { createEngage, type Engage } from './index.ts';

export const RECORD = '11111111-0000-4000-8000-000000000001';
/** The same person at another source. */
export const OTHER_RECORD = '11111111-0000-4000-8000-000000000002';
export const PERSON = '22222222-0000-4000-8000-000000000001';
export const ENCOUNTER = '33333333-0000-4000-8000-000000000001';

export interface Said {
  readonly kind: LoopKind;
  readonly body: LoopStatements[LoopKind];
}
export interface TestHospital extends TestPlatform {
  readonly engage: Engage;
  readonly govern: Govern;
  readonly loop: LoopPort;
  /** Everything said into the loop, in order. */
  readonly said: Said[];
  /** Set to refuse: `consent['followup'] = { allowed: false, reason: 'no-consent' }`; the rest is allowed. */
  readonly consent: Record<string, ConsentDecision>;
  discharge(given?: object): Promise<void>;
  signal<T extends Parameters<TestPlatform['platform']['signals']['emit']>[1]>(topic: T, key: string, payload: object): Promise<void>;
  staff(role: StaffViewer['role'], departments?: readonly string[] | null): Promise<StaffViewer>;
  /** Hours or days of simulated time go by. */
  pass(time: { hours?: number; days?: number }): Promise<void>;
  settle(): Promise<void>;
}

const ALLOWED: ConsentDecision = { allowed: true, basis: 'test' };

export async function testHospital(options: TestPlatformOptions = {}): Promise<TestHospital> {
  const test = await testPlatform(options);
  const { platform, clock } = test;
  const said: Said[] = [];
  const consent: Record<string, ConsentDecision> = {};
  const words = new Map<string, string>();
  const govern = fakeGovern(consent, words);
  let signalCount = 0;
  const signal: TestHospital['signal'] = async (topic, key, payload) => {
    await platform.db.tx((tx) => platform.signals.emit(tx, topic, key, payload as never));
    await settle();
  };
  const loop: LoopPort = {
    async deliver(place, kind, body) {
      said.push({ kind, body });
      const echo = echoOf(kind, body, words);
      if (echo !== null) await platform.db.tx((tx) => platform.signals.emit(tx, echo.topic, echo.key, { ...place, ...echo.payload } as never));
    },
  };
  platform.outbox.setPorts({ consent: govern.consents, contact: govern.contacts });
  platform.access.setPatientDirectory({ byPhone: async () => RECORD, personOf: async () => PERSON });
  const engage = createEngage({ platform, govern, loop });

  const settle = async (): Promise<void> => {
    for (let round = 0; round < 4; round++) {
      await platform.signals.idle();
      await platform.outbox.idle();
      await engage.statements.flush();
    }
  };
  let users = 0;
  return {
    ...test,
    ...{ engage, govern, loop, said, consent, signal, settle },
    discharge: (given = {}) => signal('encounter.discharged', `discharge-${signalCount++}`, { ...DISCHARGE, endedAt: clock.now().toISOString(), ...given }),
    async staff(role, departments = null) {
      const username = `${role}-${users++}`;
      const userId = await createAccount(platform.db, {
        ...{ username, displayName: username, password: 'Apricot-Grove-7', role, departments, orgId: platform.config.orgId, mustChangePassword: false },
      });
      return { kind: 'staff', userId, role, orgId: platform.config.orgId, departments: departments ?? 'all', purpose: 'followup' };
    },
    async pass({ hours = 0, days = 0 }) {
      await test.advance(new Date(clock.now().getTime() + (days * 24 + hours) * 3_600_000));
      await settle();
    },
  };
}

/** What govern would tell the later rooms once it has filed the statement. */
function echoOf(
  kind: LoopKind,
  body: object,
  words: Map<string, string>,
): { topic: 'survey.answered' | 'message.receipt' | 'consent.changed'; key: string; payload: object } | null {
  if (kind === 'survey.answer') {
    const said = body as LoopStatements['survey.answer'];
    const textId = said.text === null ? null : crypto.randomUUID();
    if (textId !== null) words.set(textId, said.text ?? '');
    return {
      topic: 'survey.answered',
      key: said.invitationId,
      payload: {
        ...said,
        invitationKey: said.invitationId,
        scores: Object.fromEntries(said.answers.map(({ question, score }) => [question, score])),
        overall: said.answers.find(({ isOverall }) => isOverall)?.score ?? null,
        textId,
      },
    };
  }
  if (kind === 'message.status') {
    const said = body as LoopStatements['message.status'];
    return said.status === 'read' ? { topic: 'message.receipt', key: `${said.sendKey}:read`, payload: said } : null;
  }
  if (kind === 'consent.change') {
    const said = body as LoopStatements['consent.change'];
    return { topic: 'consent.changed', key: `${said.recordKey}:${said.purpose}:${said.occurredAt}`, payload: said };
  }
  return null;
}

export const DISCHARGE = {
  orgId: 'demo',
  campusId: 'main',
  source: 'his',
  recordKey: RECORD,
  encounterKey: ENCOUNTER,
  encounterClass: 'inpatient',
  departmentCode: 'CARD',
  staffCode: null,
  diseaseCode: 'I50.900',
  surgeryCode: null,
  surgeryDay: null,
  disposition: 'home',
  startedAt: '2026-01-01T02:00:00.000Z',
};

function fakeGovern(consent: Record<string, ConsentDecision>, words: Map<string, string>): Govern {
  const records = [RECORD, OTHER_RECORD];
  const summary = {
    personId: PERSON,
    name: '林*',
    sex: 'female',
    birthMonth: '1960-05',
    phone: null,
    residentId: null,
    district: null,
    insuranceType: null,
    records: [],
  };
  const fake = {
    people: {
      summaries: async (_viewer: object, ids: readonly string[]) => (ids.includes(PERSON) ? [summary] : []),
      recordsOf: async (personId: string) => (personId === PERSON ? records : []),
      personOf: async (keys: readonly string[]) => new Map(keys.filter((key) => records.includes(key)).map((key) => [key, PERSON])),
      text: async (_viewer: object, ids: readonly string[]) => new Map(ids.flatMap((id) => (words.has(id) ? [[id, words.get(id) as string] as const] : []))),
    },
    dimensions: {
      entries: async () => new Map([['CARD', { dimension: 'department', code: 'CARD', nameZh: '心内科', nameEn: 'Cardiology', parentCode: null }]]),
    },
    consents: {
      decide: async (_record: string, purpose: string) => consent[purpose] ?? ALLOWED,
      of: async () => [],
    },
    contacts: { addressOf: async (_record: string, channel: string) => (channel === 'inbox' ? PERSON : '13912345678') },
  };
  return fake as unknown as Govern;
}
