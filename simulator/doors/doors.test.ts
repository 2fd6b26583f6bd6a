import { Hl7Message } from '@medplum/core';
import { Fhir } from 'fhir';
import { describe, expect, test } from 'vitest';
import { monthParts } from '../month.ts';
import { createWorld } from '../world.ts';
import { CSV_FILES, CSV_HEADERS, type CsvDoor } from './csv-headers.ts';
import { escapeHl7 } from './hl7.ts';
import type { Part } from './parts.ts';

/** One resource in so many is validated: enough to meet every kind and shape. */
const SAMPLED = 20;
const world = createWorld({ patients: 2000, months: 3, seed: 'doors', end: '2026-11-20' });
const parts: Part[] = [2, 1, 0].flatMap((month) => [...monthParts(world, month)]);
const of = (source: string): Part[] => parts.filter((each) => each.source === source);
const decode = (part: Part, charset: string): string => new TextDecoder(charset, { fatal: true }).decode(part.body);

const parsed = new Map<string, Hl7Message[]>();
function messages(source: string, charset: string): Hl7Message[] {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const found = of(source).flatMap((part) => {
    const text = decode(part, charset);
    return text
      .split(/(?=^MSH\|)/m)
      .flatMap((piece) => piece.split(/\r(?=MSH\|)/))
      .map((piece) => piece.replace(/\r(BTS|FTS)\|[\s\S]*$/, '\r').replace(/^(FHS|BHS)[^\r]*\r/g, ''))
      .filter((piece) => piece.startsWith('MSH|'))
      .map((piece) => Hl7Message.parse(piece));
  });
  parsed.set(source, found);
  return found;
}

