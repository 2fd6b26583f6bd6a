import { describe, expect, it } from 'vitest';
import { factOf, factsOf, gb18030, hl7, PID, pv1, readMessage } from '../testing/messages.ts';

const evn = (trigger: string, at = '20250301083000'): string => `EVN|${trigger}|${at}`;
const adt = (trigger: string, visit: Parameters<typeof pv1>[0] = {}, more: string[] = []): string =>
  hl7(`ADT^${trigger}`, [evn(trigger), PID, pv1(visit), ...more]);

describe('who the patient is', () => {
  it('names, identifiers, phones, addresses, birth and sex are carried as written', () => {
    const record = factOf(
      readMessage(
        gb18030(hl7('ADT^A04', [evn('A04'), PID, 'NK1|1|张^大|FTH^父亲||13900000002^PRN^CP', 'IN1|1|2^城乡居民|YB|||||||||||||||||||||||||||||||||YB001'])),
      ),
      'person_record',
    );
    expect(record.subject).toEqual({ type: 'mrn', system: 'HIS', value: 'P1001' });
    expect(record.person).toMatchObject({
      names: ['张三'],
      identifiers: [
        { type: 'mrn', value: 'P1001' },
        { type: 'resident-id', system: 'CHN', value: '440308199901101512' },
        { type: 'insurance', value: 'YB001' },
      ],
      phones: ['13800000001'],
      addresses: [{ text: '杏林省杏城市人民路1号', district: '440308' }],
      birthDate: '1999-01-10',
      sex: 'male',
      insuranceType: 'resident',
      guardian: { name: '张大', phone: '13900000002', relation: '父亲' },
    });
    expect(record.values).toMatchObject({ sex: 'male', birth_month: '1999-01', district: '440308', insurance_type: 'resident' });
  });

  it('ideographic names come first; a name may be one text', () => {
    const names = (field: string): readonly string[] | undefined => factOf(readMessage(hl7('ADT^A08', [`PID|1||P1||${field}`])), 'person_record').person?.names;
    expect(names('ZHANG^SAN^^^^^L^A~张^三^^^^^L^I')).toEqual(['张三', 'SAN ZHANG']);
    expect(names('张三^^')).toEqual(['张三']);
    expect(names('买买提·艾力')).toEqual(['买买提·艾力']);
  });

  it('an empty field says nothing, "" takes back', () => {
    const { person, values } = factOf(readMessage(hl7('ADT^A08', ['PID|1||P1||张^三||""||||""||""'])), 'person_record');
    expect(person?.cleared).toEqual(['birthDate', 'addresses', 'phones']);
    expect(values).toEqual({ birth_month: null, district: null });
  });

  it('results and bills name the person only in passing', () => {
    expect(factOf(readMessage(hl7('ORU^R01', [PID])), 'person_record').versionAt).toBe('1970-01-01T00:00:00.000Z');
    expect(factOf(readMessage(hl7('ADT^A31', [PID])), 'person_record').versionAt).toBe('2025-03-01T00:30:00.000Z');
  });

  it('a patient without any id is quarantined, with a reason that quotes nothing', () => {
    const reading = readMessage(hl7('ADT^A01', ['PID|1||||张^三', pv1()]));
    expect(reading.facts).toEqual([]);
    expect(reading.quarantined).toMatchObject([{ item: 0, code: 'collect.hl7-patient' }]);
    expect(JSON.stringify(reading.quarantined)).not.toContain('张');
  });

  it('a type nobody knows still tells who it is about', () => {
    expect(readMessage(hl7('ZZZ^Z99', [PID, 'ZED|x'])).facts.map((each) => each.fact)).toEqual(['person_record']);
    expect(readMessage(hl7('MFN^M02', ['MFI|STF'])).facts).toEqual([]);
  });
});

