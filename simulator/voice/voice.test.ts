import { describe, expect, test } from 'vitest';
import { Random } from '../random.ts';
import { Grammar } from './grammar.ts';
import { ASPECTS, PHRASES } from './phrases.ts';
import { type Opinion, type Platform, speak } from './speak.ts';

const slots = { setting: 'clinic', dept: '骨科', doctor: '陈', illness: '膝盖疼', drug: '塞来昔布胶囊', minutes: '45', n: '3' } as const;
const PLATFORMS: Platform[] = ['weibo', 'douyin', 'xiaohongshu', 'dianping', 'haodf'];

describe('what patients write', () => {
  const random = new Random();
  const reviews = Array.from({ length: 1000 }, (_, i) => {
    random.at(11, 1, i);
    const opinions: Opinion[] = Array.from({ length: 1 + random.int(3) }, () => ({ aspect: random.pick(ASPECTS), isGood: random.chance(0.6) }));
    return speak(random, opinions, random.between(-1, 1), slots, random.pick(PLATFORMS));
  });

  test('a thousand reviews are nearly all different and hold over eight thousand distinct four-character runs', () => {
    expect(new Set(reviews).size).toBeGreaterThan(985);
    const grams = new Set<string>();
    for (const text of reviews) for (let i = 0; i + 4 <= text.length; i++) grams.add(text.slice(i, i + 4));
    expect(grams.size).toBeGreaterThan(8000);
  });

  test('no slot or bracket is left in the words', () => {
    for (const text of reviews) expect(text).not.toMatch(/[{}[\]|]|undefined/);
  });

  test('every aspect can be praised and blamed', () => {
    for (const aspect of ASPECTS) for (const tone of ['+', '-']) expect(PHRASES[`${aspect}${tone}`]?.length ?? 0).toBeGreaterThan(0);
  });
});

test('a grammar draws options, rules and slots, slots first', () => {
  const grammar = new Grammar({ a: ['[x|y]{b}{c}'], b: ['1'], c: ['rule'] });
  expect(grammar.say('a', new Random().at(1, 1), { c: 'slot' })).toMatch(/^[xy]1slot$/);
  expect(() => grammar.say('missing', new Random())).toThrow(RangeError);
});
