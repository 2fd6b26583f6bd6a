import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '@xinglin/contracts';
import { FACTS } from '@xinglin/contracts';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../kernel/index.ts';
import { factOf, factsOf, recordOf } from '../testing/messages.ts';
import { readFhir } from './read.ts';
import { FhirSplitter } from './split.ts';

const read = (resource: object): Reading => readFhir(recordOf('fhir', JSON.stringify(resource), {}, 'emr'));
const about = { subject: { reference: 'Patient/p1' }, encounter: { reference: 'https://emr/fhir/Encounter/e1/_history/2' } };
const loinc = (code: string, display = ''): object => ({ coding: [{ system: 'http://loinc.org', code, display }] });

describe('Patient', () => {
  it('is who the person is, known by the id of the resource', () => {
    const record = factOf(
      read({
        resourceType: 'Patient',
        id: 'p1',
        meta: { lastUpdated: '2025-03-01T08:00:00+08:00' },
        name: [
          { use: 'old', text: '张小三' },
          { use: 'official', family: '张', given: ['三'] },
        ],
        identifier: [
          { type: { coding: [{ code: 'MR' }] }, system: 'urn:his', value: 'P1001' },
          { system: 'urn:oid:2.16.156.10011.1.3', value: '440308199901101512' },
          { system: 'urn:other', value: 'x' },
        ],
        telecom: [
          { system: 'phone', value: '13800000001' },
          { system: 'email', value: 'a@b' },
        ],
        address: [{ state: '杏林省', city: '杏城市', line: ['人民路1号'], district: '440308' }],
        birthDate: '1999-01-10',
        gender: 'male',
        deceasedBoolean: false,
        contact: [{ relationship: [{ coding: [{ code: 'GUARD' }] }], name: { text: '张大' }, telecom: [{ system: 'phone', value: '139' }] }],
      }),
      'person_record',
    );
    expect(record).toMatchObject({
      subject: { type: 'other', system: 'Patient', value: 'p1' },
      versionAt: '2025-03-01T00:00:00.000Z',
      values: { sex: 'male', birth_month: '1999-01', district: '440308', is_deceased: false },
      person: {
        names: ['张三', '张小三'],
        identifiers: [{ type: 'mrn', value: 'P1001' }, { type: 'resident-id' }, { type: 'other' }],
        phones: ['13800000001'],
        addresses: [{ text: '杏林省杏城市440308人民路1号' }],
        guardian: { name: '张大', phone: '139', relation: 'GUARD' },
      },
    });
  });

  it('that was replaced merges into its replacement, and is linked to another of the same person', () => {
    const { acts } = read({
      resourceType: 'Patient',
      id: 'old',
      active: false,
      link: [
        { type: 'replaced-by', other: { reference: 'Patient/new' } },
        { type: 'seealso', other: { reference: 'Patient/x' } },
      ],
    });
    expect(acts).toMatchObject([
      { act: 'merge', survivor: { value: 'new' }, retired: { value: 'old' } },
      { act: 'link', one: { value: 'old' }, other: { value: 'x' } },
    ]);
  });
});

