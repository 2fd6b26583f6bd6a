/** The two details of a person that may stand in a fact as tokens. */
import type { PersonDetails } from '@xinglin/contracts';
import { isSafeToken } from './safe-values.ts';

/** GB/T 2260, as the source gave it beside an address. */
export const districtOf = (details: PersonDetails): string | null => details.addresses.find((each) => /^\d{6}$/.test(each.district ?? ''))?.district ?? null;

/** DOMAIN B11 付费方式: what sources write, by its code. */
const INSURANCE_WORDS: readonly [RegExp, string][] = [
  [/职工/, '1'],
  [/居民/, '2'],
  [/新农合|农村合作/, '3'],
  [/救助|贫困/, '4'],
  [/商业|商保/, '5'],
  [/公费/, '6'],
  [/自费/, '7'],
  [/社保|社会保险|医保/, '8'],
  [/其他|其它/, '9'],
];

/** The code of a kind of insurance, or the source's own token. Null when it is neither. */
export function insuranceToken(text: string | null): string | null {
  const given = text?.trim() ?? '';
  if (given === '') return null;
  const byWord = INSURANCE_WORDS.find(([word]) => word.test(given))?.[1];
  return byWord ?? (isSafeToken(given) && given.length <= 20 && !/\d{5}/.test(given) ? given : null);
}
