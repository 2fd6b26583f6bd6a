import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { gb18030 } from '../testing/messages.ts';
import { type CsvRecord, CsvSplitter, cellsOf, delimiterOf } from './csv.ts';
import { CsvDecoder, charsetOf } from './decode.ts';

const split = (chunks: readonly string[], { delimiter = ',', max = 1 << 20 } = {}): CsvRecord[] => {
  const splitter = new CsvSplitter(delimiter, max);
  const records: CsvRecord[] = [];
  const taker = { record: (each: CsvRecord) => records.push(each) };
  for (const chunk of chunks) splitter.push(Buffer.from(chunk), taker);
  splitter.end(taker);
  return records;
};
const shown = (records: readonly CsvRecord[]): unknown[] =>
  records.map((each) => (each.kind === 'record' ? [each.line, ...each.cells] : [each.line, each.kind]));

describe('records', () => {
  it('quoted newlines, commas and doubled quotes stay inside; blank lines are passed over', () => {
    expect(shown(split(['a,b,c\r\n\r\n"1","他说""好""，\n走了",3\r\n4,5 "x",6']))).toEqual([
      [1, 'a', 'b', 'c'],
      [3, '1', '他说"好"，\n走了', '3'],
      [5, '4', '5 "x"', '6'],
    ]);
  });

  it('another parser finds the same cells', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '张', '"', ',', '\n', '\r\n', ' ', '1'), maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }),
        (rows, sizes) => {
          const text = Papa.unparse(rows, { quotes: true, newline: '\r\n' });
          const chunks: string[] = [];
          let from = 0;
          for (const size of [...sizes, text.length]) {
            chunks.push(text.slice(from, from + size));
            from += size;
          }
          const ours = split(chunks).map((each) => (each.kind === 'record' ? each.cells : each.kind));
          expect(ours).toEqual(Papa.parse<string[]>(text).data);
        },
      ),
    );
  });

  it('a quote that never closes costs its line', () => {
    expect(shown(split(['a,b\n1,2\n"3,4\n5,6\n7,8\n']))).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
      [3, 'open-quote'],
      [4, '5', '6'],
      [5, '7', '8'],
    ]);
  });

  it('an endless line is passed over in bounded memory', () => {
    const chunks = ['a,b\n1,2\n', ...Array.from({ length: 50 }, () => 'x'.repeat(100)), '\n3,4\n'];
    expect(shown(split(chunks, { max: 1000 }))).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
      [3, 'too-long'],
      [4, '3', '4'],
    ]);
  });

  it('the separator is the one the header uses', () => {
    expect([delimiterOf('a,b;c,d'), delimiterOf('a\tb\tc'), delimiterOf('a;b;"c,d,e,f"'), delimiterOf('a|b'), delimiterOf('a')]).toEqual([
      ',',
      '\t',
      ';',
      '|',
      ',',
    ]);
    expect(cellsOf('"a;b";c', ';')).toEqual(['a;b', 'c']);
  });
});

describe('charsets', () => {
  const decode = (chunks: readonly Uint8Array[]): { text: string; charset: string | null } => {
    const decoder = new CsvDecoder();
    const text = Buffer.concat([...chunks.map((chunk) => decoder.push(chunk)), decoder.end()]).toString('utf8');
    return { text, charset: decoder.charset };
  };

  it('UTF-8 with and without a mark, GB18030, plain ASCII', () => {
    const text = '病案号,姓名\n1001,䶮𠅤\n';
    expect(decode([Buffer.from(text)])).toEqual({ text, charset: 'utf-8' });
    expect(decode([Buffer.from(`\ufeff${text}`)])).toEqual({ text, charset: 'utf-8' });
    expect(decode([gb18030(text)])).toEqual({ text, charset: 'gb18030' });
    expect(decode([Buffer.from('a,b\n1,2\n')])).toEqual({ text: 'a,b\n1,2\n', charset: null });
  });

  it('wherever the stream is cut', () => {
    const text = 'id,name\n1,欧阳模\n2,䶮𠅤\n';
    for (const bytes of [Buffer.from(text), gb18030(text)])
      for (let at = 1; at < bytes.length; at += 1) expect(decode([bytes.subarray(0, at), bytes.subarray(at)]).text).toBe(text);
  });

  it('the first hanzi may come late', () => {
    const text = `${'id,name\n'.repeat(100)}1,张三\n`;
    const bytes = gb18030(text);
    expect(decode([bytes.subarray(0, 400), bytes.subarray(400)])).toEqual({ text, charset: 'gb18030' });
  });

  it('two GB18030 bytes that could be a foreign letter are hanzi', () => {
    expect(charsetOf(Buffer.from([0xc4, 0xa3]))).toBe('gb18030');
    expect(charsetOf(Buffer.from('Müller, Łódź'))).toBe('utf-8');
  });
});
