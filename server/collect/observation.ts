/** Reading values of results, whichever way in they came by. */
import type { SourceCode } from '@xinglin/contracts';
import { Memo } from '../kernel/index.ts';

export type ObservationCategory = 'laboratory' | 'vital-signs' | 'imaging' | 'survey' | 'social-history' | 'exam' | 'device' | 'other';

export interface ValueRead {
  readonly number: number | null;
  readonly code: SourceCode | null;
  readonly text: string | null;
}

const NUMBER = /^([<>≤≥＜＞]=?)?\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)$/;
const PLAIN_NUMBER = /^\d{1,15}(?:\.\d{1,15})?$/;
/** `98.00`, `<0.5`, `≥ 1.2`; null for anything else. A comparator is kept beside, because `<0.5` is not 0.5. */
export function readNumber(text: string): { readonly value: number; readonly comparator: string } | null {
  if (text === '') return null;
  if (PLAIN_NUMBER.test(text)) return { value: Number(text), comparator: '' };
  const found = NUMBER.exec(text.trim());
  if (found === null) return null;
  const value = Number(found[2]);
  return Number.isFinite(value) ? { value, comparator: found[1] ?? '' } : null;
}

const RANGE = /^\[?([+-]?\d+(?:\.\d+)?)\s*(?:--|[-~～－–—_]|至|到)\s*([+-]?\d+(?:\.\d+)?)\]?(?:\s|$)/;
const BOUND = /^([<>≤≥＜＞]=?|小于|大于|低于|高于)\s*([+-]?\d+(?:\.\d+)?)(?:\s|$)/;
interface Range {
  readonly low: number | null;
  readonly high: number | null;
}
/** `3.5-5.5`, `49 - 92`, `<5`, `≥1.2`; what does not fit gives nulls. */
export const readRange = (text: string): Range => ranges.of(text);
const ranges = new Memo<Range>(5_000, (text) => {
  const both = RANGE.exec(text.trim());
  if (both !== null) return { low: Number(both[1]), high: Number(both[2]) };
  const one = BOUND.exec(text.trim());
  if (one === null) return { low: null, high: null };
  const value = Number(one[2]);
  return /^[<≤＜小低]/.test(one[1] ?? '') ? { low: null, high: value } : { low: value, high: null };
});

/** LOINC codes of the vital signs (DOMAIN B9 and the FHIR vital-signs profile). */
const VITAL_SIGNS = new Set([
  '85354-9',
  '8480-6',
  '8462-4',
  '8867-4',
  '59408-5',
  '2708-6',
  '8310-5',
  '9279-1',
  '29463-7',
  '8302-2',
  '39156-5',
  '9843-4',
  '85353-1',
]);
export const isVitalSign = (code: SourceCode): boolean => code.system === 'LOINC' && VITAL_SIGNS.has(code.code);
