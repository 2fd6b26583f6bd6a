import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonical, mrn, person, type TestGovern, testGovern, visit } from '../testing.ts';

let t: TestGovern;
beforeEach(async () => {
  t = await testGovern();
});
afterEach(() => t.close());

const count = async (table: string): Promise<number> => (await t.platform.db.one<{ n: number }>(`select count(*) as n from ${table}`)).n;
const signals = (topic: string) => t.signals.filter((each) => each.topic === topic).map((each) => each.payload as unknown as Record<string, unknown>);

describe('a delivery', () => {
  it('becomes facts, a record, a person and sealed details', async () => {
    await t.tell([
      person(mrn('P1'), { names: ['张三'], birthDate: '1970-03-04', sex: 'male', phones: ['13912345670'] }),
      visit('V1', { class: 'outpatient', status: 'in-progress' }),
    ]);
    const [row] = await t.lake.warehouse.query<Record<string, unknown>>('select * from fact_person_record');
    expect(row).toMatchObject({ sex: 'male', birth_month: '1970-03', has_phone: true, has_resident_id: false, source: 'his' });
    const [encounter] = await t.lake.warehouse.query<Record<string, unknown>>('select * from fact_encounter');
    expect(encounter).toMatchObject({ class: 'outpatient', record_key: row?.['record_key'], person_id: row?.['person_id'] });
    expect(await count('govern.vault_record')).toBe(1);
    expect(await count('govern.person')).toBe(1);
  });

  it('said again changes nothing but the count of versions', async () => {
    const same = person(mrn('P1'), { names: ['张三'] });
    await t.tell([same]);
    await t.tell([same]);
    expect(await t.lake.warehouse.query('select count(*) as n from fact_person_record')).toEqual([{ n: 1 }]);
    expect(await count('govern.person')).toBe(1);
  });

  it('that cannot be read is set aside with a reason, and the next one is filed', async () => {
    await t.say([person(mrn('P1'), { names: ['甲'] })]);
    await t.sayBroken();
    await t.tell([person(mrn('P2'), { names: ['乙'] }), canonical({ fact: 'encounter', occurredAt: 'never' })]);
    expect(await count('govern.record')).toBe(2);
    const rows = await t.govern.quarantined('his', null, 10);
    expect(rows.map((row) => row.code).sort()).toEqual(['govern.bad-time', 'govern.unreadable']);
    expect(rows.every((row) => row.reasonZh.length > 5 && row.reasonEn.length > 5)).toBe(true);
    expect((await t.govern.figures()).get('his')).toEqual({ facts: 2, quarantined: 2 });
  });

  it('keeps words about people out of every column', async () => {
    const p = person(mrn('20230001'), { names: ['张三'], phones: ['13912345670'], identifiers: [mrn('20230001')] });
    const about = { subject: mrn('20230001') };
    await t.tell([
      p,
      canonical({ fact: 'charge', ...about, values: { code: { code: '张三', display: '张三', system: null }, payment_type: '13912345670' } }),
      canonical({
        fact: 'observation',
        ...about,
        values: { code: { code: '20230001', display: null, system: null }, value_code: { code: '阳性', display: null, system: null } },
      }),
      canonical({ fact: 'event', ...about, values: { name: 'page_view@1', page: '/p/13912345670', campaign: '春季' } }),
    ]);
    for (const fact of ['charge', 'observation', 'event']) {
      const text = JSON.stringify(await t.lake.warehouse.query(`select * from fact_${fact}`));
      for (const secret of ['张三', '13912345670', '20230001', '阳性', '春季']) expect(text).not.toContain(secret);
    }
    expect(await t.platform.db.query('select column_name, rule from govern.quality_count order by 1, 2')).toEqual([
      { column_name: 'campaign', rule: 'not-a-code' },
      { column_name: 'code', rule: 'identifying' },
      { column_name: 'code', rule: 'identifying' },
      { column_name: 'page', rule: 'not-a-code' },
      { column_name: 'payment_type', rule: 'identifying' },
      { column_name: 'value_code', rule: 'not-a-code' },
    ]);
  });
});

