import type { Column, FactName, SourceCode } from '@xinglin/contracts';
import type { Pseudonyms } from '../privacy/pseudonyms.ts';
import { isSafeDimensionCode, looksIdentifying, safeDisplay } from '../privacy/safe-values.ts';

/** A code seen in a source, with the name it gave, waiting to be mapped onto the hospital's own list. */
export interface LearnedCode {
  readonly dimension: string;
  /** The source; for codes of an open system, that system. */
  readonly source: string;
  readonly sourceCode: string;
  readonly display: string | null;
}

/**
 * The code a fact may hold for a department, member of staff, ward …. Sources that write the name in place of a code
 * (`心内科`) get a stable stand-in, and the name becomes what is shown to whoever maps it. Null when it cannot be one.
 */
export function dimensionCodeOf(
  dimension: string,
  value: string | SourceCode,
  origin: { readonly source: string; readonly names: Pseudonyms },
  isIdentifying: (value: string) => boolean,
): LearnedCode | null {
  const code = (typeof value === 'string' ? value : value.code).trim();
  const given = typeof value === 'string' ? null : value.display;
  const display = given !== null && isIdentifying(given) ? null : safeDisplay(given);
  if (isSafeDimensionCode(code)) return { dimension, source: origin.source, sourceCode: code, display };
  const name = safeDisplay(given ?? code);
  if (looksIdentifying(code)) return null;
  if (code === '' || name === null || isIdentifying(name) || isIdentifying(code)) return null;
  return { dimension, source: origin.source, sourceCode: origin.names.code(dimension, origin.source, code), display: name };
}

/** The dictionary a column's codes belong to; null for words of closed lists. */
export function dictionaryOf(fact: FactName, column: Column): string | null {
  if (column.kind.startsWith('dimension:')) return column.kind.slice('dimension:'.length);
  if (column.kind !== 'code') return null;
  return column.name === 'disease_code' || fact === 'condition' ? 'disease' : 'item';
}