describe('a stay', () => {
  const visit = (trigger: string, given: Parameters<typeof pv1>[0] = {}, more: string[] = []) => factOf(readMessage(adt(trigger, given, more)), 'encounter');

  it('is admitted, discharged with its principal codes, and taken back', () => {
    expect(visit('A01')).toMatchObject({
      localId: 'V1',
      encounterLocalId: 'V1',
      occurredAt: '2025-03-01T00:00:00.000Z',
      deleted: false,
      values: {
        class: 'inpatient',
        status: 'in-progress',
        started_at: '2025-03-01T00:00:00.000Z',
        department_code: { code: 'CARD' },
        ward_code: { code: 'W12' },
        staff_code: { code: 'D001', display: '李医生' },
      },
    });
    const discharged = visit('A03', { to: '20250308100000', disposition: '1' }, [
      'DG1|1||I21.900^急性心肌梗死^I10||20250301|F|||||||||1',
      'PR1|1||36.0600x004^支架^I9CP||20250302',
    ]);
    expect(discharged.values).toMatchObject({
      status: 'finished',
      ended_at: '2025-03-08T02:00:00.000Z',
      discharge_disposition: 'home',
      disease_code: { code: 'I21.900', system: 'ICD-10' },
      surgery_code: { code: '36.0600x004', system: 'ICD-9-CM-3' },
    });
    expect(visit('A13', { to: '20250308100000', disposition: '1' }).values).toMatchObject({
      status: 'in-progress',
      ended_at: null,
      discharge_disposition: null,
    });
    expect(visit('A11')).toMatchObject({ deleted: true, values: { status: 'cancelled' } });
  });

  it('a discharge without a time is as of the event', () => {
    expect(visit('A03').values['ended_at']).toBe('2025-03-01T00:30:00.000Z');
  });

  it('a transfer, a class change and an update say what they say', () => {
    expect(visit('A02').values).toMatchObject({ status: 'in-progress' });
    expect(visit('A06', { klass: 'I' }).values).toMatchObject({ class: 'inpatient' });
    expect(visit('A08').values).not.toHaveProperty('status');
    expect(visit('A08', { to: '20250308100000' }).values).toMatchObject({ status: 'finished' });
    expect(visit('A05').values).toMatchObject({ status: 'planned' });
  });

  it('is only told by registration messages: a result names it and leaves it alone', () => {
    const reading = readMessage(hl7('ORU^R01', [PID, pv1(), 'OBR|1||F1|GLU^血糖', 'OBX|1|NM|GLU^血糖||5.1|mmol/L']));
    expect(factsOf(reading, 'encounter')).toEqual([]);
    expect(factOf(reading, 'observation').encounterLocalId).toBe('V1');
  });
});

describe('identity messages', () => {
  const act = (trigger: string, ...segments: string[]) => readMessage(hl7(`ADT^${trigger}`, [evn(trigger), ...segments]));

  it('merge: PID survives, MRG retires, as often as the group repeats', () => {
    const { acts } = act('A40', 'PID|1||A^^^HIS^MR||张^三', 'MRG|B^^^HIS^MR', 'PID|1||C^^^HIS^MR||李^四', 'MRG|D^^^HIS^MR');
    expect(acts.map((each) => each.act === 'merge' && [each.survivor.value, each.retired.value])).toEqual([
      ['A', 'B'],
      ['C', 'D'],
    ]);
    for (const trigger of ['A18', 'A34', 'A39', 'A47']) expect(act(trigger, 'PID|1||A^^^HIS^MR', 'MRG|B^^^HIS^MR').acts).toHaveLength(1);
  });

  it('the id that retires is the one of the same kind', () => {
    const [merge] = act('A40', 'PID|1||A^^^HIS^MR', 'MRG|440308199901101512^^^CHN^NI~B^^^HIS^MR').acts;
    expect(merge).toMatchObject({ retired: { type: 'mrn', system: 'HIS', value: 'B' } });
  });

  it('a merge with itself or without one of both is quarantined', () => {
    for (const segments of [['PID|1||A^^^HIS^MR', 'MRG|A^^^HIS^MR'], ['PID|1||A^^^HIS^MR'], ['PID|1||A^^^HIS^MR', 'MRG|']]) {
      const { acts, quarantined } = act('A40', ...segments);
      expect([acts, quarantined[0]?.code]).toEqual([[], 'collect.hl7-merge']);
    }
  });

  it('a visit moves', () => {
    expect(act('A45', 'PID|1||A^^^HIS^MR', 'MRG|B^^^HIS^MR||||V9', 'PV1|1|O|||||||||||||||||V9').acts).toEqual([
      { act: 'move-encounter', encounterLocalId: 'V9', to: { type: 'mrn', system: 'HIS', value: 'A' }, occurredAt: '2025-03-01T00:30:00.000Z' },
    ]);
  });

  it('two patients are linked, and no longer so', () => {
    const [one, other] = [
      { type: 'mrn', system: 'HIS', value: 'A' },
      { type: 'mrn', system: 'HIS', value: 'B' },
    ];
    for (const [trigger, said] of [
      ['A24', 'link'],
      ['A37', 'unlink'],
    ] as const) {
      expect(act(trigger, 'PID|1||A^^^HIS^MR', 'PID|2||B^^^HIS^MR').acts).toEqual([{ act: said, one, other, occurredAt: '2025-03-01T00:30:00.000Z' }]);
      expect(act(trigger, 'PID|1||A^^^HIS^MR', 'PID|2||A^^^HIS^MR').quarantined[0]?.code).toBe('collect.hl7-link');
      expect(act(trigger, 'PID|1||A^^^HIS^MR').quarantined[0]?.code).toBe('collect.hl7-link');
    }
  });
});

