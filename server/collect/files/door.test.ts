import type { Canonical } from '@xinglin/contracts';
import { describe, expect, it } from 'vitest';
import type { DoorItem } from '../inbox/item.ts';
import { factsOf, gb18030, recordOf } from '../testing/messages.ts';
import { CsvDoor } from './door.ts';
import { type Mapping, readMapping } from './mapping.ts';
import { SHIPPED, shippedByName } from './mappings/index.ts';
import { readCsv } from './read.ts';

type Delivery = DoorItem & { kind: 'delivery' };
const take = (bytes: Uint8Array | string, mappings: readonly Mapping[] = SHIPPED, isChosen = false): { door: CsvDoor; items: DoorItem[] } => {
  const door = new CsvDoor(mappings, isChosen, 'csv');
  const items = [...door.push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes), ...door.end()];
  return { door, items };
};
const deliveries = (items: readonly DoorItem[]): Delivery[] => items.filter((each): each is Delivery => each.kind === 'delivery');
const refusals = (items: readonly DoorItem[]) => items.filter((each) => each.kind === 'refused');
const read = (items: readonly DoorItem[]): Canonical[] =>
  deliveries(items).flatMap((each) => {
    const mapping = shippedByName.get(String(each.meta['mapping'])) ?? SHIPPED[0];
    const reading = readCsv(recordOf('csv', each.body, each.meta, 'csv'), mapping as Mapping);
    if (reading.quarantined.length > 0) throw new Error(reading.quarantined[0]?.reason);
    return reading.facts;
  });

const BOOKING = '预约号,病案号,患者姓名,证件号码,手机号,科室代码,科室名称,医生工号,预约渠道,预约状态,预约时间,就诊时段,报到时间,叫号时间,就诊流水号';
const SURVEY = '答卷编号,问卷名称,调查方式,病案号,患者姓名,手机号,就诊流水号,科室代码,科室名称,医生工号,题目编号,题目,得分,满分,是否总体评价,意见建议,提交时间';
const COMPLAINT = '登记编号,类型,渠道,病案号,患者姓名,联系电话,科室代码,科室名称,被反映人工号,主题,严重程度,班次,内容,受理时间,办结时间';
const REVIEW = '评价编号,平台,类型,作者昵称,科室代码,科室名称,医生工号,评分,情感倾向,提及量,是否自有投放,内容,发布时间';
const OUTPATIENT = '门诊号,病案号,姓名,性别,出生日期,身份证号,联系电话,科室代码,科室名称,医生工号,就诊时间,就诊类别,就诊状态,诊断编码,诊断名称';

describe('exports are recognised by their header', () => {
  it.each([
    ['bookings@1', BOOKING],
    ['survey-answers@1', SURVEY],
    ['complaints@1', COMPLAINT],
    ['reviews@1', REVIEW],
    ['outpatient-register@1', OUTPATIENT],
    ['inpatient-register@1', '住院号,病案号,姓名,科室代码,科室名称,病区代码,病区名称,入院时间,出院时间,离院方式,主要诊断编码,主要诊断,主要手术编码,主要手术'],
    ['charges@1', '费用流水号,病案号,就诊流水号,收费时间,项目编码,项目名称,费用类别,数量,单价,金额'],
    ['lab-results@1', '标本号,病案号,就诊流水号,项目编码,项目名称,结果数值,单位,参考下限,参考上限,异常标志,报告时间,结果描述'],
    ['diagnoses@1', '就诊流水号,病案号,诊断编码,诊断名称,诊断次序,诊断时间'],
    ['procedures@1', '手术流水号,病案号,就诊流水号,手术编码,手术名称,类别,手术开始时间,手术结束时间'],
    ['medications@1', '处方号,病案号,就诊流水号,药品编码,药品名称,剂量,剂量单位,开立时间'],
    ['survey-sheets@1', '答卷编号,问卷名称,病案号,就诊流水号,科室代码,总体满意度,医生服务,等候时间,意见建议,提交时间'],
    ['web-events@1', '事件编号,发生时间,事件名称,用户账号,访客编号,页面'],
    ['patient-register@1', '病案号,姓名,性别,出生日期,身份证号,手机号,地址,建档时间'],
  ])('%s', (name, header) => {
    const { door, items } = take(`${header}\n`);
    expect([door.mapping, refusals(items)]).toEqual([name, []]);
    expect(
      take(
        gb18030(
          `${header
            .split(',')
            .map((each) => `"${each}"`)
            .join('\t')}\r\n`,
        ),
      ).door.mapping,
    ).toBe(name);
  });

  it('a wrong column is named, with what would be right', () => {
    const [refused] = refusals(take(`${OUTPATIENT.replace('科室代码', '科室号码').replace('就诊时间', '就诊时刻')}\n1\n2\n`).items);
    expect(refused).toMatchObject({ line: 1, code: 'collect.csv-header' });
    expect(refused?.reasonZh).toMatch(/门诊登记.*就诊时间.*科室代码?.*科室号码.*就诊时刻|门诊登记.*缺少列.*就诊时间/s);
    expect(refusals(take(`${OUTPATIENT},心情\n`).items)[0]?.reason).toContain('心情');
  });

  it('a first line that may be data is not quoted', () => {
    const [refused, ...more] = refusals(take('1001,张三,男,13800000001\n1002,李四,女,13900000001\n').items);
    expect(more).toEqual([]);
    expect(refused).toMatchObject({ code: 'collect.csv-no-header' });
    expect(JSON.stringify(refused)).not.toMatch(/张三|1380000/);
  });

  it('a column named twice is refused', () => {
    expect(refusals(take(`${OUTPATIENT},姓名\n`).items)[0]).toMatchObject({ code: 'collect.csv-repeated-column', reason: expect.stringContaining('16') });
  });
});