describe('clinical resources', () => {
  it('Encounter', () => {
    expect(
      factOf(
        read({
          resourceType: 'Encounter',
          id: 'e1',
          status: 'finished',
          class: { code: 'IMP' },
          subject: about.subject,
          period: { start: '2025-03-01T08:00:00+08:00', end: '2025-03-08T10:00:00+08:00' },
          serviceType: { coding: [{ code: 'CARD', display: '心内科' }] },
          participant: [{ individual: { reference: 'Practitioner?identifier=http://x|D001', display: '李医生' } }],
          hospitalization: { dischargeDisposition: { coding: [{ code: 'home' }] } },
        }),
        'encounter',
      ),
    ).toMatchObject({
      localId: 'e1',
      encounterLocalId: 'e1',
      values: {
        class: 'inpatient',
        status: 'finished',
        department_code: { code: 'CARD', display: '心内科' },
        staff_code: { code: 'D001', display: '李医生' },
        started_at: '2025-03-01T00:00:00.000Z',
        ended_at: '2025-03-08T02:00:00.000Z',
        discharge_disposition: 'home',
      },
    });
  });

  it('Condition, Procedure, drugs, vaccinations', () => {
    expect(
      factOf(
        read({
          resourceType: 'Condition',
          id: 'c',
          ...about,
          code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }], text: '高血压' },
          clinicalStatus: { coding: [{ code: 'active' }] },
          onsetDateTime: '2020-05',
        }),
        'condition',
      ),
    ).toMatchObject({
      localId: 'Condition/c',
      encounterLocalId: 'e1',
      precision: 'month',
      values: { code: { code: 'I10', display: '高血压', system: 'ICD-10' }, clinical_status: 'active' },
    });
    expect(
      factOf(read({ resourceType: 'Condition', id: 'c', ...about, verificationStatus: { coding: [{ code: 'entered-in-error' }] } }), 'condition').deleted,
    ).toBe(true);
    expect(
      factOf(
        read({
          resourceType: 'Procedure',
          id: 'x',
          ...about,
          status: 'completed',
          code: { coding: [{ system: 'urn:icd-9-cm-3', code: '81.5400' }] },
          performedPeriod: { start: '2025-03-01' },
        }),
        'procedure',
      ).values,
    ).toMatchObject({
      category: 'surgery',
      status: 'finished',
    });
    expect(
      factOf(
        read({
          resourceType: 'MedicationRequest',
          id: 'm',
          status: 'active',
          intent: 'order',
          subject: about.subject,
          contained: [{ resourceType: 'Medication', id: 'drug', code: loinc('A10', '二甲双胍') }],
          medicationReference: { reference: '#drug' },
          dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: 0.5, unit: 'g' } }] }],
        }),
        'medication',
      ).values,
    ).toMatchObject({ kind: 'order', status: 'active', code: { code: 'A10' }, dose_number: 0.5, dose_unit: 'g' });
    expect(
      factOf(
        read({
          resourceType: 'Immunization',
          id: 'i',
          status: 'completed',
          vaccineCode: loinc('1'),
          patient: about.subject,
          occurrenceDateTime: '2024',
          primarySource: false,
        }),
        'medication',
      ).values,
    ).toMatchObject({ kind: 'statement' });
  });

  it('Appointment without a patient says nothing about anyone', () => {
    const appointment = (participant: object[]): Reading =>
      read({ resourceType: 'Appointment', id: 'a', status: 'noshow', start: '2025-03-01T08:00:00+08:00', participant });
    expect(factOf(appointment([{ actor: { reference: 'Patient/p1' } }, { actor: { reference: 'Practitioner/d1' } }]), 'appointment').values).toMatchObject({
      status: 'noshow',
      staff_code: { code: 'd1' },
    });
    expect(appointment([{ actor: { reference: 'Practitioner/d1' } }])).toEqual({ facts: [], acts: [], quarantined: [] });
  });
});

describe('Observation', () => {
  it('a panel is its components', () => {
    const facts = factsOf(
      read({
        resourceType: 'Observation',
        id: 'bp',
        status: 'final',
        ...about,
        code: loinc('85354-9'),
        effectiveDateTime: '2025-03-01T08:00:00+08:00',
        component: [
          { code: loinc('8480-6'), valueQuantity: { value: 182, code: 'mm[Hg]' }, interpretation: [{ coding: [{ code: 'HH' }] }] },
          { code: loinc('8462-4'), valueQuantity: { value: 96, unit: 'mmHg' } },
        ],
      }),
      'observation',
    );
    expect(
      facts.map((each) => [each.localId, each.values['value_number'], each.values['unit'], each.values['category'], each.values['abnormal_flag']]),
    ).toEqual([
      ['Observation/bp#8480-6', 182, 'mm[Hg]', 'vital-signs', 'HH'],
      ['Observation/bp#8462-4', 96, 'mm[Hg]', 'vital-signs', undefined],
    ]);
  });

  it('values of every kind; what was entered in error is a tombstone', () => {
    const value = (more: object) => factOf(read({ resourceType: 'Observation', id: 'o', status: 'final', ...about, code: loinc('1'), ...more }), 'observation');
    expect(value({ valueQuantity: { value: 5, comparator: '<' } })).toMatchObject({ values: { value_number: 5 }, text: '<5' });
    expect(value({ valueCodeableConcept: { coding: [{ code: 'A' }], text: 'A 型' } }).values).toMatchObject({ value_code: { code: 'A', display: 'A 型' } });
    expect(value({ valueString: '阴性' })).toMatchObject({ text: '阴性' });
    expect(value({ valueString: '7.5' })).toMatchObject({ text: null, values: { value_number: 7.5 } });
    expect(value({ valueBoolean: true }).values).toMatchObject({ value_code: { code: 'true' } });
    expect(value({ status: 'corrected', valueInteger: 3 }).values).toMatchObject({ status: 'corrected', value_number: 3 });
    expect(value({ status: 'entered-in-error' })).toMatchObject({ deleted: true, values: { status: 'cancelled' } });
  });

  it('the conclusion of a report is a text', () => {
    expect(
      factOf(read({ resourceType: 'DiagnosticReport', id: 'r', status: 'final', ...about, code: loinc('1'), conclusion: '未见异常' }), 'observation'),
    ).toMatchObject({ localId: 'DiagnosticReport/r', text: '未见异常' });
    expect(read({ resourceType: 'DiagnosticReport', id: 'r', status: 'final', ...about, code: loinc('1') }).facts).toEqual([]);
  });

  it('about nobody in particular is quarantined', () => {
    for (const subject of [undefined, { reference: 'Group/g' }, { reference: 'Patient?identifier=x|1' }, { display: '张三' }]) {
      const { facts, quarantined } = read({
        resourceType: 'Observation',
        id: 'o',
        status: 'final',
        code: loinc('1'),
        ...(subject === undefined ? {} : { subject }),
      });
      expect([facts, quarantined[0]?.code]).toEqual([[], 'collect.fhir-subject']);
    }
  });
});

