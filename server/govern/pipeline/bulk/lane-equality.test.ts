/** Exports of a hospital's systems, each row with its patient's details, filed by the fast lane and row by row: nothing may differ. */
import { describe, expect, it } from 'vitest';
import { LANE_ROWS_MIN } from './bulk-lane.ts';
import { bothWays, type Filing } from './testing.ts';

const ROWS = LANE_ROWS_MIN + 1_300;
const PATIENTS = 300;
const NOW = new Date('2026-06-01T01:00:00Z');

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const SURNAMES = [...'王李张刘陈杨赵黄周吴'];
const GIVEN = ['伟', '芳', '秀英', '建国', '·买买提', 'Ann', '小明', '静'];
const DOCTORS = ['王伟', '李芳', '张建国', '周医生'];

function patient(i: number) {
  const birth = `${1940 + (i % 70)}${pad(1 + (i % 12))}${pad(1 + (i % 28))}`;
  const first17 = `330102${birth}${pad(100 + (i % 800), 3)}`;
  const sum = [...first17].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at] ?? 0), 0);
  const id = i % 13 === 0 ? `${first17}0` : i % 17 === 0 ? `E1234567${i % 10}` : first17 + ('10X98765432'[sum % 11] ?? '');
  return {
    mrn: `P${10_000 + i}`,
    name: `${SURNAMES[i % 10]}${GIVEN[i % 8]}`,
    sex: ['男', '女', 'M', ''][i % 4],
    birth: [`${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6)}`, birth, ''][i % 3],
    id: i % 11 === 0 ? '' : id,
    phone: i % 7 === 0 ? '不详' : i % 19 === 0 ? '' : `139${pad((i * 7919) % 100_000_000, 8)}`,
  };
}
/** Of row `i`: patients come back after a while, and some of them with another phone. */
function details(i: number): string[] {
  const one = patient((i * 7) % PATIENTS);
  const phone = i > ROWS / 2 && one.mrn.endsWith('3') ? '18600000123' : one.phone;
  return [one.mrn, one.name, one.sex ?? '', one.birth ?? '', one.id, i % 5 === 0 ? `${phone}\t` : phone];
}
const WHO = '病案号,患者姓名,性别,出生日期,身份证号,手机号';
const at = (i: number, month = 1): string => `2026-${pad(month)}-${pad(1 + (i % 28))} ${pad(8 + (i % 10))}:${pad(i % 60)}:${pad((i * 7) % 60)}`;
const sheet = (header: string, row: (i: number) => readonly (string | number)[], rows = ROWS): string =>
  `${header}\n${Array.from({ length: rows }, (_, i) => row(i).join(',')).join('\n')}\n`;
const visit = (i: number): string => `V${i % 1_400}`;
const doctor = (i: number): string[] => [i % 6 === 0 ? '' : `D${i % 4}`, DOCTORS[i % 4] ?? ''];

const K = (i: number): string[] => [`K${i % 9}`, `科室${i % 9}`];
const SEEN = '科室代码,科室名称,医生工号,医生姓名';
const seen = (i: number): string[] => [...K(i), ...doctor(i)];

