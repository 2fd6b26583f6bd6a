import { describe, expect, it } from 'vitest';
import { gb18030 } from '../testing/messages.ts';
import { storedName } from './file-name.ts';
import { recognise } from './recognise.ts';

const kind = (content: string | Uint8Array, name = 'data'): string => {
  const found = recognise(typeof content === 'string' ? Buffer.from(content) : content, name);
  return 'code' in found ? `${found.code}: ${found.reason}` : `${found.type}${'isLines' in found && found.isLines ? ' lines' : ''}`;
};

describe('a file is what its content is', () => {
  it('HL7, FHIR and CSV are recognised whatever they are called', () => {
    expect(kind('MSH|^~\\&|A\r', 'x.csv')).toBe('hl7v2');
    expect(kind('\ufeff\x0bMSH$%~\\&$A\r')).toBe('hl7v2');
    expect(kind('FHS|^~\\&|A\rBHS|^~\\&\r')).toBe('hl7v2');
    expect(kind('PID|1||P1\r')).toBe('hl7v2');
    expect(kind(' \n{"resourceType":"Patient"}', 'x.hl7')).toBe('fhir');
    expect(kind('{"resourceType":"Patient"}', 'x.ndjson')).toBe('fhir lines');
    expect(kind('a,b\n1,2\n', 'x.json')).toBe('csv');
    expect(kind('a\tb\n')).toBe('csv');
    expect(kind('MRN|NAME\n1|x\n', 'x.csv')).toBe('csv');
    expect(kind(gb18030('病案号,姓名\n'))).toBe('csv');
    expect(kind('病案号\n1\n', 'x.csv')).toBe('csv');
  });

  it('pictures, documents, archives and workbooks are refused by what they are, with what to do', () => {
    expect(kind(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'adt.hl7')).toMatch(/PNG.*HL7, FHIR or CSV/);
    expect(kind(Buffer.from('ffd8ffe000104a464946', 'hex'), 'x.csv')).toContain('JPEG');
    expect(kind('%PDF-1.7\n', 'x.json')).toContain('PDF');
    expect(kind(Buffer.from('PK\x03\x04\x14\0\x06\0[Content_Types].xml xl/workbook.xml', 'latin1'), 'x.csv')).toBe('csv');
    expect(kind(Buffer.from('PK\x03\x04\x14\0\x06\0[Content_Types].xml word/document.xml', 'latin1'))).toContain('Office document');
    expect(kind(Buffer.from('PK\x03\x04\x14\0\x06\0data.hl7', 'latin1'))).toMatch(/zip archive.*Unpack/);
    expect(kind(Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'x.xls')).toContain('CSV UTF-8');
    expect(kind(Buffer.from('1f8b0800', 'hex'), 'x.ndjson.gz')).toContain('gzip');
    expect(kind(Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]), 'x.hl7')).toContain('DICOM');
    expect(kind(Buffer.from([0xff, 0xfe, 0x41, 0])), 'x').toContain('UTF-16');
    expect(kind(Buffer.from('PAR1\x15'))).toContain('Parquet');
    expect(kind(Buffer.from('a\0b,c'))).toContain('binary data');
    expect(kind('<html><body>', 'x.csv')).toContain('web page');
    expect(kind('[{"resourceType":"Patient"}]')).toContain('JSON array');
    expect(kind('')).toContain('empty');
    expect(kind(' \r\n ')).toContain('empty');
    expect(kind('just some words')).toContain('not recognised');
    expect(kind('P')).toContain('not recognised');
  });
});

describe('what is kept of a file name', () => {
  it('technical names stay', () => {
    for (const name of [
      'ADT-A01-01.hl7',
      'messages.out',
      'Patient.000.ndjson',
      '预约挂号-2025-03-0001.csv',
      'his-2025-03-0001.hl7',
      '门诊登记_20250301.csv',
      'bookings.csv',
    ])
      expect(storedName(`/some/folder/${name}`)).toBe(name);
  });

  it('anything that may name a person becomes a hash that tells files apart', () => {
    for (const name of [
      'Asa_Hermiston_4384bf23-1dc3-48ca-8c84-89fbaff201ae.json',
      '张三_出院记录.hl7',
      '13800000001.csv',
      '440308199901101512.csv',
      'P1001.hl7',
      '王五.csv',
      'a b c.txt',
    ])
      expect(storedName(name)).toMatch(/^file-[0-9a-f]{8}\.(json|hl7|csv|txt)$/);
    expect(storedName('张三.csv')).not.toBe(storedName('李四.csv'));
  });
});