describe('HL7 v2', () => {
  test('every message parses in a public parser, and its parts are where the standard puts them', () => {
    const all = [...messages('his', 'gb18030'), ...messages('lis', 'utf-8'), ...messages('ris', 'gb18030'), ...messages('doc', 'utf-8')];
    expect(all.length).toBe(['his', 'lis', 'ris', 'doc'].reduce((sum, source) => sum + of(source).reduce((n, part) => n + part.items, 0), 0));
    for (const message of all) {
      expect(message.header.getField(7).toString()).toMatch(/^\d{14}\+0800$/);
      expect(message.header.getField(10).toString()).not.toBe('');
      const pid = message.getSegment('PID');
      expect(pid?.getField(3).getComponent(1)).toMatch(/^M\d{8}$/);
      expect(pid?.getField(5).toString()).not.toBe('');
      expect(pid?.getField(7).toString()).toMatch(/^\d{8}$/);
    }
  });

  test('all the kinds of messages a hospital sends are there', () => {
    const kinds = new Set(
      [...messages('his', 'gb18030'), ...messages('lis', 'utf-8'), ...messages('ris', 'gb18030'), ...messages('doc', 'utf-8')].map(
        (each) => `${each.header.getField(9).getComponent(1)}^${each.header.getField(9).getComponent(2)}`,
      ),
    );
    for (const kind of [
      'ADT^A01',
      'ADT^A03',
      'ADT^A04',
      'ADT^A11',
      'ADT^A40',
      'SIU^S12',
      'SIU^S14',
      'SIU^S15',
      'SIU^S26',
      'DFT^P03',
      'ORU^R01',
      'ORM^O01',
      'MDM^T02',
    ])
      expect(kinds).toContain(kind);
  });

  test('control numbers never repeat', () => {
    for (const [source, charset] of [
      ['his', 'gb18030'],
      ['lis', 'utf-8'],
      ['ris', 'gb18030'],
      ['doc', 'utf-8'],
    ] as const) {
      const numbers = messages(source, charset).map((each) => each.header.getField(10).toString());
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  test('results are corrected and taken back, bills refunded', () => {
    const statuses = new Set(messages('lis', 'utf-8').flatMap((each) => each.getAllSegments('OBX').map((obx) => obx.getField(11).toString())));
    expect(statuses).toContain('C');
    const refunds = messages('his', 'gb18030')
      .flatMap((each) => each.getAllSegments('FT1'))
      .filter((ft1) => ft1.getField(6).toString() === 'CR');
    expect(refunds.length).toBeGreaterThan(0);
    for (const refund of refunds) expect(Number(refund.getField(11).toString())).toBeLessThan(0);
  });

  test('operations bear the codes follow-up plans are made for', () => {
    const codes = new Set(messages('his', 'gb18030').flatMap((each) => each.getAllSegments('PR1').map((pr1) => pr1.getField(3).getComponent(1))));
    expect([...codes].some((code) => code.startsWith('81.54'))).toBe(true);
    expect([...codes].some((code) => code.startsWith('51.23'))).toBe(true);
  });

  test('separators inside words are escaped', () => {
    expect(escapeHl7('a|b^c~d\\e&f')).toBe('a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\f');
  });
});

test('FHIR resources fit the definitions of R4 in a validator that is not ours', () => {
  const validator = new Fhir();
  let checked = 0;
  for (const part of [...of('emr'), ...of('device')]) {
    const lines = decode(part, 'utf-8').trimEnd().split('\n');
    for (let i = 0; i < lines.length; i += SAMPLED) {
      const { valid, messages: found } = validator.validate(lines[i] as string, { errorOnUnexpected: true });
      // Its value sets hold a part of LOINC, ATC and the HL7 tables only: an unknown code is a warning there, and no fault of the form.
      const faults = found.filter((each) => each.severity !== 'info' && !/not found in value set/.test(each.message ?? ''));
      expect({ valid, faults }).toEqual({ valid: true, faults: [] });
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(500);
});

test('every FHIR line is one resource that names its subject and its time', () => {
  const types = new Set<string>();
  for (const part of [...of('emr'), ...of('device')]) {
    const lines = decode(part, 'utf-8').trimEnd().split('\n');
    expect(lines.length).toBe(part.items);
    for (const line of lines) {
      const resource = JSON.parse(line) as { resourceType: string; id: string; subject?: { reference: string }; patient?: { reference: string } };
      types.add(resource.resourceType);
      expect(resource.id).toMatch(/^[A-Za-z0-9\-.]{1,64}$/);
      if (resource.resourceType !== 'Patient') expect((resource.subject ?? resource.patient)?.reference).toMatch(/^Patient\/M\d{8}$/);
    }
  }
  expect([...types].sort()).toEqual(expect.arrayContaining(['Consent', 'MedicationRequest', 'Observation', 'Patient', 'Procedure']));
});

test('tables have the header they promise and as many fields in every row', () => {
  for (const door of Object.keys(CSV_FILES) as CsvDoor[]) {
    for (const part of of(door).filter((each) => each.fileName.startsWith(CSV_FILES[door].name))) {
      const [head, ...rows] = decode(part, CSV_FILES[door].charset)
        .replace(/^\ufeff/, '')
        .trimEnd()
        .split('\r\n');
      expect(head).toBe(CSV_HEADERS[door].join(','));
      expect(rows.length).toBe(part.items);
      for (const row of rows) expect(row.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.length).toBeGreaterThanOrEqual(CSV_HEADERS[door].length);
    }
  }
});

test('events have the shape of the Segment specification and ids of their own', () => {
  const ids = new Set<string>();
  let count = 0;
  for (const part of of('web')) {
    const { batch } = JSON.parse(decode(part, 'utf-8')) as { batch: { type: string; messageId: string; anonymousId: string; timestamp: string }[] };
    expect(batch.length).toBe(part.items);
    for (const event of batch) {
      ids.add(event.messageId);
      expect(event.type).toMatch(/^(page|track|identify)$/);
      expect(event.timestamp).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.000Z$/);
    }
    count += batch.length;
  }
  expect(ids.size).toBe(count);
});
