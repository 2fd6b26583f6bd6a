/** What may stand in a fact as text: codes and tokens from dictionaries, never words about a person. */
import { Memo } from '../../kernel/index.ts';
import { readResidentId } from '../identity/identifiers.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isUuid = (value: string): boolean => UUID.test(value);

const CODE = /^[A-Za-z0-9][A-Za-z0-9._:+*/^#-]{0,63}$/;
const TOKEN = /^[A-Za-z0-9%{[][A-Za-z0-9._:@/%+*^[\]{}#-]{0,63}$/;
const PAGE = /^\/[A-Za-z0-9._/-]{0,63}$/;
const DIMENSION_CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** Systems whose codes are public; only there a long run of digits is a concept and not a person (SNOMED ids have up to 18). */
const OPEN_SYSTEM = /^(?:SNOMED|LOINC|LN|ICD|RXNORM|CVX|UCUM|ATC|NDC|SCT|CPT|HTTP)/i;

const MOBILE = /(?<!\d)(?:86)?1[3-9]\d{9}(?!\d)/;
const LONG_DIGITS = /\d{15,}/;
const RESIDENT_ID = /(?<!\d)\d{17}[\dXx](?!\d)/;

/** Looks like a phone or an identity document, whatever column it came in. */
export const looksIdentifying = (value: string): boolean =>
  MOBILE.test(value) || (RESIDENT_ID.test(value) && readResidentId(RESIDENT_ID.exec(value)?.[0] ?? '', FAR_FUTURE) !== null) || LONG_DIGITS.test(value);
const FAR_FUTURE = new Date('2200-01-01T00:00:00Z');

export const isSafeCode = (value: string, system: string | null): boolean => (system !== null && openSystems.of(system) ? codes : ownCodes).of(value);
export const isSafeToken = (value: string): boolean => tokens.of(value);
export const isSafeDimensionCode = (value: string): boolean => dimensionCodes.of(value);

/** A hospital's codes are some thousands and come again with every fact. */
const REMEMBERED_MAX = 5_000;
const openSystems = new Memo(500, (system) => OPEN_SYSTEM.test(system));
const codes = new Memo(REMEMBERED_MAX, (value) => CODE.test(value));
const ownCodes = new Memo(REMEMBERED_MAX, (value) => CODE.test(value) && !looksIdentifying(value));
const tokens = new Memo(REMEMBERED_MAX, (value) => (TOKEN.test(value) || PAGE.test(value)) && !looksIdentifying(value));
const dimensionCodes = new Memo(REMEMBERED_MAX, (value) => DIMENSION_CODE.test(value) && !looksIdentifying(value));

const DISPLAY_LENGTH_MAX = 120;
/** A name for a code as a source gave it: kept for people who map codes, so nothing that looks like a number of a person. */
export const safeDisplay = (display: string | null): string | null => (display === null ? null : displays.of(display));
const displays = new Memo(REMEMBERED_MAX, (display) => {
  const text = [...display.normalize('NFC')]
    .filter((each) => !isControl(each))
    .join('')
    .trim()
    .slice(0, DISPLAY_LENGTH_MAX);
  return text === '' || /\d{7,}/.test(text) ? null : text;
});
const isControl = (character: string): boolean => (character.codePointAt(0) ?? 0) < 32;