describe('rows', () => {
  const row = 'M1,P1,张三,男,1999-01-10,440308199901101512,13800000001,CARD,心内科,D001,2025-03-01 08:30:00,门诊,已就诊,I10.x00,高血压';
  const rows = (...lines: string[]) => take(`${OUTPATIENT}\n${lines.join('\n')}\n`).items;

  it('give a visit and the person it registers', () => {
    const [person, visit] = read(rows(row));
    expect(person).toMatchObject({
      fact: 'person_record',
      subject: { type: 'mrn', system: 'HIS', value: 'P1' },
      person: {
        names: ['张三'],
        sex: 'male',
        birthDate: '1999-01-10',
        identifiers: [{ type: 'mrn' }, { type: 'resident-id', value: '440308199901101512' }],
        phones: ['13800000001'],
      },
    });
    expect(visit).toMatchObject({
      fact: 'encounter',
      localId: 'M1',
      encounterLocalId: 'M1',
      occurredAt: '2025-03-01T00:30:00.000Z',
      precision: 'second',
      values: {
        class: 'outpatient',
        status: 'finished',
        department_code: { code: 'CARD', display: '心内科' },
        disease_code: { code: 'I10.x00', display: '高血压', system: 'ICD-10' },
      },
    });
  });

  it('bad ones are refused one by one, with line and reason, and never quoted', () => {
    const bad = [
      row.replace(',D001', ''),
      row.replace('2025-03-01 08:30:00', '三月一日'),
      row.replace('M1,', ','),
      row.replace('P1,', ','),
      row.replace('440308199901101512', '4.40308E+17'),
      row.replace('1999-01-10', '1999-13-40'),
    ];
    const items = rows(row, ...bad, row.replace('M1', 'M2'));
    expect(refusals(items).map((each) => [each.line, each.code])).toEqual([
      [3, 'collect.csv-columns'],
      [4, 'collect.csv-time'],
      [5, 'collect.csv-required'],
      [6, 'collect.csv-required'],
      [7, 'collect.csv-scientific'],
      [8, 'collect.csv-time'],
    ]);
    expect(refusals(items)[1]?.reasonZh).toContain('就诊时间');
    expect(JSON.stringify(refusals(items))).not.toMatch(/三月一日|4\.40308|张三/);
    expect(deliveries(items).map((each) => each.items)).toEqual([2]);
    expect(
      read(items)
        .filter((each) => each.fact === 'encounter')
        .map((each) => each.localId),
    ).toEqual(['M1', 'M2']);
  });

  it('ids stay text, however the spreadsheet wrapped them', () => {
    const ids = ['="0012"', "'0012", '0012\t', ' 0012 ', '"=""0012"""'];
    expect(ids.map((id) => read(rows(row.replace('P1', id)))[0]?.subject?.value)).toEqual(ids.map(() => '0012'));
  });

  it('bytes in another encoding are refused by row', () => {
    const items = take(Buffer.concat([Buffer.from(`${OUTPATIENT}\n${row}\n`), gb18030(`${row.replace('M1', 'M2')}\n`)])).items;
    expect(refusals(items)).toMatchObject([{ line: 3, code: 'collect.encoding' }]);
    expect(deliveries(items)[0]?.items).toBe(1);
  });

  it('a quote opened by mistake does not take good rows with it', () => {
    const items = rows(
      row,
      row.replace('张三', '"张三'),
      row.replace('M1', 'M3'),
      row.replace('M1', 'M4').replace('高血压', '"高血压"'),
      row.replace('M1', 'M5'),
    );
    expect(
      read(items)
        .filter((each) => each.fact === 'encounter')
        .map((each) => each.localId),
    ).toEqual(['M1', 'M3', 'M4', 'M5']);
    expect(refusals(items)).toHaveLength(1);
  });

  it('times as spreadsheets write them', () => {
    const at = (text: string): string | undefined => read(rows(row.replace('2025-03-01 08:30:00', text)))[1]?.occurredAt;
    expect(['2025/3/1 8:30', '2025年3月1日 8时30分', '20250301083000', '45717.3541666667', '2025-03-01T00:30:00Z', '2025.03.01'].map(at)).toEqual([
      '2025-03-01T00:30:00.000Z',
      '2025-03-01T00:30:00.000Z',
      '2025-03-01T00:30:00.000Z',
      '2025-03-01T00:30:00.000Z',
      '2025-03-01T00:30:00.000Z',
      '2025-02-28T16:00:00.000Z',
    ]);
  });
});

