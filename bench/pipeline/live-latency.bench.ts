/**
 * From a message on disk to its facts readable, alone and while a register of new patients is being filed beside it. The limit is the promise
 * of one second; `ratio` is the 95th percentile against it. Also how long the event loop was held, which is what a page feels.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createCollect } from '../../server/collect/index.ts';
import { createGovern } from '../../server/govern/index.ts';
import { watchLag } from '../lake/lag.ts';
import { openStand, say } from '../lake/stand.ts';
import { writeCharges } from './charges.ts';
import { PATIENT_HEADER, patientRow } from './patients.ts';

const MESSAGES = Number(process.env['BENCH_MESSAGES'] ?? 40);
const PATIENTS = Number(process.env['BENCH_ROWS'] ?? 40_000);
const PROMISED_MS = 1000;
const stand = await openStand();
const { platform, lake, folder } = stand;
const collect = await createCollect({ platform, lake });
const govern = await createGovern({ platform, lake, collect });
govern.pipeline.start();

const message = (i: number): Buffer =>
  Buffer.from(
    [
      `MSH|^~\\&|HIS|H1|XL|H1|20260104083000||ADT^A01|L${i}|P|2.5.1||||||UNICODE UTF-8`,
      'EVN|A01|20260104083000',
      `PID|1||L${i}^^^HIS^MR||李^雷||19800101|M`,
      `PV1|1|I|W1^301^01|||||||||||||||||V${i}|||||||||||||||||||||||||20260103090000`,
    ].join('\r'),
  );
let sent = 0;
async function once(): Promise<number> {
  sent += 1;
  const started = performance.now();
  await collect.deliverHl7({ source: 'adt', bytes: message(sent) });
  for (;;) {
    const live = (await lake.raw.streams()).find(({ stream }) => stream.source === 'adt');
    if (live !== undefined && (await lake.cursor(live.stream)) >= live.end) return performance.now() - started;
    await pause(5);
  }
}
async function measure(name: string, isOver: () => boolean): Promise<void> {
  const took: number[] = [];
  const lag = watchLag();
  while (took.length < MESSAGES && !isOver()) {
    took.push(await once());
    await pause(100);
  }
  const longestLagMs = lag();
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  say(name, { messages: took.length, medianMs: at(0.5), p95Ms: at(0.95), ratio: at(0.95) / PROMISED_MS, longestLagMs });
}

await once();
await measure('a live message to facts, alone', () => false);
const csv = join(folder, 'register.csv');
await writeCharges(csv, PATIENTS, patientRow, PATIENT_HEADER);
await collect.ingest({ paths: [csv], source: 'register', mapping: null, by: 'bench' });
let isFiled = false;
const filing = govern.pipeline.drain().then(() => {
  isFiled = true;
});
await measure('a live message to facts, beside a register being filed', () => isFiled);
await filing;
await govern.pipeline.stop();
await collect.close();
await stand.close();