const CHARGED = `费用流水号,${WHO},就诊流水号,收费时间,项目编码,项目名称,执行科室代码,执行科室,医生工号,医生姓名,数量,金额`;
const charge = (i: number): (string | number)[] => [
  ...[
    `F${i}`,
    ...details(i),
    visit(i),
    at(i),
    i % 9 === 0 ? '' : `IT${i % 40}`,
    i % 9 === 1 && i % 5 === 0 ? '' : `项目 ${i % 40}`,
    ...K(i),
    ...doctor(i),
    1,
    `${i % 100}.50`,
  ],
];
/** So many that the people of the first run come again in a second one of the same chunk. */
const charges = sheet(CHARGED, charge, 2 * ROWS);
const register = sheet(`${WHO},付费方式,现住址,行政区划,是否死亡,建档时间,更新时间`, (i) => [
  ...details(i),
  ...[i % 3 === 0 ? '职工医保' : '自费', `文三路${i % 50}号`, '330106', i % 40 === 0 ? '是' : '', at(i), i % 4 === 0 ? at(i, 2) : ''],
]);
const outpatients = sheet(`就诊流水号,${WHO},就诊时间,就诊类别,就诊状态,${SEEN},诊断编码,诊断名称,更新时间`, (i) => [
  ...[
    `V${i}`,
    ...details(i),
    at(i),
    i % 5 === 0 ? '急诊' : '门诊',
    i % 7 === 0 ? '已退号' : '已就诊',
    ...seen(i),
    i % 3 === 0 ? '' : 'I10',
    '高血压',
    i % 4 === 0 ? at(i, 2) : '',
  ],
]);
const stays = sheet(`住院号,病案号,入院时间,出院时间,在院状态,离院方式,${SEEN},病区代码,病区名称,主要诊断编码,主要诊断`, (i) => {
  const out = i % 3 === 0 ? '' : i > ROWS - 40 ? '2026-05-30 10:00:00' : at(i, 3);
  return [
    `Z${i % (ROWS - 900)}`,
    `P${10_000 + (i % PATIENTS)}`,
    at(i),
    out,
    out === '' ? '在院' : '出院',
    '医嘱离院',
    ...seen(i),
    `W${i % 5}`,
    `病区${i % 5}`,
    'K80.2',
    '胆囊结石',
  ];
});
const diagnoses = sheet('就诊流水号,病案号,患者姓名,诊断编码,诊断名称,诊断次序,诊断时间', (i) => [
  ...[`V${i}`, ...details(i).slice(0, 2), ['I10', 'E11.9', 'J44.9'][i % 3] ?? '', ['高血压', '糖尿病', '慢阻肺'][i % 3] ?? '', 1 + (i % 3), at(i)],
]);
const operations = sheet(`手术流水号,病案号,患者姓名,手机号,就诊流水号,手术编码,手术名称,类别,执行状态,${SEEN},手术开始时间,手术结束时间`, (i) => [
  ...[
    `S${i}`,
    ...details(i).slice(0, 2),
    details(i)[5] ?? '',
    visit(i),
    '81.54',
    '膝关节置换',
    ['手术', '检查', '治疗'][i % 3] ?? '',
    i % 30 === 0 ? '已取消' : '已完成',
  ],
  ...[...seen(i), at(i), at(i)],
]);
const results = sheet(`标本号,${WHO},就诊流水号,项目编码,项目名称,结果数值,单位,参考下限,参考上限,异常标志,报告时间,结果描述`, (i) => [
  ...[
    `B${Math.floor(i / 4)}`,
    ...details(i),
    visit(i),
    `L${i % 4}`,
    `化验${i % 4}`,
    i % 50,
    'mmol/L',
    1,
    30,
    i % 5 === 0 ? '↑' : '',
    at(i),
    i % 8 === 0 ? `溶血 "${i}"` : '',
  ].map((cell) => (String(cell).includes('"') ? `"${String(cell).replaceAll('"', '""')}"` : cell)),
]);
const bookings = sheet(`预约号,病案号,患者姓名,证件号码,手机号,${SEEN},预约渠道,预约状态,预约时间,就诊时段,就诊流水号`, (i) => {
  const [mrn = '', name = '', , , id = '', phone = ''] = details(i);
  return [
    `Y${i}`,
    i % 4 === 0 ? '' : mrn,
    name,
    i % 6 === 0 ? '' : id,
    phone.trim() === '' ? '13612345678' : phone,
    ...seen(i),
    '微信',
    '已就诊',
    at(i),
    at(i, 2),
    i % 2 === 0 ? visit(i) : '',
  ];
});
const answers = sheet('答卷编号,问卷名称,调查方式,病案号,患者姓名,手机号,就诊流水号,科室代码,题目编号,得分,满分,是否总体评价,意见建议,提交时间', (i) => {
  const [mrn = '', name = '', , , , phone = ''] = details(i);
  return [
    `A${Math.floor(i / 3)}`,
    '门诊满意度',
    '短信',
    i % 5 === 0 ? '' : mrn,
    name,
    phone,
    visit(i),
    `K${i % 9}`,
    `Q${i % 3}`,
    i % 6,
    5,
    i % 3 === 0 ? '是' : '否',
    i % 20 === 0 ? '护士很好' : '',
    at(i),
  ];
});
const complaints = sheet('登记编号,类型,渠道,病案号,患者姓名,联系电话,科室代码,主题,严重程度,班次,内容,受理时间', (i) => {
  const [mrn = '', name = '', , , , phone = ''] = details(i);
  return [
    `T${i}`,
    ['投诉', '表扬', '建议'][i % 3] ?? '',
    '电话',
    i % 5 === 0 ? '' : mrn,
    name,
    phone,
    `K${i % 9}`,
    '停车',
    '一般',
    '白班',
    i % 4 === 0 ? '' : `等了${i}分钟`,
    at(i),
  ];
});
const medications = sheet(`处方号,${WHO},就诊流水号,药品编码,药品名称,剂量,剂量单位,开立时间`, (i) => [
  ...[`R${i}`, ...details(i), visit(i), `M${i % 60}`, `药${i % 60}`, 5, 'mg', at(i)],
]);

