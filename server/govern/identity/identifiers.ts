/**
 * What counts as an identifier of a person, and how it is written before it is hashed.
 * Shapes and vectors: DOMAIN B12 (GB 11643-1999 with ISO 7064 MOD 11-2, permits, phones).
 */
import type { SourceId } from '@xinglin/contracts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';
const PROVINCES = '(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82|83|91)';
const RESIDENT_ID_18 = new RegExp(`^${PROVINCES}\\d{4}(?:18|19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}[\\dX]$`);
const RESIDENT_ID_15 = /^[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}$/;
const FOREIGN_PERMANENT = /^(?:[A-Z]{3}\d{12}|9\d{16}[\dX])$/;
const HK_MACAU_PERMIT = /^[HM]\d{8}(?:\d{2})?$/;
const TAIWAN_PERMIT = /^(?:\d{8}|\d{10}[A-Z]?)$/;
const CN_PASSPORT = /^(?:E[A-HJ-NP-Z0-9]\d{7}|[EGDSPK]\d{8}|1[45]\d{7})$/;
const FOREIGN_PASSPORT = /^(?=.*\d)[A-Z0-9]{5,17}$/;
const BIRTH_CERTIFICATE = /^[A-Z]\d{9}$/;
const MOBILE_CN = /^(?:(?:\+|00)?86)?(1[3-9]\d{9})$/;
const LANDLINE = /^0\d{2,3}-?[2-9]\d{6,7}(?:[-转]\d{1,6})?$/;
const SERVICE_400 = /^400\d{7}$/;
const OVERSEAS_MOBILE = /^\+(?:852[4-9]\d{7}|8536\d{7}|8869\d{8})$/;

/** Width, case, spaces, dashes and invisible characters folded away. */
export const foldNumber = (raw: string): string => (/^[!-,.-~]*$/.test(raw) ? raw.toUpperCase() : foldedNumber(raw));
const foldedNumber = (raw: string): string =>
  raw
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200d\ufeff‐-―-]/g, '')
    .toUpperCase();

export interface ResidentId {
  /** 18 characters. */
  readonly id: string;
  /** `YYYY-MM-DD` */
  readonly birth: string;
  readonly sex: 'male' | 'female';
  /** GB/T 2260 code of the place of first registration; historic codes are accepted. */
  readonly area: string;
  /** Written in the 15-digit form of before 1999. */
  readonly isLegacy: boolean;
}

const checkCharacter = (first17: string): string => {
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += Number(first17[i]) * (WEIGHTS[i] ?? 0);
  return CHECK_CHARACTERS[sum % 11] ?? '';
};

/** The number in its 18-character form when it is real: shape, province, date not after `today`, check character, no placeholder. Else null. */
export function readResidentId(raw: string, today: Date): ResidentId | null {
  const folded = foldNumber(raw);
  const isLegacy = RESIDENT_ID_15.test(folded);
  const first17 = isLegacy ? `${folded.slice(0, 6)}19${folded.slice(6)}` : '';
  const id = isLegacy ? first17 + checkCharacter(first17) : folded;
  if (!RESIDENT_ID_18.test(id) || checkCharacter(id.slice(0, 17)) !== id[17] || isPlaceholderId(id)) return null;
  const [year, month, day] = [Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14))];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date > today) return null;
  return {
    id,
    birth: `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`,
    sex: Number(id[16]) % 2 === 1 ? 'male' : 'female',
    area: id.slice(0, 6),
    isLegacy,
  };
}

/**
 * Numbers typed to get past a form although their check character fits: serial 000, one digit all over, or the first of January with
 * a serial of one digit (the way dummy cards are made up). A serial of one digit alone is not enough: one real number in a hundred has one.
 */
function isPlaceholderId(id: string): boolean {
  if (id.startsWith('000', 14)) return true;
  // The third different digit of the seventeen settles it, mostly within the first six.
  let [at, other] = [1, ''];
  for (; at < 17; at += 1) {
    const digit = id[at] as string;
    if (digit === id[0] || digit === other) continue;
    if (other !== '') break;
    other = digit;
  }
  if (at === 17) return true;
  return id[14] === id[15] && id[15] === id[16] && id.startsWith('0101', 10);
}

export type PhoneKind = 'mobile' | 'landline' | 'service' | 'overseas' | 'other';
export interface Phone {
  /** How it is stored and compared: `+86…` for mobiles, digits for the others. */
  readonly number: string;
  readonly kind: PhoneKind;
}

/** Null for what cannot be a phone or is a known filler (13800138000, one digit repeated, counted up). */
export function readPhone(raw: string): Phone | null {
  const folded = foldNumber(raw).replace(/[().（）]/g, '');
  const mobile = MOBILE_CN.exec(folded)?.[1];
  if (mobile !== undefined) return isFillerPhone(mobile) ? null : { number: `+86${mobile}`, kind: 'mobile' };
  if (OVERSEAS_MOBILE.test(folded)) return { number: folded, kind: 'overseas' };
  if (SERVICE_400.test(folded)) return { number: folded, kind: 'service' };
  const national = folded.replace(/^(?:\+|00)86/, '0').replace(/^00(\d)/, '0$1');
  if (LANDLINE.test(national) && !isFillerPhone(national)) return { number: national.replace(/转.*$/, ''), kind: 'landline' };
  const digits = folded.replace(/X\d+$/, '').replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15 || isFillerPhone(digits)) return null;
  return { number: digits, kind: 'other' };
}

