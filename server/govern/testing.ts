/** For tests: govern on a real database and a real lake, fed with statements given directly (`collect` has its own tests). */
import type { Canonical, CanonicalAct, Lane, Reading, SignalPayloads, Topic } from '@xinglin/contracts';
import type { SimulatedClock } from '../kernel/index.ts';
import { createLake, type Lake } from '../lake/index.ts';
import type { Platform } from '../platform/index.ts';
import { type TestPlatformOptions, testPlatform } from '../platform/testing.ts';
import { createGovern } from './govern.ts';
import { plainCollect } from './testing/statements.ts';
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

export async function testGovern(options: TestPlatformOptions = {}): Promise<TestGovern> {
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

export { canonical, mrn, noDetails, person, plainCollect, visit } from './testing/statements.ts';
