/**
 * A hospital's months through every door: from the files its systems hand over to facts in the manifest, against the promised 25,000 facts a
 * second (`ratio`). First door by door – what the door alone costs, what filing alone costs –, then all together as a server does it: filing
 * while more arrives. `BENCH_PATIENTS` and `BENCH_MONTHS` set the size; the newest `BENCH_LIVE_MONTHS` leave by the interfaces, the older ones as
 * the tables a hospital hands over when it starts (`… history`). Making the files is not measured. CPU of PostgreSQL is counted apart; `slowness`
 * says how busy the machine was otherwise (1: at rest).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCollect } from '../../server/collect/index.ts';
import { createGovern } from '../../server/govern/index.ts';
import { loadDemo, type Part } from '../../simulator/index.ts';
import { openStand, type Stand, say, seconds } from '../lake/stand.ts';
import { watchPace } from './pace.ts';
import { mainThreadSeconds, processTree } from './process-tree.ts';

const PROMISED_PER_SECOND = 25_000;
const PATIENTS = Number(process.env['BENCH_PATIENTS'] ?? 1_000);
const MONTHS = Number(process.env['BENCH_MONTHS'] ?? 24);
/** How real hospitals start: months of messages beside years of exports. */
const LIVE_MONTHS = Math.min(MONTHS, Number(process.env['BENCH_LIVE_MONTHS'] ?? 3));
const MODE = process.env['BENCH_MODE'] ?? 'doors,together';
const KEY = { source: 'web', campusId: 'main', mayIdentify: true };

interface Stored extends Omit<Part, 'body'> {
  readonly path: string;
}
/** Held on disk, so that memory measured is the loader's. */
async function makeParts(folder: string): Promise<Stored[]> {
  const stored: Stored[] = [];
  mkdirSync(folder, { recursive: true });
  for await (const { body, ...part } of loadDemo({ patients: PATIENTS, months: MONTHS, seed: 'load', end: '2026-11-20', liveMonths: LIVE_MONTHS })) {
    if (part.folder !== 'deliver' && part.folder !== 'history' && part.folder !== 'events') continue;
    const path = join(folder, `${stored.length}-${part.fileName}`);
    writeFileSync(path, body);
    stored.push({ ...part, path });
  }
  return stored;
}

interface Rooms {
  readonly collect: Awaited<ReturnType<typeof createCollect>>;
  readonly govern: Awaited<ReturnType<typeof createGovern>>;
}
async function openRooms({ platform, lake }: Stand): Promise<Rooms> {
  const collect = await createCollect({ platform, lake });
  await collect.registerSource({ source: KEY.source, nameZh: '网站', nameEn: null, owner: null, campusId: null }, 'bench');
  return { collect, govern: await createGovern({ platform, lake, collect }) };
}

async function deliver({ collect }: Rooms, part: Stored): Promise<void> {
  const body = readFileSync(part.path);
  if (part.kind === 'events') {
    const { batch } = JSON.parse(body.toString('utf8')) as { batch: unknown[] };
    await collect.deliverEvents(KEY, { events: batch, sentAt: undefined, context: undefined });
    return;
  }
  async function* bytes() {
    for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
  }
  await collect.ingestStream({ name: part.fileName, bytes: bytes(), source: part.source, mapping: null, by: 'bench' });
}

const doorOf = (part: Stored): string => (part.folder === 'history' ? `${part.source} history` : part.source);

const factRows = async ({ platform }: Stand): Promise<number> =>
  (await platform.db.one<{ rows: number }>('select coalesce(sum(facts), 0)::bigint as rows from govern.source_figure')).rows;

/** Largest resident memory of this process while it worked. */
async function watched<T>(work: () => Promise<T>): Promise<{ result: T; peakMb: number }> {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 50);
  look();
  try {
    return { result: await work(), peakMb: peak / 2 ** 20 };
  } finally {
    clearInterval(timer);
  }
}

async function byDoor(parts: readonly Stored[], stand: Stand): Promise<void> {
  const rooms = await openRooms(stand);
  const total = { facts: 0, seconds: 0 };
  const pace = watchPace();
  for (const name of new Set(parts.map(doorOf))) {
    const own = parts.filter((part) => doorOf(part) === name);
    const before = await factRows(stand);
    const database = processTree(stand.platform.config.dataDir);
    const door = await seconds(async () => {
      for (const part of own) await deliver(rooms, part);
    });
    const main = mainThreadSeconds();
    const ours = process.cpuUsage();
    const theirs = database.cpuSeconds();
    const { result: filing, peakMb } = await watched(() => seconds(() => rooms.govern.pipeline.drain()));
    const used = process.cpuUsage(ours);
    const facts = (await factRows(stand)) - before;
    total.facts += facts;
    total.seconds += door + filing;
    say(name, {
      ...{ facts, doorSeconds: door, filingSeconds: filing, filedPerSecond: facts / filing, perSecond: facts / (door + filing) },
      ...{
        filingCpuSeconds: (used.user + used.system) / 1e6,
        mainThreadSeconds: mainThreadSeconds() - main,
        databaseCpuSeconds: database.cpuSeconds() - theirs,
        peakMb,
      },
      ratio: facts / (door + filing) / PROMISED_PER_SECOND,
    });
  }
  const perSecond = total.facts / total.seconds;
  say('door by door', { facts: total.facts, seconds: total.seconds, slowness: pace.end(), perSecond, ratio: perSecond / PROMISED_PER_SECOND });
  await rooms.govern.pipeline.stop();
  await rooms.collect.close();
}

async function together(parts: readonly Stored[], stand: Stand): Promise<void> {
  const rooms = await openRooms(stand);
  const database = processTree(stand.platform.config.dataDir);
  rooms.govern.pipeline.start();
  const pace = watchPace();
  let delivered = 0;
  const main = mainThreadSeconds();
  const ours = process.cpuUsage();
  const { result: whole, peakMb } = await watched(() =>
    seconds(async () => {
      delivered = await seconds(async () => {
        for (const part of parts) await deliver(rooms, part);
      });
      await rooms.govern.pipeline.drain();
    }),
  );
  const used = process.cpuUsage(ours);
  const facts = await factRows(stand);
  say('all doors, filing while more arrives', {
    ...{ facts, seconds: whole, deliveredAfter: delivered, perSecond: facts / whole, ratio: facts / whole / PROMISED_PER_SECOND },
    ...{ cpuSeconds: (used.user + used.system) / 1e6, mainThreadSeconds: mainThreadSeconds() - main },
    ...{ databaseCpuSeconds: database.cpuSeconds(), peakMb, slowness: pace.end() },
  });
  await rooms.govern.pipeline.stop();
  await rooms.collect.close();
}

for (const [mode, work] of [
  ['doors', byDoor],
  ['together', together],
] as const) {
  if (!MODE.includes(mode)) continue;
  const stand = await openStand();
  try {
    await work(await makeParts(join(stand.folder, 'parts')), stand);
  } finally {
    await stand.close();
  }
}