describe('what many deliveries say in one step', () => {
  const P1 = mrn('P1');
  const said = (names: string[], version: number, phones: string[] = []) =>
    person(P1, { names, phones }, { versionAt: `2026-01-0${version}T00:00:00Z`, occurredAt: `2026-01-0${version}T00:00:00Z` });

  it('is one row for each record and visit, counted as often as it was said', async () => {
    for (const version of [3, 1, 2]) {
      await t.say([said(['张三'], version), visit('V1', { status: 'in-progress' }, { versionAt: `2026-01-0${version}T00:00:00Z` })], { lane: 'bulk' });
    }
    await t.govern.pipeline.drain();
    for (const fact of ['person_record', 'encounter']) {
      const rows = await t.lake.warehouse.query<{ version: number; position: number }>(`select version, position from fact_${fact}_history`);
      expect(rows).toEqual([{ version: Date.parse('2026-01-03T00:00:00Z') * 1000, position: 3 }]);
    }
    expect((await t.govern.figures()).get('his')).toEqual({ facts: 6, quarantined: 0 });
  });

  it('is merged by version, however the words go back and forth', async () => {
    const words = [said(['甲'], 1), said(['乙'], 4, ['13912345670']), said(['甲'], 2), said(['甲'], 3), said(['丙'], 2)];
    for (const each of words) await t.say([each], { lane: 'bulk' });
    await t.govern.pipeline.drain();
    const together = await t.lake.warehouse.query('select version, position, has_phone from fact_person_record');
    expect(together).toEqual([{ version: Date.parse('2026-01-04T00:00:00Z') * 1000, position: 5, has_phone: true }]);
  });

  it('is decided again when a live message about the same record came between', async () => {
    const begin = t.lake.beginFacts.bind(t.lake);
    let isFirst = true;
    // The bulk chunk's rows are closed once it is decided; the live message is filed at that moment, before the chunk takes the pen.
    t.lake.beginFacts = () => {
      const batch = begin();
      const close = batch.close.bind(batch);
      batch.close = async () => {
        if (isFirst) {
          isFirst = false;
          await t.say([said(['张三'], 4, ['13912345670'])], { lane: 'live' });
          while ((await t.platform.db.one<{ n: number }>('select count(*) as n from govern.vault_record')).n === 0) await new Promise(setImmediate);
        }
        return await close();
      };
      return batch;
    };
    await t.say([said(['张三'], 1), visit('V1', { status: 'in-progress' })], { lane: 'bulk' });
    await t.govern.pipeline.drain();
    expect(await t.lake.warehouse.query('select version, position, has_phone from fact_person_record')).toEqual([
      { version: Date.parse('2026-01-04T00:00:00Z') * 1000, position: 2, has_phone: true },
    ]);
  });
});

describe('a visit', () => {
  const discharge = (version: string, ended: string) =>
    visit(
      'V1',
      { status: 'finished', class: 'inpatient', department_code: { code: 'GS', display: '普外科', system: null }, ended_at: ended },
      { versionAt: version, occurredAt: ended },
    );

  it('that ends is news once, with the surgery known before', async () => {
    await t.platform.db.tx((tx) => t.govern.dimensions.upsert(tx, [{ dimension: 'department', code: 'GS', nameZh: '普外科', nameEn: null, parentCode: null }]));
    await t.tell([
      canonical({
        ...{ fact: 'procedure', encounterLocalId: 'V1', occurredAt: '2026-01-02T00:00:00Z' },
        values: {
          code: { code: '51.2300', display: '胆囊切除', system: 'ICD-9-CM-3' },
          category: 'surgery',
          started_at: '2026-01-02T02:00:00Z',
          status: 'finished',
        },
      }),
    ]);
    await t.tell([discharge('2026-01-04T00:00:00Z', '2026-01-04T00:00:00Z')]);
    await t.tell([discharge('2026-01-04T01:00:00Z', '2026-01-04T00:00:00Z')]);
    const found = signals('encounter.discharged');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ encounterClass: 'inpatient', departmentCode: 'GS', surgeryCode: '51.2300', surgeryDay: '2026-01-02' });
  });

  it('taken back is reopened', async () => {
    await t.tell([discharge('2026-01-04T00:00:00Z', '2026-01-04T00:00:00Z')]);
    await t.tell([visit('V1', { status: 'in-progress', ended_at: null }, { versionAt: '2026-01-04T02:00:00Z' })]);
    expect(signals('encounter.reopened')).toHaveLength(1);
    expect(await t.lake.warehouse.query('select status, ended_at from fact_encounter')).toEqual([{ status: 'in-progress', ended_at: null }]);
  });

  it('that ended long ago is history', async () => {
    await t.tell([discharge('2025-12-01T00:00:00Z', '2025-12-01T00:00:00Z')], { lane: 'bulk' });
    expect(signals('encounter.discharged')).toHaveLength(0);
  });

  it('moved to another patient takes its facts along', async () => {
    const about = { encounterLocalId: 'V1', subject: mrn('P1') };
    await t.tell([visit('V1', { status: 'in-progress', class: 'outpatient' }), canonical({ fact: 'charge', ...about, values: { amount_fen: 100 } })]);
    await t.tell([], { acts: [{ act: 'move-encounter', encounterLocalId: 'V1', to: mrn('P2'), occurredAt: '2026-01-05T00:30:00Z' }] });
    await t.tell([canonical({ fact: 'charge', ...about, values: { amount_fen: 200 } })]);
    const people = await t.platform.db.query<{ record_key: string; is_target: boolean }>(
      'select l.record_key, l.record_key in (select record_key from govern.encounter_move) as is_target from govern.link l',
    );
    const target = people.find((row) => row.is_target)?.record_key;
    for (const fact of ['encounter', 'charge']) {
      const rows = await t.lake.warehouse.query<{ record_key: string }>(`select record_key from fact_${fact}`);
      expect(rows.length).toBe(fact === 'charge' ? 2 : 1);
      expect(rows.every((row) => row.record_key === target)).toBe(true);
    }
  });
});