describe('results', () => {
  const oru = (...lines: string[]) =>
    readMessage(hl7('ORU^R01', [PID, pv1(), 'OBR|1|P1|F1|CBC^血常规|||20250301070000|||||||||D001^李医生||||||20250301080000||LAB|F', ...lines]));
  const values = (line: string) => factOf(oru(line), 'observation').values;

  it('numbers with unit, range and flag', () => {
    expect(factOf(oru('OBX|1|NM|2345-7^葡萄糖^LN||16.80|mmol/L|3.9-6.1|HH|||F|||20250301074500'), 'observation')).toMatchObject({
      localId: 'obx|F1|2345-7|',
      encounterLocalId: 'V1',
      occurredAt: '2025-02-28T23:45:00.000Z',
      values: {
        code: { code: '2345-7', display: '葡萄糖', system: 'LOINC' },
        code_system: 'LOINC',
        category: 'laboratory',
        value_number: 16.8,
        unit: 'mmol/L',
        reference_low: 3.9,
        reference_high: 6.1,
        abnormal_flag: 'HH',
        status: 'final',
        staff_code: { code: 'D001' },
      },
      text: null,
    });
  });

  it('a correction has the same key, a deletion is a tombstone of it', () => {
    const [first, corrected, deleted] = ['F', 'C', 'D'].map((status) => factOf(oru(`OBX|1|NM|GLU^血糖||5.1|mmol/L||||N|${status}`), 'observation'));
    expect(new Set([first?.localId, corrected?.localId, deleted?.localId]).size).toBe(1);
    expect([first?.deleted, corrected?.deleted, deleted?.deleted]).toEqual([false, false, true]);
    expect([corrected?.values['status'], deleted?.values['status']]).toEqual(['corrected', 'cancelled']);
  });

  it('units are brought to UCUM where it is known', () => {
    const unit = (text: string): unknown => values(`OBX|1|NM|X^项目||1|${text}`)['unit'];
    expect(['μmol/L', 'UMOLL', '10^9/L', '×10⁹/L', 'mmHg', '℃', '次/分', '%', 'kg/m²', 'IU/mL', ''].map(unit)).toEqual([
      'umol/L',
      'umol/L',
      '10*9/L',
      '10*9/L',
      'mm[Hg]',
      'Cel',
      '/min',
      '%',
      'kg/m2',
      '[IU]/mL',
      undefined,
    ]);
  });

  it('ranges in the forms laboratories write', () => {
    const range = (text: string): unknown[] => [values(`OBX|1|NM|X^项目||1||${text}`)].flatMap((each) => [each['reference_low'], each['reference_high']]);
    expect([range('49 - 92'), range('3.5～5.5'), range('3.5--5.5'), range('<5.0'), range('≥1.2'), range('阴性')]).toEqual([
      [49, 92],
      [3.5, 5.5],
      [3.5, 5.5],
      [undefined, 5],
      [1.2, undefined],
      [undefined, undefined],
    ]);
  });

  it('structured numbers, bounds, codes and texts', () => {
    const given = (line: string) => factOf(oru(line), 'observation');
    expect(given('OBX|1|SN|X^项目||>^100|mg/dL')).toMatchObject({ values: { value_number: 100 }, text: '>100' });
    expect(given('OBX|1|SN|X^项目||^182|mg/dL')).toMatchObject({ values: { value_number: 182 }, text: null });
    expect(given('OBX|1|ST|X^项目||<0.5|ng/mL')).toMatchObject({ values: { value_number: 0.5, unit: 'ng/mL' }, text: '<0.5' });
    expect(given('OBX|1|CE|X^血型||A^A 型^L')).toMatchObject({ values: { value_code: { code: 'A', display: 'A 型' } }, text: null });
    expect(given('OBX|1|ST|X^项目||阴性（-）')).toMatchObject({ text: '阴性（-）' });
    expect(given('OBX|1|ST|X^项目||阴性（-）').values).not.toHaveProperty('value_number');
  });

  it('the lines of a report are one text; documents and images make no observation', () => {
    const reading = oru('OBX|1|TX|R^报告||双肺纹理清晰。', 'OBX|2|TX|R^报告||心影不大。', 'OBX|3|ED|PDF^报告||^application^pdf^Base64^QUJD');
    expect(factOf(reading, 'observation')).toMatchObject({ localId: 'obx|F1|R|', text: '双肺纹理清晰。\n心影不大。' });
  });

  it('orders are kept apart', () => {
    const reading = oru('OBX|1|NM|A^甲||1', 'OBR|2|P2|F2|LIV^肝功', 'OBX|1|NM|A^甲||2', 'ORC|RE|P3|F3', 'OBR|3|||REN^肾功', 'OBX|1|NM|A^甲||3');
    expect(factsOf(reading, 'observation').map((each) => each.localId)).toEqual(['obx|F1|A|', 'obx|F2|A|', 'obx|F3|A|']);
  });
});