const reviews = sheet('评价编号,平台,类型,评分,情感倾向,科室代码,内容,发布时间', (i) => [
  ...[`W${i}`, ['微博', '大众点评', '知乎'][i % 3] ?? '', '评价', 1 + (i % 5), i % 2 === 0 ? '正面' : '', `K${i % 9}`],
  ...[i % 3 === 0 ? '' : `等了${i}分钟，医生很耐心`, at(i)],
]);

/** Some are sent twice, corrected, one in four of them under another patient. */
const readings = sheet('测量编号,患者资源编号,测量项目编码,测量项目,结果数值,单位,测量类别,测量时间,数据更新时间', (i) => [
  ...[`G${i % 50 === 7 ? i - 3 : i}`, `P${i % 200 === 7 ? 9 : (i - (i % 50 === 7 ? 3 : 0)) % PATIENTS}`],
  ...[`C${i % 5}${i % 50 === 4 ? 'once' : ''}`, `项目${i % 5}`, 60 + (i % 90), 'mmHg', '设备', at(i), at(i, 2)],
]);

const EXPORTS: readonly (readonly [string, string, string])[] = [
  ['charges that name their patients', charges, 'his'],
  ['a register of patients', register, 'his'],
  ['outpatient visits and who came', outpatients, 'his'],
  ['stays', stays, 'his'],
  ['diagnoses', diagnoses, 'emr'],
  ['operations and examinations', operations, 'emr'],
  ['results with words', results, 'lis'],
  ['medications', medications, 'his'],
  ['bookings by number, document or phone', bookings, 'app'],
  ['answers of last winter', answers, 'survey'],
  ['complaints of last winter', complaints, 'survey'],
  ['reviews, which name nobody', reviews, 'review'],
  ['readings, some sent twice', readings, 'device'],
];

describe('the fast lane files what reading row by row files', () => {
  it.each(EXPORTS)(
    'for %s',
    async (_, text, source) => {
      const { slow, fast } = await bothWays([{ name: 'export.csv', text, source }], NOW);
      sameAll(slow, fast);
    },
    60_000,
  );

  it('for one export after the other: what is known is merged', async () => {
    const later = (text: string): string => text.replaceAll('2026-01', '2026-04').replaceAll('18600000123', '18600000124');
    const texts = [register, outpatients, charges, later(outpatients), later(charges), later(register)];
    const { slow, fast } = await bothWays(
      texts.map((text) => ({ name: 'export.csv', text, source: 'his' })),
      NOW,
    );
    sameAll(slow, fast);
  }, 120_000);
});

describe('what the fast lane would have to explain goes row by row', () => {
  const odd = (row: string): string => `${sheet(CHARGED, charge, ROWS - 1)}${row}\n`;

  it.each([
    ['a code that is the phone of the row itself', 'F_,P10001,王伟,男,1980-01-01,,82345678,V1,2026-01-01 10:00:00,82345678,项目,K1,科室1,D1,李芳,1,1'],
    ['a code that is the record number', 'F_,P10001,王伟,男,1980-01-01,,,V1,2026-01-01 10:00:00,P10001,项目,K1,科室1,D1,李芳,1,1'],
    ['an item named like the record number', 'F_,P10001,王伟,男,1980-01-01,,,V1,2026-01-01 10:00:00,IT1,P10001,K1,科室1,D1,李芳,1,1'],
  ])(
    '%s',
    async (_, row) => {
      const { slow, fast } = await bothWays([{ name: 'export.csv', text: odd(row), source: 'his' }], NOW);
      sameAll(slow, fast, 'any');
      expect(JSON.stringify(fast.all['charge'])).not.toMatch(/82345678|P10001/);
    },
    60_000,
  );

  it('answers of this week, which are news', async () => {
    const fresh = answers.replaceAll('2026-01-', '2026-05-');
    const { slow, fast } = await bothWays([{ name: 'export.csv', text: fresh, source: 'survey' }], new Date('2026-05-29T01:00:00Z'));
    sameAll(slow, fast, 'any');
  }, 60_000);
});

function sameAll(slow: Filing, fast: Filing, way: 'fast' | 'any' = 'fast'): void {
  // What is left at the end of a file may be too little for an engine of its own.
  const byRow = Object.values(fast.slowRows).reduce((sum, rows) => sum + rows, 0);
  if (way === 'fast') expect(byRow).toBeLessThan(LANE_ROWS_MIN);
  else expect(byRow).toBeGreaterThan(0);
  expect(slow.slowRows).not.toEqual({});
  for (const [what, rows] of Object.entries(slow.all)) expect([what, fast.all[what]]).toEqual([what, rows]);
}
