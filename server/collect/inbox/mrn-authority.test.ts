import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenCollect, openCollect } from '../testing/open-collect.ts';

let t: OpenCollect;
beforeEach(async () => {
  t = await openCollect();
});
afterEach(() => t.close());

const HEADER = '收费流水号,病案号,收费时间,项目代码,项目名称,数量,金额';
const register = (source: string, mrnAuthority: string | null) =>
  t.collect.registerSource({ source, nameZh: source, nameEn: null, owner: null, campusId: null, mrnAuthority }, 'test');
const systems = async (source: string) => {
  const found = new Set<string>();
  for (const record of (await t.stored()).filter((each) => each.stream.source === source)) {
    const { facts } = await t.collect.read(record);
    for (const fact of facts) for (const id of [fact.subject, ...(fact.person?.identifiers ?? [])]) if (id?.type === 'mrn') found.add(id.system);
  }
  return [...found];
};
const ingest = async (source: string, amount: string) => {
  const path = t.file(`${source}.csv`, `${HEADER}\nF1,P1,2026-01-04 10:00:00,A1,诊查费,1,${amount}\n`);
  return await t.collect.ingest({ paths: [path], source, mapping: null, by: 'test' });
};

describe('record numbers of an export', () => {
  it("are the HIS's unless the source says whose they are", async () => {
    await register('dental', 'DENTAL');
    expect((await ingest('charges', '10')).rejections).toEqual([]);
    expect((await ingest('dental', '20')).rejections).toEqual([]);
    expect([await systems('charges'), await systems('dental')]).toEqual([['HIS'], ['DENTAL']]);
  });

  it('read as they were taken in, whatever the setting is later', async () => {
    await register('dental', 'DENTAL');
    await ingest('dental', '10');
    await register('dental', null);
    expect(await systems('dental')).toEqual(['DENTAL']);
  });

  it('in events of a key that may identify follow the setting, too', async () => {
    await register('app', 'CARD');
    const key = await t.collect.writeKey(await t.collect.addWriteKey('app', { mayIdentify: true }));
    if (key === null) throw new Error('the key is there');
    await t.collect.deliverEvents(key, { events: [{ type: 'identify', userId: 'u1', traits: { mrn: '7' } }], sentAt: undefined, context: undefined });
    expect(await systems('app')).toEqual(['CARD']);
  });
});