describe('the voice of the patient', () => {
  it('a survey export is one answer a row; the words belong to their row', () => {
    const facts = read(
      take(
        `${SURVEY}\nQ1,outpatient@1,微信,P1,张三,138,V1,CARD,心内科,D001,doctor,医生态度,2,5,否,,2025-03-01 10:00:00\nQ1,outpatient@1,微信,P1,张三,138,V1,CARD,心内科,D001,overall,总体满意度,2,5,是,等太久,2025-03-01 10:00:00\nQ2,outpatient@1,短信,,,,,CARD,心内科,,overall,总体满意度,5,5,是,,2025-03-01 11:00:00\n`,
      ).items,
    );
    const answers = facts.filter((each) => each.fact === 'survey_answer');
    expect(
      answers.map((each) => [each.localId, each.subject?.value, each.encounterLocalId, each.values['score'], each.values['is_overall'], each.text]),
    ).toEqual([
      ['Q1|doctor', 'P1', 'V1', 2, false, null],
      ['Q1|overall', 'P1', 'V1', 2, true, '等太久'],
      ['Q2|overall', undefined, null, 5, true, null],
    ]);
    expect(answers[0]?.values).toMatchObject({ survey: 'outpatient@1', invitation_key: 'Q1', mode: 'wechat', score_max: 5 });
    expect(factsOf({ facts, acts: [], quarantined: [] }, 'person_record').map((each) => [each.subject?.value, each.versionAt])).toEqual([
      ['P1', '1970-01-01T00:00:00.000Z'],
    ]);
  });

  it('a sheet with a column for each question is one answer a question', () => {
    const facts = read(
      take('答卷编号,问卷名称,病案号,科室代码,总体满意度,医生服务,等候时间,意见建议,提交时间\nQ1,门诊问卷,P1,CARD,3,4,,人多,2025-03-01\n').items,
    );
    expect(
      facts.filter((each) => each.fact === 'survey_answer').map((each) => [each.localId, each.values['question'], each.values['score'], each.text]),
    ).toEqual([
      ['Q1|overall', 'overall', 3, '人多'],
      ['Q1|doctor', 'doctor', 4, null],
    ]);
  });

  it('complaints and praise, in GB18030; a caller without a number of ours is known by the phone', () => {
    const facts = read(
      take(
        gb18030(
          `${COMPLAINT}\nT1,投诉,12345,,,13800000001,CARD,心内科,N007,候诊时间,严重,夜班,"等了三小时，\n没人管",2025-03-01 23:10:00,\nT2,表扬,窗口,P2,李四,,CARD,心内科,D001,医生态度,一般,白班,很好,2025-03-02 09:00:00,2025-03-02 10:00:00\n`,
        ),
      ).items,
    ).filter((each) => each.fact === 'complaint');
    expect(facts).toMatchObject([
      {
        subject: { type: 'other', system: 'phone', value: '13800000001' },
        text: '等了三小时，\n没人管',
        values: { kind: 'complaint', channel: '12345', topic: 'waiting', severity: 'high', shift: 'night', closed_at: null, staff_code: { code: 'N007' } },
      },
      { subject: { type: 'mrn', value: 'P2' }, values: { kind: 'praise', channel: 'window', closed_at: '2025-03-02T02:00:00.000Z' } },
    ]);
  });

  it('reviews are about nobody; nicknames are not read', () => {
    const facts = read(take(`${REVIEW}\nW1,大众点评,评价,小王,CARD,心内科,,2,负面,1,否,排队太久,2025-03-01 20:00:00\n`).items);
    expect(facts).toMatchObject([
      {
        subject: null,
        person: null,
        text: '排队太久',
        values: { platform: 'dianping', kind: 'review', rating: 2, sentiment: 'negative', mentions: 1, is_paid: false },
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain('小王');
  });

  it('bookings carry their life: booked, arrived, called', () => {
    const [booking] = read(
      take(
        `\ufeff${BOOKING}\nB1,P1,张三,E12345678,138,CARD,心内科,D001,微信,已就诊,2025-02-27 10:00:00,2025-03-01 08:30:00,2025-03-01 08:20:00,2025-03-01 08:50:00,V1\n`,
      ).items,
    ).filter((each) => each.fact === 'appointment');
    expect(booking).toMatchObject({
      localId: 'B1',
      encounterLocalId: 'V1',
      occurredAt: '2025-03-01T00:30:00.000Z',
      values: {
        status: 'fulfilled',
        channel: 'wechat',
        booked_at: '2025-02-27T02:00:00.000Z',
        arrived_at: '2025-03-01T00:20:00.000Z',
        called_at: '2025-03-01T00:50:00.000Z',
      },
    });
  });
});

describe('chunks', () => {
  const header = '费用流水号,病案号,就诊流水号,收费时间,项目编码,项目名称,费用类别,数量,单价,金额';
  const line = (n: number): string => `F${n},P${n % 97},V${n % 300},2025-03-01 08:30:00,I${n % 40},项目${n % 40},西药费,1,${n}.5,${n}.50`;
  const file = (numbers: readonly number[]): string => `${header}\n${numbers.map(line).join('\n')}\n`;
  const numbers = Array.from({ length: 12_000 }, (_, n) => n);
  const bodies = (text: string): string[] => deliveries(take(text).items).map((each) => Buffer.from(each.body).toString());

  it('hold the header and whole rows, at most 2,000, and all of them', () => {
    const found = deliveries(take(file(numbers)).items);
    expect(found.every((each) => each.items <= 2000 && Buffer.from(each.body).toString().startsWith(`${header}\n`))).toBe(true);
    expect(found.reduce((sum, each) => sum + each.items, 0)).toBe(numbers.length);
    expect(read(take(file(numbers)).items)).toHaveLength(numbers.length);
  });

  it('an edited file differs only around the edit', () => {
    const before = new Set(bodies(file(numbers)));
    const edited = bodies(file(numbers.toSpliced(6000, 1, 99_001, 99_002)));
    expect(edited.length).toBeGreaterThan(5);
    expect(edited.filter((each) => !before.has(each)).length).toBeLessThanOrEqual(2);
  });

  it('of two rows with one key the later stands', () => {
    const facts = read(take(`${header}\n${line(1)}\n${line(1).replace('1.50', '9.99')}\n`).items);
    expect(facts.map((each) => each.values['amount_fen'])).toEqual([999]);
  });
});

describe('mappings given by a person', () => {
  const own = {
    id: 'own',
    edition: 1,
    fact: 'charge',
    subject: [{ type: 'mrn', column: 'pid' }],
    naturalKey: ['no'],
    occurredAt: 'when',
    columns: { amount_fen: 'yuan' },
    formats: { dateOrder: 'MDY' },
  };

  it('read what they name; other columns must be listed as ignored', () => {
    const mapping = readMapping(own);
    const [fact] = deliveries(take('pid,no,when,yuan\n7,1,3/1/2025 8:30,12.34\n', [mapping], true).items).flatMap(
      (each) => readCsv(recordOf('csv', each.body, each.meta), mapping).facts,
    );
    expect(fact).toMatchObject({ occurredAt: '2025-03-01T00:30:00.000Z', values: { amount_fen: 1234 } });
    expect(refusals(take('pid,no,when,yuan,extra\n', [mapping], true).items)[0]).toMatchObject({
      code: 'collect.csv-mapping-header',
      reason: expect.stringContaining('extra'),
    });
    expect(refusals(take('pid,no,when,yuan,extra\n', [readMapping({ ...own, ignore: ['extra'] })], true).items)).toEqual([]);
    expect(refusals(take('pid,no,when\n', [mapping], true).items)[0]?.reason).toContain('yuan');
  });

  it('that do not fit are refused with the place', () => {
    const why = (given: unknown): string => {
      try {
        readMapping(given);
        return 'taken';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(why({ ...own, fact: 'charges' })).toContain('/fact');
    expect(why({ ...own, columns: { amount: 'yuan' } })).toMatch(/amount.*amount_fen/);
    expect(why({ ...own, naturalKey: [] })).toContain('/naturalKey');
    expect(why({ ...own, edition: 0 })).toContain('/edition');
    expect(why({ ...own, surprise: 1 })).not.toBe('taken');
    expect(why(null)).not.toBe('taken');
  });

  it('the shipped ones all fit', () => {
    for (const mapping of SHIPPED) expect(readMapping(JSON.parse(JSON.stringify(mapping)))).toEqual(JSON.parse(JSON.stringify(mapping)));
  });
});