describe('charges', () => {
  const claim = (currency: string) => ({
    resourceType: 'Claim',
    id: 'k',
    status: 'active',
    patient: about.subject,
    created: '2025-03-01',
    type: { coding: [{ code: 'pharmacy' }] },
    total: { value: 30.1, currency },
    item: [
      { sequence: 1, productOrService: loinc('visit') },
      { sequence: 2, productOrService: loinc('drug'), net: { value: 20.05, currency }, encounter: [about.encounter] },
    ],
  });

  it('a claim is its items; the rest of the total belongs to the first that names none', () => {
    const facts = factsOf(read(claim('CNY')), 'charge');
    expect(facts.map((each) => [each.localId, each.values['amount_fen'], each.values['category']])).toEqual([
      ['Claim/k#1', 1005, 'drug'],
      ['Claim/k#2', 2005, 'drug'],
    ]);
  });

  it('what the insurer answers is a later version of the same', () => {
    const { id: _id, total: _total, ...rest } = claim('CNY');
    const facts = factsOf(read({ ...rest, resourceType: 'ExplanationOfBenefit', id: 'b', claim: { reference: 'Claim/k' } }), 'charge');
    expect(facts.map((each) => each.localId)).toEqual(['Claim/k#1', 'Claim/k#2']);
  });

  it('in another currency is quarantined once', () => {
    expect(read(claim('USD'))).toMatchObject({ facts: [], quarantined: [{ code: 'collect.fhir-currency' }] });
  });
});

it('types without facts yet are stored and say nothing', () => {
  for (const resourceType of ['Organization', 'Practitioner', 'PractitionerRole', 'Location', 'CarePlan', 'DocumentReference'])
    expect(read({ resourceType, id: 'x' }).facts).toEqual([]);
});

const folder = join(projectRoot(), '../shared/data/fhir');
describe.skipIf(!existsSync(folder))('the public FHIR data (not present outside the build machines)', () => {
  it('24 patients and a bulk export go in; the log beside it is refused, line by line', () => {
    const counts: Record<string, number> = {};
    const refused: unknown[] = [];
    const wrong: string[] = [];
    for (const part of ['synthea-r4', 'bulk-10-patients'])
      for (const name of readdirSync(join(folder, part))) {
        const splitter = new FhirSplitter(name.endsWith('.ndjson'));
        for (const item of [...splitter.push(readFileSync(join(folder, part, name))), ...splitter.end()]) {
          if (item.kind === 'refused') {
            refused.push([name, item.line, item.code]);
            continue;
          }
          counts['resources'] = (counts['resources'] ?? 0) + 1;
          for (const fact of readFhir(recordOf('fhir', item.body)).facts) {
            counts[fact.fact] = (counts[fact.fact] ?? 0) + 1;
            const columns: readonly string[] = FACTS[fact.fact].map((each) => each.name);
            wrong.push(...Object.keys(fact.values).filter((column) => !columns.includes(column)));
          }
        }
      }
    expect(wrong).toEqual([]);
    expect(refused).toEqual([1, 2, 3, 4].map((line) => ['log.ndjson', line, 'collect.fhir-type']));
    expect(counts).toEqual({ resources: 11_430, person_record: 37, encounter: 1594, condition: 680, medication: 2254, procedure: 2208, observation: 2331 });
  });
});

describe('A type that says nothing in facts', () => {
  const bytes = (text: string): Reading => readFhir(recordOf('fhir', text, {}, 'emr'));
  const nothing = { facts: [], acts: [], quarantined: [] };
  it('is passed over', () => {
    expect(bytes('{"resourceType":"CarePlan","id":"c1"}')).toEqual(nothing);
    expect(bytes('{ "resourceType" : "CarePlan", "id": "c1", "contained": [{ "resourceType": "Patient", "id": "p1" }] }')).toEqual(nothing);
  });
  it('and is not taken for one when the name of the type is said again', () => {
    const again = '"id":"p1","name":[{"text":"张三"}]}';
    expect(bytes(`{"resourceType":"CarePlan","resourceType":"Patient",${again}`).facts).toHaveLength(1);
    expect(bytes(`{"resourceType":"CarePlan","resource\\u0054ype":"Patient",${again}`).facts).toHaveLength(1);
  });
});
