import { cumulate, type Random } from '../random.ts';
import {
  COMPOUND_SURNAMES,
  DOTTED_FEMALE,
  DOTTED_MALE,
  FEMALE,
  type GivenTable,
  LONG_FEMALE,
  LONG_MALE,
  MALE,
  RARE_SURNAMES,
  SURNAMES,
} from './name-tables.ts';

const surnameShares = cumulate(SURNAMES.map(([, share]) => share));
/** Share of people whose surname is in none of the tables' heads, has two characters, or who have no surname at all. */
const RARE_SHARE = 0.055;
const COMPOUND_SHARE = 0.0015;
/** Names with `·`, and long names without. */
export const DOTTED_SHARE = 0.008;
const LONG_SHARE = 0.003;

export type NameKind = 'han' | 'dotted' | 'long';
export interface PersonName {
  readonly kind: NameKind;
  /** As a document shows it. */
  readonly full: string;
  readonly surname: string;
  readonly given: string;
}

export const nameKind = (random: Random): NameKind => {
  const at = random.unit();
  return at < DOTTED_SHARE ? 'dotted' : at < DOTTED_SHARE + LONG_SHARE ? 'long' : 'han';
};

export function drawSurname(random: Random): string {
  const at = random.unit();
  if (at < COMPOUND_SHARE) return random.pick(COMPOUND_SURNAMES);
  if (at < COMPOUND_SHARE + RARE_SHARE) return random.pick(RARE_SURNAMES);
  return (SURNAMES[random.weighted(surnameShares)] as (typeof SURNAMES)[number])[0];
}

/** Falling weights: the first of `n` characters is about five times as common as the last. */
const falling = new Map<number, Float64Array>();
const pickFalling = (random: Random, from: readonly string[]): string => {
  let sums = falling.get(from.length);
  if (sums === undefined) {
    sums = cumulate(from.map((_, i) => 1 / (i + 5)));
    falling.set(from.length, sums);
  }
  return from[random.weighted(sums)] as string;
};

const tableFor = (tables: readonly GivenTable[], year: number): GivenTable => tables.find((each) => year <= each.until) ?? (tables.at(-1) as GivenTable);

export function drawGiven(random: Random, isMale: boolean, birthYear: number): string {
  const table = tableFor(isMale ? MALE : FEMALE, birthYear);
  if (random.chance(table.single)) return pickFalling(random, table.alone);
  const first = pickFalling(random, table.first);
  const second = pickFalling(random, table.second);
  return first + second;
}

export function drawName(random: Random, kind: NameKind, surname: string, isMale: boolean, birthYear: number): PersonName {
  if (kind === 'dotted') {
    const given = random.pick(isMale ? DOTTED_MALE : DOTTED_FEMALE);
    const father = random.pick(DOTTED_MALE);
    return { kind, full: `${given}·${father}`, surname: father, given };
  }
  if (kind === 'long') {
    const full = random.pick(isMale ? LONG_MALE : LONG_FEMALE);
    return { kind, full, surname: '', given: full };
  }
  const given = drawGiven(random, isMale, birthYear);
  return { kind, full: surname + given, surname, given };
}

const NICK_BEGIN = [
  '快乐',
  '阳光',
  '小小',
  '爱吃',
  '清风',
  '云淡',
  '向日',
  '大海',
  '简单',
  '平安',
  '幸福',
  '追风',
  '半夏',
  '南山',
  '微笑',
  '星空',
  '柠檬',
  '老',
];
const NICK_END = ['的猫', '妈妈', '葵', '先生', '小姐姐', '少年', '一家人', '是福', '如歌', '橘子', '老爸', '豆豆', '微凉', '旅人', '茶', '123', '666', '✨'];
/** What 30 % of the app's accounts are called. Some carry a piece of the name, most do not. */
export function drawNickname(random: Random, name: PersonName): string {
  const at = random.unit();
  if (at < 0.15 && name.kind === 'han') return `小${name.given.slice(-1)}`;
  if (at < 0.25 && name.kind === 'han') return `${name.given.slice(-1).repeat(2)}${random.pick(['妈', '爸', '宝', '呀'])}`;
  if (at < 0.3) return `用户${String(random.int(1_000_000)).padStart(6, '0')}`;
  return random.pick(NICK_BEGIN) + random.pick(NICK_END);
}
