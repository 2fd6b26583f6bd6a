import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue, createLogger, isSafeText } from './index.ts';

function capture(): { log: ReturnType<typeof createLogger>; text: () => string } {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: createLogger({ destination }), text: () => lines.join('') };
}

describe('logs cannot contain a name, a number or words', () => {
  test('Chinese text, phones, resident ids and record numbers are withheld, wherever they stand', () => {
    const { log, text } = capture();
    log.info('test.line', {
      name: '张伟',
      phone: '13912345678',
      id: 'MRN 440308199901101512',
      nested: { words: ['护士态度不好'], spaced: '139 1234 5678' },
      number: 13912345678,
    });
    for (const secret of ['张伟', '13912345678', '440308199901101512', '护士', '139 1234']) expect(text()).not.toContain(secret);
    expect(text().match(/\[withheld\]/g)?.length).toBe(6);
  });

  test('ids we made, codes, counts and times pass', () => {
    const { log, text } = capture();
    log.info('test.line', { id: '0190f6b4-3c2a-7e11-8a2b-1234567890ab', code: 'lake.disk-full', count: 42, at: '2026-03-05T14:30:00Z' });
    expect(text()).not.toContain('[withheld]');
  });

  test('an engine error keeps its code and loses its message, a refusal keeps its sentence', () => {
    const { log, text } = capture();
    log.error('test.failed', { error: Object.assign(new Error('Key (name)=(Zhang Wei) already exists'), { code: '23505' }) });
    log.error('test.refused', { error: catalogue('test', { odd: { status: 400, zh: '不对', en: 'Line {line} is odd.' } })('odd', { line: 7 }) });
    expect(text()).not.toContain('Zhang Wei');
    expect(text()).toContain('23505');
    expect(text()).toContain('Line 7 is odd.');
  });

  test('no string with seven digits in a row or a character beyond ASCII ever passes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1_000_000, max: 99_999_999_999 }), (around, digits) => {
        expect(isSafeText(`${around}${digits}`)).toBe(false);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the printable ASCII range is the rule itself.
        if (/[^\x00-\x7f]/.test(around)) expect(isSafeText(around)).toBe(false);
      }),
    );
  });
});