describe('answers and complaints', () => {
  const answers = (occurredAt: string) =>
    ['q1', 'q2'].map((question, i) =>
      canonical({
        ...{ fact: 'survey_answer', localId: `A1/${question}`, occurredAt, text: i === 0 ? '等了太久' : null },
        values: { survey: 'outpatient@1', invitation_key: 'A1', mode: 'sms', question, score: i + 1, score_max: 5, is_overall: i === 1 },
      }),
    );
  it('are news as one, from the live lane', async () => {
    await t.tell(answers('2026-01-05T00:00:00Z'));
    const [signal] = signals('survey.answered');
    expect(signal).toMatchObject({ scores: { q1: 1, q2: 2 }, overall: 2, survey: 'outpatient@1' });
    expect(signal?.['textId']).not.toBeNull();
  });
  it('are news from a file, too', async () => {
    await t.tell(answers('2026-01-03T00:00:00Z'), { lane: 'bulk' });
    expect(signals('survey.answered')).toHaveLength(1);
  });
  it('are history when they are older than a week', async () => {
    await t.tell(answers('2025-12-28T00:00:00Z'), { lane: 'bulk' });
    await t.tell(answers('2025-12-01T00:00:00Z'));
    expect(signals('survey.answered')).toHaveLength(0);
  });
  it('a complaint corrected is not another one', async () => {
    const complaint = (severity: string) => canonical({ fact: 'complaint', localId: 'C1', values: { kind: 'complaint', severity }, text: '态度差' });
    await t.tell([complaint('low')]);
    await t.tell([complaint('high')]);
    expect(signals('complaint.received')).toHaveLength(1);
  });
});

describe('a rebuild', () => {
  it('makes the same facts and links, and no news', async () => {
    const id = { type: 'resident-id', system: 'CN', value: '11010519491231002X' } as const;
    await t.tell([person(mrn('P1'), { names: ['张三'], identifiers: [mrn('P1'), id] }), visit('V1', { status: 'in-progress', class: 'inpatient' })]);
    await t.tell([person(mrn('L1', 'LIS'), { names: ['张三'], identifiers: [mrn('L1', 'LIS'), id] }, { subject: mrn('L1', 'LIS') })], {
      source: 'lis',
      lane: 'bulk',
    });
    await t.tell([
      visit('V1', { status: 'finished', ended_at: '2026-01-04T00:00:00Z' }),
      canonical({ fact: 'complaint', values: { kind: 'complaint' }, text: '好' }),
    ]);
    const snapshot = async () => ({
      facts: await Promise.all(
        // A step files one row for each record and visit, and a rebuild takes larger steps: what counts must agree, not what it was in between.
        ['person_record', 'encounter', 'complaint'].map((fact) => t.lake.warehouse.query(`select * from fact_${fact} order by fact_key`)),
      ),
      links: await t.platform.db.query('select record_key, person_id, linked_by from govern.link order by 1'),
      vault: await t.platform.db.query('select record_key, revision, birth_month from govern.vault_record order by 1'),
      identifiers: await t.platform.db.query('select * from govern.record_identifier order by 1, 2, 3'),
      figures: [...(await t.govern.figures())],
      signals: await t.platform.db.query('select topic, key from platform.signal order by 1, 2'),
    });
    const before = await snapshot();
    expect(before.links).toHaveLength(2);
    const progress: number[] = [];
    const result = await t.govern.pipeline.rebuild((done) => progress.push(done));
    expect(result).toEqual({ records: 3, facts: 5 });
    expect(await snapshot()).toEqual(before);
    await t.tell([visit('V1', { status: 'in-progress', ended_at: null })]);
    expect(signals('encounter.reopened')).toHaveLength(1);
  });
});