describe('orders and drugs', () => {
  it('an examination is ordered, done or given up, under one key', () => {
    const order = (control: string, status: string) =>
      readMessage(hl7('ORM^O01', [PID, pv1(), `ORC|${control}|P7|||${status}`, 'OBR|1|P7||CT01^胸部 CT|||20250301090000|||||||||D001']));
    const report = readMessage(
      hl7('ORU^R01', [
        PID,
        pv1(),
        'ORC|RE|P7|F7||CM',
        'OBR|1|P7|F7|CT01^胸部 CT|||20250301090000|20250301091000||||||||D001||||||20250301100000||RAD|F',
        'OBX|1|TX|R^报告||未见异常',
      ]),
    );
    const facts = [order('NW', 'SC'), report, order('CA', 'CA')].map((each) => factOf(each, 'procedure'));
    expect(facts.map((each) => [each.localId, each.values['status'], each.deleted])).toEqual([
      ['order|P7', 'planned', false],
      ['order|P7', 'finished', false],
      ['order|P7', 'cancelled', true],
    ]);
    expect(facts[1]?.values).toMatchObject({ category: 'exam', started_at: '2025-03-01T01:00:00.000Z', ended_at: '2025-03-01T02:00:00.000Z' });
  });

  it('a laboratory order is seen by its results only', () => {
    expect(factsOf(readMessage(hl7('OML^O21', [PID, 'ORC|NW|P1', 'OBR|1|P1||CBC^血常规'])), 'procedure')).toEqual([]);
  });

  it('a drug is ordered, dispensed or given', () => {
    const kinds = (type: string, ...segments: string[]) =>
      factsOf(readMessage(hl7(type, [PID, 'ORC|NW|R1|||||||20250301090000', ...segments])), 'medication').map((each) => each.values);
    expect(kinds('RDE^O11', 'RXE||A01^二甲双胍^L|0.5||g')).toMatchObject([
      { kind: 'order', status: 'active', dose_number: 0.5, dose_unit: 'g', code: { code: 'A01' } },
    ]);
    expect(kinds('RDS^O13', 'RXE||A01^二甲双胍^L|0.5||g', 'RXD|1|A01^二甲双胍|20250301|20|片')).toMatchObject([{ kind: 'dispense', dose_number: 20 }]);
    expect(kinds('VXU^V04', 'RXA|0|1|20250301||03^麻腮风^CVX|0.5|mL^^UCUM', 'ORC|RE||R2', 'RXA|0|1|20200101||88^流感^CVX|999|||01^Historical')).toMatchObject([
      { kind: 'administration', dose_number: 0.5, code: { system: 'CVX' } },
      { kind: 'statement' },
    ]);
  });
});

