/**
 * Compares everyone again, to be killed: `node relink-child.js DATA KEYS PEOPLE MODE`. `fill` files PEOPLE people, two records each; `relink` throws
 * away what comparing made and begins a round; `go-on` only starts, as a server does. Says `pairs N` of what it found, `at KEY` as the round moves,
 * and at its end one JSON line: every link, pair and key.
 */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createCollect } from '../../server/collect/index.ts';
import { createGovern } from '../../server/govern/index.ts';
import { mrn, person, plainCollect } from '../../server/govern/testing/statements.ts';
import { loadConfig, SimulatedClock, silentLogger } from '../../server/kernel/index.ts';
import { createLake } from '../../server/lake/index.ts';
import { openPlatform } from '../../server/platform/index.ts';

const [dataDir = '', keysDir = '', people = '0', mode = 'go-on'] = process.argv.slice(2);
const MADE = ['match_pair', 'match_key', 'crowded_match_key'];
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
const say = (text: string): void => void writeSync(1, `${text}\n`);

const config = loadConfig({ dataDir, keysDir, logLevel: 'silent', warehouseMemoryMb: 256 }, {});
const platform = await openPlatform(config, { clock: new SimulatedClock(new Date('2026-01-05T01:00:00Z')), log: silentLogger });
const lake = await createLake({ platform });
const doors = await createCollect({ platform, lake });
const govern = await createGovern({ platform, lake, collect: { ...doors, read: (record) => plainCollect.read(record) } });
const { db } = platform;

if (mode === 'fill') await fill(Number(people));
say(`pairs ${(await db.one<{ n: number }>('select count(*) as n from govern.match_pair')).n}`);
if (mode === 'relink') for (const table of MADE) await db.query(`delete from govern.${table}`);
govern.pipeline.start();
if (mode === 'relink') {
  // Begun once it is noted; from then on it is watched like one that goes on.
  void govern.pipeline.relink();
  while ((await position()) === null) await pause(1);
}
if (mode !== 'fill') await watch();
say(JSON.stringify(await everything()));
await govern.pipeline.stop();
await doors.close();
await lake.close();
await platform.close();
process.exit(0);

/** Some join by name, birth date and phone, some are for people to look at, some hold different ids, brothers share a phone. */
async function fill(count: number): Promise<void> {
  const [surnames, given] = ['王李张刘陈杨赵黄周吴', '伟芳娜敏静丽强磊军洋勇艳杰涛明'];
  const facts = Array.from({ length: count }, (_, at) => {
    const name = `${surnames[at % 10]}${given[at % 15]}${given[(at * 7) % 13]}`;
    const birthDate = `19${40 + (at % 59)}-0${1 + (at % 9)}-${10 + (at % 18)}`;
    const phones = [`139${10_000_000 + Math.floor(at / 2) * 37}`];
    const [his, lis] = [mrn(`H${at}`), mrn(`L${at}`, 'LIS')];
    return [
      person(his, { names: [name], birthDate, phones }),
      person(lis, { names: [name], birthDate: at % 5 === 0 ? null : birthDate, phones: at % 3 === 0 ? [] : phones }, { subject: lis }),
    ];
  }).flat();
  const stream = { orgId: config.orgId, campusId: config.campusId, source: 'his', lane: 'bulk' } as const;
  const body = Buffer.from(JSON.stringify({ facts, acts: [], quarantined: [] }));
  await lake.raw.append([{ stream, type: 'fhir', body, meta: { made: 1 }, items: facts.length }]);
  await govern.pipeline.drain();
}

/** The last record compared; null when no round is under way. */
async function position(): Promise<string | null> {
  return (await db.one<{ after: string | null }>('select after from govern.match_round')).after;
}
async function watch(): Promise<void> {
  let last = BEFORE_ALL;
  for (let at = await position(); at !== null; at = await position()) {
    if (at !== last && at !== BEFORE_ALL) say(`at ${at}`);
    last = at;
    await pause(2);
  }
}

async function everything(): Promise<object> {
  return {
    links: await db.query('select record_key, person_id, linked_by from govern.link order by 1'),
    pairs: await db.query('select record_a, record_b, weight, verdict, reason, held from govern.match_pair order by 1, 2'),
    keys: await db.query('select * from govern.match_key order by 1, 2, 3'),
    crowded: await db.query('select * from govern.crowded_match_key order by 1, 2'),
  };
}
