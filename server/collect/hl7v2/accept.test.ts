import { describe, expect, it } from 'vitest';
import { gb18030, hl7, PID } from '../testing/messages.ts';
import { acceptMessage } from './accept.ts';
import { charsetNamed, decodeMessage } from './charset.ts';
import { readHl7Date, readHl7Time } from './time.ts';

const codeOf = (text: string | Uint8Array): string | undefined => {
  const accepted = acceptMessage(typeof text === 'string' ? Buffer.from(text) : text);
  return 'code' in accepted ? accepted.code : undefined;
};

describe('the structural look at the door', () => {
  it('takes a message with MSH and a control id, of any type, unchanged', () => {
    const text = hl7('ZZZ^Z99', ['ZED|x']);
    const accepted = acceptMessage(Buffer.from(text));
    expect('code' in accepted ? accepted.code : Buffer.from(accepted.body).toString()).toBe(text);
  });

  it('refuses what is not structurally a message', () => {
    expect(codeOf('')).toBe('collect.empty');
    expect(codeOf('\r\n\r\n')).toBe('collect.empty');
    expect(codeOf('PID|1||P1\r')).toBe('collect.hl7-no-msh');
    expect(codeOf(Buffer.from('89504e470d0a1a0a', 'hex'))).toBe('collect.hl7-no-msh');
    expect(codeOf('MSH|^^^^|A|B\r')).toBe('collect.hl7-separators');
    expect(codeOf(hl7('ADT^A01', [PID], { id: '' }))).toBe('collect.hl7-no-control-id');
    expect(codeOf('MSH|^~\\&|A\r')).toBe('collect.hl7-no-control-id');
  });

  it('remembers how the characters were decided, so that the bytes are read the same way for ever', () => {
    const meta = (bytes: Uint8Array, charset?: string): unknown => {
      const accepted = acceptMessage(bytes, { charset: charset ?? null });
      return 'code' in accepted ? accepted.code : accepted.meta;
    };
    expect(meta(gb18030(hl7('ADT^A01', [PID])))).toEqual({ charset: 'gb18030', charsetBy: 'fallback' });
    expect(meta(Buffer.from(hl7('ADT^A01', [PID])))).toEqual({ charset: 'utf-8', charsetBy: 'valid-utf-8' });
    expect(meta(Buffer.from(`\ufeff${hl7('ADT^A01', [PID], { charset: 'GBK' })}`))).toEqual({ charset: 'utf-8', charsetBy: 'bom' });
    expect(meta(gb18030(hl7('ADT^A01', [PID])), 'GBK')).toEqual({ charset: 'gb18030', charsetBy: 'override' });
    expect(meta(gb18030(hl7('ADT^A01', [PID])), 'utf-8')).toEqual({ charset: 'utf-8', charsetBy: 'override', replaced: 1 });
  });
});

describe('names of charsets', () => {
  it('sloppy ones are understood', () => {
    for (const name of ['GB 18030-2000', 'gb18030', 'GBK', 'CP936', 'GB2312', 'GB-2312']) expect(charsetNamed(name)).toBe('gb18030');
    for (const name of ['UNICODE UTF-8', 'UTF-8', 'utf8', 'UNICODE']) expect(charsetNamed(name)).toBe('utf-8');
    expect([charsetNamed('8859/1'), charsetNamed('8859/15'), charsetNamed('ASCII'), charsetNamed('BIG-5'), charsetNamed('KLINGON'), charsetNamed('')]).toEqual([
      'iso-8859-1',
      'iso-8859-15',
      'ascii',
      'big5',
      null,
      null,
    ]);
  });

  it('the first repetition of MSH-18 counts', () => {
    const { charset, reason } = decodeMessage(gb18030(hl7('ADT^A01', [PID], { charset: 'GBK~UNICODE UTF-8' })));
    expect([charset, reason]).toEqual(['gb18030', 'declared']);
  });

  it('8859/1 is taken at its word', () => {
    const bytes = Buffer.from(hl7('ADT^A01', ['PID|1||P1||M\xfcller'], { charset: '8859/1' }), 'latin1');
    expect(decodeMessage(bytes).text).toContain('Müller');
  });
});

describe('times', () => {
  const read = (text: string): unknown => {
    const time = readHl7Time(text, 'Asia/Shanghai');
    return time === null ? null : [time.iso, time.precision];
  };
  it('keep their precision and zone; without one they are local', () => {
    expect(read('2025')).toEqual(['2024-12-31T16:00:00.000Z', 'year']);
    expect(read('202503')).toEqual(['2025-02-28T16:00:00.000Z', 'month']);
    expect(read('20250301')).toEqual(['2025-02-28T16:00:00.000Z', 'day']);
    expect(read('202503010830')).toEqual(['2025-03-01T00:30:00.000Z', 'minute']);
    expect(read('20250301083000')).toEqual(['2025-03-01T00:30:00.000Z', 'second']);
    expect(read('20250301083000.25+0800')).toEqual(['2025-03-01T00:30:00.250Z', 'millisecond']);
    expect(read('20250301083000-0500')).toEqual(['2025-03-01T13:30:00.000Z', 'second']);
    expect(read('2004062916460000')).toEqual(['2004-06-29T08:46:00.000Z', 'millisecond']);
  });
  it('know the summer times of 1986–1991', () => {
    expect(read('19880701120000')).toEqual(['1988-07-01T03:00:00.000Z', 'second']);
    expect(read('19880101120000')).toEqual(['1988-01-01T04:00:00.000Z', 'second']);
  });
  it('that do not exist are none', () => {
    for (const text of ['', '20250230', '20251301', '2025030124', '202503016', 'yesterday', '00000000']) expect(read(text)).toBeNull();
  });
  it('birth dates stay calendar dates', () => {
    expect([readHl7Date('19880701'), readHl7Date('19880701000000+0215'), readHl7Date('198807'), readHl7Date('1988'), readHl7Date('x')]).toEqual([
      '1988-07-01',
      '1988-07-01',
      '1988-07',
      '1988',
      null,
    ]);
  });
});
