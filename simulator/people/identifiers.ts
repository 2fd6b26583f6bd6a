/**
 * Numbers that pass every public check and are aimed at nobody.
 *
 * - Resident ids: real form and checksum (GB 11643, ISO 7064 MOD 11-2), but the area is a prefecture GB/T 2260 never gave out (third and fourth digit
 *   71–89 or 91–98), so no person's id begins like this. Prefecture, county and serial together spell the person's number, so none occurs twice.
 * - Mobile phones: 11 digits of the public form in the segments 154, 163, 164, 179 and 194, which public numbering tables show as not given out.
 * - Passports, permits and certificates: right form, drawn from the person's number.
 */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = '10X98765432';

/** The check character of the first seventeen digits. */
export function checkCharacter(seventeen: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (seventeen.charCodeAt(i) - 48) * (WEIGHTS[i] as number);
  return CHECK[sum % 11] as string;
}

const PROVINCES = ['33', '33', '33', '33', '33', '33', '36', '34', '43', '35', '41', '42', '51', '37', '32'];
const PREFECTURES = [...Array.from({ length: 19 }, (_, i) => 71 + i), ...Array.from({ length: 8 }, (_, i) => 91 + i)];
const COUNTIES = 90;
const SERIALS = 500;

/** `birth` is `YYYYMMDD`. Unique for the first 1.2 million people. */
export function residentId(person: number, province: number, birth: string, isMale: boolean): string {
  const serial = person % SERIALS;
  const county = Math.floor(person / SERIALS) % COUNTIES;
  const prefecture = PREFECTURES[(Math.floor(person / (SERIALS * COUNTIES)) + person) % PREFECTURES.length] as number;
  const area = `${PROVINCES[province % PROVINCES.length]}${prefecture}${String(county + 1).padStart(2, '0')}`;
  const order = String(serial * 2 + (isMale ? 1 : 0)).padStart(3, '0');
  const seventeen = `${area}${birth}${order}`;
  return seventeen + checkCharacter(seventeen);
}

/** The form given out before 1999: two-digit year, no check character. */
export const legacyResidentId = (id: string): string => id.slice(0, 6) + id.slice(8, 17);

const SEGMENTS = ['154', '163', '164', '179', '194'];
/** `holder` numbers phones of one city; the eight digits are a full-cycle permutation, so two holders never share one. */
export function mobilePhone(holder: number): string {
  const scrambled = (holder * 38_196_601 + 27_182_818) % 100_000_000;
  return SEGMENTS[holder % SEGMENTS.length] + String(scrambled).padStart(8, '0');
}

const eight = (person: number, factor: number): string => String((person * factor + 10_007) % 100_000_000).padStart(8, '0');
export const hkMacauPermit = (person: number): string => `${person % 5 === 0 ? 'M' : 'H'}${eight(person, 7_368_787)}`;
export const taiwanPermit = (person: number): string => eight(person, 5_915_587);
export const foreignPassport = (person: number): string => `XA${eight(person, 3_267_013)}`;
export const birthCertificate = (person: number): string => `X${String((person * 1_299_709 + 4_099) % 1_000_000_000).padStart(9, '0')}`;
export const insuranceNumber = (person: number): string => `YB${String((person * 15_485_863 + 32_452_843) % 10_000_000_000).padStart(10, '0')}`;
