/**
 * Deliveries of 1 kB until they are acknowledged, against bare appends and syncs of the same bytes on the same disk in the same run.
 * Ours also hashes, looks the content up in PostgreSQL, deflates, encrypts and indexes. "Many" shares one sync among all who wait, in both.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawDelivery } from '@xinglin/contracts';
import { openStand, say, seconds } from './stand.ts';

const ONE = Number(process.env['BENCH_ONE'] ?? 1000);
const MANY = Number(process.env['BENCH_MANY'] ?? 20_000);
const PRODUCERS = 64;

const stand = await openStand();
let made = 0;
/** HL7-like text with numbers of its own, so that it deflates as messages do. */
function body(): Buffer {
  made += 1;
  let text = `MSH|^~\\&|HIS|XL|XINGLIN|XL|20260105||ORU^R01|${made}|P|2.4\r`;
  for (let i = 1; text.length < 1000; i++) text += `OBX|${i}|NM|GLU^glucose||${(made * 7919 + i * 104_729) % 9973}|mmol/L|3.9-6.1|N|||F\r`;
  return Buffer.from(text.slice(0, 1000));
}
const delivery = (): RawDelivery => ({
  stream: { orgId: 'bench', campusId: 'main', source: 'his', lane: 'live' },
  type: 'hl7v2',
  meta: {},
  items: 1,
  body: body(),
});

/** Write and sync, one after another. */
async function bareOne(file: FileHandle, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await file.write(body());
    await file.datasync();
  }
}

/** The least a group commit can do: everything that waits is written and synced together. */
async function bareMany(file: FileHandle, count: number): Promise<void> {
  let waiting: { bytes: Buffer; done: () => void }[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await file.write(Buffer.concat(group.map((each) => each.bytes)));
      await file.datasync();
      for (const each of group) each.done();
    }
    isRunning = false;
  };
  const send = (): Promise<void> =>
    new Promise((done) => {
      waiting.push({ bytes: body(), done });
      void run();
    });
  await produce(count, send);
}

async function produce(count: number, send: () => Promise<unknown>): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: PRODUCERS }, async () => {
      while (left-- > 0) await send();
    }),
  );
}

const file = await open(join(stand.folder, 'bare'), 'w');
await bareOne(file, 100);
for (let i = 0; i < 100; i++) await stand.lake.raw.append([delivery()]);

const bare1 = ONE / (await seconds(() => bareOne(file, ONE)));
const ours1 =
  ONE /
  (await seconds(async () => {
    for (let i = 0; i < ONE; i++) await stand.lake.raw.append([delivery()]);
  }));
say('durable accept, 1 kB, one producer', { perSecond: ours1, barePerSecond: bare1, ratio: ours1 / bare1 });

const bare64 = MANY / (await seconds(() => bareMany(file, MANY)));
const ours64 = MANY / (await seconds(() => produce(MANY, () => stand.lake.raw.append([delivery()]))));
say(`durable accept, 1 kB, ${PRODUCERS} producers`, { perSecond: ours64, barePerSecond: bare64, ratio: ours64 / bare64 });

const batches = Math.ceil(MANY / 1000);
const batched =
  (batches * 1000) /
  (await seconds(async () => {
    for (let i = 0; i < batches; i++) await stand.lake.raw.append(Array.from({ length: 1000 }, delivery));
  }));
say('durable accept, 1 kB, batches of 1000', { perSecond: batched, barePerSecond: bare64, ratio: batched / bare64 });

await file.close();
await stand.close();
