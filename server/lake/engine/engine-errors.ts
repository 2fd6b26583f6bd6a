import { Refusal } from '../../kernel/index.ts';
import { refuse } from '../errors.ts';

export class TooManyRows extends Error {}

/**
 * DuckDB puts the offending value into its messages, so a message goes no further than here. Only those about the text of a statement
 * (ours: values are bound) are kept as `cause`, for whoever mends it.
 */
export function engineRefusal(error: unknown, limits: { megabytes: number; seconds: number; rowsMax: number }): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof TooManyRows) return refuse('query-too-many-rows', { rowsMax: limits.rowsMax });
  const message = error instanceof Error ? error.message : '';
  const kind = /(?:^|: )([A-Z][A-Za-z ]{2,40}?) Error:/.exec(message)?.[1] ?? 'unknown';
  if (OF_THE_TEXT.has(kind)) return refuse('query-invalid', { kind }, error);
  if (OF_A_VALUE.has(kind)) return refuse('query-value', { kind });
  if (kind === 'Out of Memory') return refuse('query-memory', { megabytes: limits.megabytes });
  if (kind === 'INTERRUPT') return refuse('query-too-long', { seconds: limits.seconds });
  return refuse('engine-failed', { kind });
}

const OF_THE_TEXT: ReadonlySet<string> = new Set(['Parser', 'Binder', 'Catalog', 'Syntax']);
const OF_A_VALUE: ReadonlySet<string> = new Set(['Conversion', 'Out of Range', 'Invalid Input', 'Constraint', 'Invalid Type']);
