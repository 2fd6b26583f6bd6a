/** For tests: govern on a real database and a real lake, fed with statements given directly (`collect` has its own tests). */
import type { Canonical, CanonicalAct, Lane, PersonDetails, RawRecord, Reading, SignalPayloads, SourceId, Topic } from '@xinglin/contracts';
import type { Collect } from '../collect/index.ts';
import type { SimulatedClock } from '../kernel/index.ts';
import { createLake, type Lake } from '../lake/index.ts';
import type { Platform } from '../platform/index.ts';
import { testPlatform } from '../platform/testing.ts';
import { createGovern } from './govern.ts';
import type { Govern } from './types.ts';

export interface TestGovern {
  readonly platform: Platform;
  readonly clock: SimulatedClock;
  readonly lake: Lake;
  readonly govern: Govern;
  readonly signals: { topic: Topic; payload: SignalPayloads[Topic] }[];
  /** Appends one delivery that reads as these statements; `raw` appends a body that cannot be read. */
  say(facts: readonly Canonical[], more?: { acts?: readonly CanonicalAct[]; lane?: Lane; source?: string }): Promise<void>;
  sayBroken(lane?: Lane): Promise<void>;
  /** The same, and waits until it is filed. */
  tell: TestGovern['say'];
  close(): Promise<void>;
}

export async function testGovern(options: { now?: Date } = {}): Promise<TestGovern> {
  const { platform, clock, close } = await testPlatform(options);
  const lake = await createLake({ platform });
  const govern = await createGovern({ platform, lake, collect: plainCollect });
  const signals: TestGovern['signals'] = [];
  for (const topic of TOPICS) platform.signals.on(topic, 'test', async (_tx, payload) => void signals.push({ topic, payload }));
  let said = 0;
  const append = (body: object, lane: Lane, source: string) =>
    lake.raw.append([
      {
        stream: { orgId: 'demo', campusId: 'main', source, lane },
        type: 'fhir',
        body: Buffer.from(JSON.stringify(body)),
        meta: { said: (said += 1) },
        items: 1,
      },
    ]);
  const say: TestGovern['say'] = async (facts, { acts = [], lane = 'live', source = 'his' } = {}) => {
    await append({ facts, acts, quarantined: [] } satisfies Reading, lane, source);
  };
  return {
    ...{ platform, clock, lake, govern, signals, say },
    async sayBroken(lane = 'live') {
      await append({ broken: true }, lane, 'his');
    },
    async tell(facts, more) {
      await say(facts, more);
      await govern.pipeline.drain();
      await platform.signals.idle();
    },
    async close() {
      await govern.pipeline.stop();
      await lake.close();
      await close();
    },
  };
}

const TOPICS: readonly Topic[] = [
  ...(['encounter.discharged', 'encounter.finished', 'encounter.reopened', 'survey.answered'] as const),
  ...(['message.receipt', 'consent.changed', 'complaint.received'] as const),
];

/** Bodies are readings already. */
export const plainCollect = {
  async read(record: RawRecord): Promise<Reading> {
    const body = JSON.parse(Buffer.from(record.body).toString('utf8')) as Reading & { broken?: boolean };
    if (body.broken === true) throw new Error('cannot be read');
    return body;
  },
} as unknown as Collect;

export const noDetails: PersonDetails = {
  ...{ names: [], identifiers: [], phones: [], addresses: [], birthDate: null, sex: 'unknown', insuranceType: null },
  ...{ deceased: false, guardian: null, nickname: null },
};
export const mrn = (value: string, system = 'HIS'): SourceId => ({ type: 'mrn', system, value });

let serial = 0;
type Given = Partial<Canonical> & Pick<Canonical, 'fact'>;
/** A statement of which only the telling part need be given. */
export const canonical = (given: Given): Canonical => {
  serial += 1;
  return {
    ...{ subject: mrn('P1'), localId: `local-${serial}`, encounterLocalId: null, occurredAt: '2026-01-05T00:00:00Z', precision: 'second' },
    ...{ versionAt: null, deleted: false, values: {}, text: null, person: null },
    ...given,
  };
};
export const person = (subject: SourceId, details: Partial<PersonDetails>, more: Partial<Canonical> = {}): Canonical =>
  canonical({ fact: 'person_record', subject, localId: subject.value, person: { ...noDetails, identifiers: [subject], ...details }, ...more });
export const visit = (localId: string, values: Canonical['values'], more: Partial<Canonical> = {}): Canonical =>
  canonical({ fact: 'encounter', localId, encounterLocalId: localId, values, ...more });
