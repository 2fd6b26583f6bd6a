import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gb18030, hl7, PID } from '../testing/messages.ts';
import { Hl7Splitter, type Piece } from './split.ts';

const split = (chunks: readonly Uint8Array[], max?: number): Piece[] => {
  const splitter = new Hl7Splitter(max);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
};
const shown = (pieces: readonly Piece[]): unknown[] =>
  pieces.map((each) => (each.kind === 'message' ? [each.line, Buffer.from(each.bytes).toString('latin1')] : [each.kind, each.line]));
const one = hl7('ADT^A08', [PID], { id: 'A' }).trimEnd();
const two = hl7('ORU^R01', [PID, 'OBX|1|TX|R||一行'], { id: 'B' }).trimEnd();

describe('messages are found', () => {
  it.each([
    ['one without a line end', one, 1],
    ['two in a row', `${one}\r${two}\r`, 2],
    ['with LF', `${one.replaceAll('\r', '\n')}\n${two.replaceAll('\r', '\n')}`, 2],
    ['with CR LF and blank lines', `\r\n${one.replaceAll('\r', '\r\n')}\r\n\r\n${two.replaceAll('\r', '\r\n')}\r\n \r\n`, 2],
    ['in a batch', `FHS|^~\\&|HIS\rBHS|^~\\&|HIS\r${one}\r${two}\rBTS|2\rFTS|1\r`, 2],
    ['in MLLP frames', `\x0b${one}\r\x1c\r\x0b${two}\r\x1c\r`, 2],
    ['after a byte order mark', `\ufeff${one}\r`, 1],
    ['with byte order marks between, as joined files have', `\ufeff${one}\r\ufeff${two}\r`, 2],
  ])('%s', (_name, text, count) => {
    const pieces = split([Buffer.from(text)]);
    expect(pieces.map((each) => each.kind)).toEqual(Array.from({ length: count }, () => 'message'));
    const normal = (message: string): string => message.replace(/\r\n|\n/g, '\r');
    expect(normal(Buffer.from((pieces[0] as { bytes: Uint8Array }).bytes).toString())).toBe(one);
    if (count === 2) expect(normal(Buffer.from((pieces[1] as { bytes: Uint8Array }).bytes).toString())).toBe(two);
  });

  it('wherever the stream is cut', () => {
    const bytes = gb18030(
      `FHS|^~\\&|HIS\r\n\x0b${one}\r\x1c\r${two.replaceAll('\r', '\r\n')}\r\n\r\n${hl7('ADT^A08', ['PID|1||P1||巪巀巭嶾'], { id: 'C' })}FTS|3\r`,
    );
    const whole = shown(split([bytes]));
    expect(whole).toHaveLength(3);
    for (let at = 1; at < bytes.length; at += 1) expect(shown(split([bytes.subarray(0, at), bytes.subarray(at)]))).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 80 }), (sizes) => {
        const chunks: Uint8Array[] = [];
        let from = 0;
        for (const size of [...sizes, bytes.length]) {
          chunks.push(bytes.subarray(from, from + size));
          from += size;
        }
        expect(shown(split(chunks))).toEqual(whole);
      }),
    );
  });

  it('with the line they begin at', () => {
    expect(split([Buffer.from(`${one}\r\n\n${two}\r`)]).map((each) => each.line)).toEqual([1, 4]);
  });
});

describe('what is no message', () => {
  it('before the first MSH is one stray piece, and the messages after it go on', () => {
    const pieces = split([Buffer.from(`PID|1||P1\rPV1|1|O\r${one}\r`)]);
    expect(shown(pieces)).toMatchObject([
      ['stray', 1],
      [3, expect.any(String)],
    ]);
  });

  it('an endless line is one oversize piece in bounded memory, and what stands around it goes in', () => {
    const max = 1000;
    const long = Buffer.alloc(700, 0x41);
    const chunks = [Buffer.from(`${one}\r${two}|`), ...Array.from({ length: 20 }, () => long), Buffer.from(`\r${one}\r`)];
    expect(shown(split(chunks, max))).toMatchObject([
      [1, expect.any(String)],
      ['oversize', 3],
      [6, expect.any(String)],
    ]);
  });

  it('so is an endless message of many lines, and an endless line that is no message', () => {
    const max = 1000;
    const segment = `OBX|1|TX|R||${'a'.repeat(200)}\r`;
    expect(shown(split([Buffer.from(`${one}\r${segment.repeat(20)}${two}`)], max)).map((each) => (each as unknown[])[0])).toEqual(['oversize', 23]);
    expect(split([Buffer.alloc(900, 0x42), Buffer.alloc(900, 0x42), Buffer.from(`\r${one}`)], max).map((each) => each.kind)).toEqual(['oversize', 'message']);
  });
});