function isFillerPhone(digits: string): boolean {
  if (digits === '13800138000' || digits === '13000000000') return true;
  if (/(\d)\1{7,}/.test(digits)) return true;
  let run = 1;
  for (let i = 1; i < digits.length; i += 1) {
    run = Number(digits[i]) - Number(digits[i - 1]) === 1 ? run + 1 : 1;
    if (run >= 9) return true;
  }
  return false;
}

/** Chinese and Latin names folded so that spelling habits of systems do not matter: width, spaces, middle dots, case. */
export function foldName(raw: string): string {
  // Codes and numbers, which most texts are, need nothing but their case.
  if (/^[!-+\--\]_-~]*$/.test(raw)) return raw.toLowerCase();
  const folded = raw
    .normalize('NFKC')
    .replace(/[·•‧∙・･⋅]/g, '·')
    .replace(/[\u200b-\u200d\ufeff]/g, '')
    .replace(/[\s,^]+/g, ' ')
    .trim()
    .toLowerCase();
  return /\p{Script=Han}/u.test(folded) ? folded.replace(/ /g, '') : folded;
}

/** A newborn under its mother's name, numbered among twins or with a remark: 王丽之子, 之次女, 之子1, 之婴(早产), 王丽A婴. */
const NEWBORN = /(?:之[长次大小幼双甲乙一二三四]?(?:子|女|婴)|婴)(?:[a-z\d甲乙]|\(.*)?$|^婴儿|新生儿|^baby(?:boy|girl)?(?![a-z])/;
const UNKNOWN = /无名|不详|未知|急诊临时|^患者|^unknown(?![a-z])|^test(?:patient)?(?![a-z])/;
/** Names that stand for "not known yet": such a record is linked by an equal id or record number only (DOMAIN B13). */
export function isUnnamed(name: string): boolean {
  const folded = foldName(name);
  return NEWBORN.test(folded) || UNKNOWN.test(folded);
}

/** An identifier that may prove identity, in the form that is hashed. */
export interface Evidence {
  readonly type: EvidenceType;
  readonly value: string;
  readonly residentId: ResidentId | null;
}
export const DOCUMENT_TYPES = ['resident-id', 'foreign-permanent', 'hk-macau-permit', 'taiwan-permit', 'birth-certificate', 'passport'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];
export type EvidenceType = DocumentType | 'mrn' | 'insurance';

/** Shorter insurance numbers are counters of one office and prove nothing elsewhere. */
const INSURANCE_LENGTH_MIN = 6;

/** What an identifier proves; null when it is malformed, a placeholder, or of a type that proves nothing (accounts are shared in families). */
export function evidenceOf(id: SourceId, today: Date): Evidence | null {
  const value = foldNumber(id.value);
  const document = (type: DocumentType, fits: boolean, written = value): Evidence | null => (fits ? { type, value: written, residentId: null } : null);
  switch (id.type) {
    case 'mrn':
      return value === '' || /^0+$/.test(value) ? null : { type: 'mrn', value: `${id.system}|${value}`, residentId: null };
    case 'insurance':
      return value.length < INSURANCE_LENGTH_MIN || new Set(value).size < 3 ? null : { type: 'insurance', value, residentId: null };
    case 'foreign-permanent':
      return document('foreign-permanent', FOREIGN_PERMANENT.test(value) && (value.length === 15 || checkCharacter(value.slice(0, 17)) === value[17]));
    // The two last digits count re-issues of the same permit.
    case 'hk-macau-permit':
      return document('hk-macau-permit', HK_MACAU_PERMIT.test(value), value.slice(0, 9));
    case 'taiwan-permit':
      return document('taiwan-permit', TAIWAN_PERMIT.test(value), value.slice(0, 8));
    case 'birth-certificate':
      return document('birth-certificate', BIRTH_CERTIFICATE.test(value));
    case 'passport':
      if (CN_PASSPORT.test(value)) return document('passport', true, `CN|${value}`);
      return document('passport', FOREIGN_PASSPORT.test(value), `${id.system}|${value}`);
    case 'resident-id':
    case 'other': {
      const resident = readResidentId(id.value, today);
      return resident === null ? null : { type: 'resident-id', value: resident.id, residentId: resident };
    }
    case 'app-account':
    case 'openid':
      return null;
  }
}

/** What the numbers of a record say, read once for everyone who asks. */
export interface PersonNumbers {
  /** Of each identifier, in their order; null: it proves nothing. */
  readonly evidence: readonly (Evidence | null)[];
  /** Of each phone, in their order; null: it cannot be one. */
  readonly phones: readonly (Phone | null)[];
}
export const readNumbers = (details: { readonly identifiers: readonly SourceId[]; readonly phones: readonly string[] }, today: Date): PersonNumbers => ({
  evidence: details.identifiers.map((id) => evidenceOf(id, today)),
  phones: details.phones.map(readPhone),
});
