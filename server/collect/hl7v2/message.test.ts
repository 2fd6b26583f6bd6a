import { Hl7Message } from '@medplum/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gb18030, hl7, PID, pv1 } from '../testing/messages.ts';
import { decodeMessage } from './charset.ts';
import { escapeText } from './escape.ts';
import { Message, readSeparators } from './message.ts';

const parse = (text: string, charset = 'utf-8'): Message => {
  const message = Message.parse(text, charset);
  if (message === null) throw new Error('not a message');
  return message;
};
const zed = (value: string): string => hl7('ZZZ^Z01', [`ZED|${value}`]);

describe('separators are read from the message', () => {
  it('whatever they are', () => {
    const message = parse('MSH$%*!@$APP\rPID$1$$A%B@C*D%E!S!F\r');
    expect(message.separators).toEqual({ field: '$', component: '%', repetition: '*', escape: '!', subcomponent: '@', truncation: '' });
    const [first, second] = message.first('PID')?.repetitions(3) ?? [];
    expect([first?.at(1), first?.at(2), first?.at(2, 2), second?.at(1), second?.at(2)]).toEqual(['A', 'B', 'C', 'D', 'E%F']);
  });

  it('the fifth sign of v2.7 is the truncation', () => {
    expect(readSeparators('MSH|^~\\&#|A')?.truncation).toBe('#');
    expect(parse('MSH|^~\\&#|A\rZED|x\\P\\y\r').first('ZED')?.get(1)).toBe('x#y');
  });

  it('signs that cannot separate are no message', () => {
    for (const header of ['MSH', 'MSH|', 'MSHA^~\\&A', 'MSH|^^\\&|', 'MSH|ab|', 'PID|^~\\&|', 'MSH||^~\\&|']) expect(readSeparators(header)).toBeNull();
  });

  it('MSH-1 counts as a field', () => {
    const msh = parse(hl7('ADT^A01', [])).first('MSH');
    expect([msh?.get(3), msh?.get(9, 2), msh?.get(10), msh?.get(12)]).toEqual(['HIS', 'A01', 'M1', '2.5.1']);
    expect(msh?.raw(1)).toBe('|');
    expect(msh?.raw(2)).toBe('^~\\&');
  });
});

describe('values', () => {
  it('an empty field says nothing, "" says delete', () => {
    const zed = parse(hl7('ZZZ^Z01', ['ZED||""|x'])).first('ZED');
    expect([zed?.get(1), zed?.isCleared(1), zed?.get(2), zed?.isCleared(2), zed?.get(3), zed?.get(99)]).toEqual(['', false, '', true, 'x', '']);
    expect(zed?.repetitions(2)).toEqual([]);
  });

  it('escapes are undone at the leaf, unknown ones stay', () => {
    const read = (text: string): string | undefined => parse(zed(text)).first('ZED')?.get(1);
    expect(read('a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f')).toBe('a|b^c&d~e\\f');
    expect(read('line\\.br\\next\\.sp2\\then')).toBe('line\nnext\n\nthen');
    expect(read('\\H\\bold\\N\\ plain')).toBe('bold plain');
    expect(read('\\X41422043\\')).toBe('AB C');
    expect(read('\\Zloc\\x')).toBe('\\Zloc\\x');
    expect(read('5\\6 and \\C2842\\')).toBe('5\\6 and \\C2842\\');
    expect(read('\\')).toBe('\\');
  });

  it('\\X..\\ is decoded in the charset of the message', () => {
    expect(parse(zed('\\XD5C5C8FD\\'), 'gb18030').first('ZED')?.get(1)).toBe('张三');
    expect(parse(zed('\\XE5BCA0\\'), 'utf-8').first('ZED')?.get(1)).toBe('张');
  });

  it('any text survives escaping and reading', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const clean = [...text]
          .filter((sign) => sign >= ' ' && sign !== '\ufeff')
          .join('')
          .trim();
        fc.pre(clean !== '' && clean !== '""');
        const message = parse(hl7('ZZZ^Z01', []));
        const read = parse(zed(`before|${escapeText(clean, message.separators)}^x|after`)).first('ZED');
        expect(read?.get(2)).toBe(clean);
        expect([read?.get(1), read?.get(2, 2), read?.get(3)]).toEqual(['before', 'x', 'after']);
      }),
    );
  });

  it('a raw line end inside a text keeps the text together, and nothing after the last segment is lost', () => {
    const message = parse(`${hl7('ORU^R01', [PID, 'OBX|1|TX|R^报告||第一行\n第二行，见 CT|x', 'ZZ1|local|说明'])}ZZ2|last`);
    expect(message.first('OBX')?.repetitions(5)[0]?.text).toBe('第一行\n第二行，见 CT');
    expect(message.first('ZZ1')?.get(2)).toBe('说明');
    expect(message.first('ZZ2')?.get(1)).toBe('last');
  });
});

describe('GB18030', () => {
  // Characters whose second byte looks like a separator: 8E7C |, 8E5E ^, 8E7E ~, 8E5C \.
  const TRAPS = ['巪', '巀', '巭', '嶾'];

  it('trail bytes that look like separators do not break fields', () => {
    for (const trap of TRAPS) {
      const bytes = gb18030(hl7('ADT^A08', [`PID|1||P1^^^HIS^MR||${trap}^${trap}${trap}||19990110|M`], { charset: 'GB 18030-2000' }));
      expect(bytes.includes(0x8e)).toBe(true);
      const { text, charset, reason } = decodeMessage(bytes);
      expect([charset, reason]).toEqual(['gb18030', 'declared']);
      const pid = parse(text, charset).first('PID');
      expect([pid?.get(5, 1), pid?.get(5, 2), pid?.get(7), pid?.get(8)]).toEqual([trap, trap + trap, '19990110', 'M']);
    }
  });

  it('even in MSH before MSH-18 is reached, and when nothing or the wrong thing is declared', () => {
    for (const charset of ['GB 18030-2000', '', 'UNICODE UTF-8', 'ASCII']) {
      const bytes = gb18030(hl7('ADT^A08', [PID], { charset }).replace('|HIS|', '|巪巀|'));
      const { text, isReplaced } = decodeMessage(bytes);
      const message = parse(text, 'gb18030');
      expect([message.first('MSH')?.get(3), message.first('PID')?.get(5), isReplaced]).toEqual(['巪巀', '张', false]);
    }
  });

  it('rare names of four bytes and beyond the basic plane are whole', () => {
    const { text, charset } = decodeMessage(gb18030(hl7('ADT^A08', ['PID|1||P1||䶮㛃𠅤'])));
    expect([charset, parse(text, charset).first('PID')?.get(5)]).toEqual(['gb18030', '䶮㛃𠅤']);
  });
});

describe('against another parser', () => {
  it('gives the same values on well-formed messages', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9张三李四 .-]{1,10}$/).map((text) => text.trim() || 'x');
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
        (fields) => {
          const line = `ZED|${fields.map((repetitions) => repetitions.map((components) => components.join('^')).join('~')).join('|')}`;
          const text = hl7('ZZZ^Z01', [pv1(), line]);
          const ours = parse(text).first('ZED');
          const theirs = Hl7Message.parse(text).getSegment('ZED');
          for (const [at, repetitions] of fields.entries())
            for (const [nth, components] of repetitions.entries())
              for (let component = 1; component <= components.length; component += 1)
                expect(ours?.repetitions(at + 1)[nth]?.at(component)).toBe(
                  theirs
                    ?.getField(at + 1)
                    ?.getComponent(component, undefined, nth)
                    ?.trim(),
                );
        },
      ),
    );
  });
});
