import type { Random } from '../random.ts';
import { Grammar } from './grammar.ts';
import { type Aspect, OPENINGS, PHRASES } from './phrases.ts';

const grammar = new Grammar({ ...PHRASES, ...OPENINGS });

export type Platform = 'weibo' | 'douyin' | 'xiaohongshu' | 'dianping' | 'haodf';
export interface Opinion {
  readonly aspect: Aspect;
  readonly isGood: boolean;
}
/** Where the words come from: a clinic, a bed, a bed after an operation. */
export type Setting = 'clinic' | 'stay' | 'operation';
export interface Slots {
  readonly setting: Setting;
  readonly dept: string;
  readonly doctor: string;
  readonly illness: string;
  readonly drug: string;
  readonly minutes: string;
  readonly n: string;
}

/** Punctuation and small slips vary between writers: full stops, exclamation marks, spaces, none. */
const STOPS = ['。', '。', '，', '！', '；', ' ', '~', '。'];

/** Text saying the opinions in order; `warmth` −1 to 1 colours the ending. */
export function speak(random: Random, opinions: readonly Opinion[], warmth: number, slots: Slots, platform?: Platform, isShort = false): string {
  const words: Readonly<Record<string, string>> = { ...slots };
  const ruleOf = (rule: string): string => {
    if (slots.setting === 'clinic') return rule;
    const own = [`${rule}@${slots.setting}`, `${rule}@stay`].find((each) => grammar.has(each));
    return own !== undefined && random.chance(0.65) ? own : rule;
  };
  let text = platform !== undefined ? grammar.say(`${platform}-begin`, random, words) : '';
  if (!isShort && random.chance(0.55)) text += `${grammar.say(slots.setting === 'clinic' ? 'come' : 'come@stay', random, words)}，`;
  let before: boolean | null = null;
  for (const { aspect, isGood } of opinions) {
    if (before !== null) text += before === isGood ? grammar.say('also', random, words) : grammar.say('but', random, words);
    text += grammar.say(ruleOf(`${aspect}${isGood ? '+' : '-'}`), random, words) + random.pick(STOPS);
    before = isGood;
  }
  if (!isShort || random.chance(0.3)) text += grammar.say(warmth < -0.3 ? 'ending0' : warmth > 0.3 ? 'ending2' : 'ending1', random, words);
  if (platform === 'weibo' || platform === 'douyin' || platform === 'xiaohongshu') text += grammar.say(`${platform}-end`, random, words);
  return text.replace(/[，；~ ]+$/, '').replace(/，{2,}/g, '，');
}