describe('charges', () => {
  const ft1 = (line: string) => readMessage(hl7('DFT^P03', [PID, pv1(), line]));

  it('are fen; refunds are negative; payments are none', () => {
    expect(factOf(ft1('FT1|1|T1||20250301||CG|250302^血糖测定||laboratory|2|12.50|6.25|CARD'), 'charge')).toMatchObject({
      localId: 'ft1|T1|1',
      values: { amount_fen: 1250, quantity: 2, unit_price: 6.25, category: 'laboratory', department_code: { code: 'CARD' }, payment_type: 'employee' },
    });
    expect(factOf(ft1('FT1|1|T2||20250301||CD|250302^血糖测定|||2|12.50'), 'charge').values).toMatchObject({ amount_fen: -1250, quantity: -2 });
    expect(factOf(ft1('FT1|1|T2||20250301||CR|250302^血糖测定|||-2|-12.50'), 'charge').values).toMatchObject({ amount_fen: -1250, quantity: -2 });
    expect(factsOf(ft1('FT1|1|T3||20250301||PY|||||100'), 'charge')).toEqual([]);
  });

  it('in another currency are quarantined, never added up', () => {
    const reading = ft1('FT1|1|T1||20250301||CG|X^项目|||1|100&USD');
    expect([factsOf(reading, 'charge'), reading.quarantined[0]?.code]).toEqual([[], 'collect.fhir-currency']);
  });
});

describe('appointments', () => {
  const siu = (trigger: string, status = '') =>
    factOf(
      readMessage(
        hl7(`SIU^${trigger}`, [
          `SCH|B1|B1||||||OUT^电话|15|min|^^15^20250305090000${'|'.repeat(14)}${status}`,
          PID,
          'RGS|1',
          'AIS|1|A|CARD^门诊|20250305090000',
          'AIL|1|A|CARD^^^XC1',
          'AIP|1|A|D001^李医生',
        ]),
      ),
      'appointment',
    );
  it('are booked, kept, cancelled and missed under one key, and stay visible', () => {
    const all = [siu('S12', 'Booked'), siu('S14', 'Complete'), siu('S15'), siu('S26'), siu('S17')];
    expect(all.map((each) => [each.localId, each.values['status'], each.deleted])).toEqual([
      ['B1', 'booked', false],
      ['B1', 'fulfilled', false],
      ['B1', 'cancelled', false],
      ['B1', 'noshow', false],
      ['B1', 'cancelled', true],
    ]);
    expect(all[0]?.values).toMatchObject({
      starts_at: '2025-03-05T01:00:00.000Z',
      booked_at: '2025-03-01T00:30:00.000Z',
      channel: 'phone',
      department_code: { code: 'CARD' },
      staff_code: { code: 'D001' },
    });
  });
});

describe('documents and problems', () => {
  it('the words of a document are one text; a replacement takes back what it replaces', () => {
    const reading = readMessage(
      hl7('MDM^T10', [
        PID,
        'TXA|1|DS^出院小结|TX|20250308100000|D001|||||||DOC2|DOC1||||AU',
        'OBX|1|TX|DS^出院小结||恢复良好。',
        'OBX|2|TX|DS^出院小结||一周后复诊。',
      ]),
    );
    expect(factsOf(reading, 'observation').map((each) => [each.localId, each.deleted, each.text])).toEqual([
      ['txa|DOC2', false, '恢复良好。\n一周后复诊。'],
      ['txa|DOC1', true, null],
    ]);
  });

  it('problems are added and deleted by their instance', () => {
    const problem = (action: string) =>
      factOf(readMessage(hl7('PPR^PC1', [PID, `PRB|${action}|20250301083000|E11.900^2 型糖尿病^I10|26744|||20250301|||||||ACTIVE`])), 'condition');
    expect([problem('AD').localId, problem('AD').deleted, problem('AD').values['clinical_status']]).toEqual(['prb|26744', false, 'active']);
    expect([problem('DE').localId, problem('DE').deleted]).toEqual(['prb|26744', true]);
  });

  it('diagnoses keep their rank and can be taken back', () => {
    const reading = readMessage(
      adt('A08', {}, ['DG1|1||I10.x00^高血压^I10||20250301|A|||||||||1', 'DG1|2||E11.900^2 型糖尿病^I10||20250301|A|||||||||2||||||D']),
    );
    expect(factsOf(reading, 'condition').map((each) => [each.localId, each.values['rank'], each.deleted])).toEqual([
      ['dg1|V1|I10.x00', 1, false],
      ['dg1|V1|E11.900', 2, true],
    ]);
  });
});
