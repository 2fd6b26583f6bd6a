/** The two details of a person that may stand in a fact as tokens. */
import type { PersonDetails } from '@xinglin/contracts';
import { isSafeToken } from './safe-values.ts';

/** GB/T 2260, as the source gave it beside an address. */
export const districtOf = (details: PersonDetails): string | null => details.addresses.find((each) => /^\d{6}$/.test(each.district ?? ''))?.district ?? null;

/** DOMAIN B11 付费方式: what sources write, by the token it has everywhere in the product. */
const INSURANCE_WORDS: readonly [RegExp, string][] = [
  [/职工/, 'employee'],
  [/居民/, 'resident'],
  [/新农合|农村合作/, 'rural'],
  [/救助|贫困/, 'assistance'],
  [/商业|商保/, 'commercial'],
  [/公费/, 'public'],
  [/自费|自付/, 'self-pay'],
  [/社保|社会保险|医保/, 'other-social'],
  [/其他|其它/, 'other'],
];

/** The token of a kind of insurance, or the source's own. Null when it is neither. */
export function insuranceToken(text: string | null): string | null {
  const given = text?.trim() ?? '';
  if (given === '') return null;
  const byWord = INSURANCE_WORDS.find(([word]) => word.test(given))?.[1];
  return byWord ?? (isSafeToken(given) && given.length <= 20 && !/\d{5}/.test(given) ? given : null);
}
