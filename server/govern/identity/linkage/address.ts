/**
 * A Chinese address taken apart: province, city, district, and the rest. Systems leave out the parts everybody in town knows, so parts are
 * compared where both sides give them.
 */
export interface Address {
  readonly province: string | null;
  readonly city: string | null;
  readonly district: string | null;
  /** Street, house, room; without the words that only separate them. */
  readonly rest: string;
}

const PROVINCE = /^(.{2,3}?(?:省|自治区|特别行政区)|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|北京市?|天津市?|上海市?|重庆市?)/u;
const CITY = /^(.{2,6}?(?:自治州|地区|盟)|.{2,4}?市(?!场))/u;
const DISTRICT = /^(.{1,6}?(?:自治县|自治旗|新区|开发区|林区|县|旗)|.{1,4}?区(?![\d一二三四五六七八九十]*(?:号|栋|幢))|.{2,4}?市(?!场))/u;
const MUNICIPALITY = /^(北京|天津|上海|重庆)/u;
/** 3幢2单元501室, 3-2-501 and 3栋2单元501 are one place. */
const SEPARATORS = /[号栋幢座楼单元室户弄巷\- ]+/gu;

/** `folded` has no spaces between Chinese characters and is simplified (see `foldText`). */
export function splitAddress(folded: string): Address {
  let left = folded.replace(/^中国|^中华人民共和国/u, '');
  const take = (pattern: RegExp): string | null => {
    const found = pattern.exec(left)?.[1] ?? null;
    if (found === null || found.length === left.length) return null;
    left = left.slice(found.length);
    return found;
  };
  let province = take(PROVINCE);
  let city: string | null = null;
  if (province !== null && MUNICIPALITY.test(province)) {
    province = city = province.slice(0, 2);
    left = left.replace(/^(?:市辖区|市|县)/u, '');
  } else {
    province = province?.replace(/(?:省|(?:壮族|回族|维吾尔)?自治区|特别行政区)$/u, '') ?? null;
    city = take(CITY)?.replace(/市$/u, '') ?? null;
  }
  let district = take(DISTRICT);
  // A town that is a county's equal (临川市): what was read as the city stands where a district would.
  if (province === null && district === null && city !== null) [city, district] = [null, `${city}市`];
  if (district !== null) district = district.replace(/^市辖区/u, '') || null;
  return { province, city, district, rest: left.replace(SEPARATORS, ' ').trim() };
}
