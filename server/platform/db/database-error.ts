import { Refusal } from '../../kernel/index.ts';
import { refuse } from './errors.ts';

/**
 * What PostgreSQL refused, by SQLSTATE and schema names only. Its DETAIL, HINT, values and query text are dropped here,
 * because they quote what was being stored; the original error is not kept as `cause` for the same reason.
 */
export class DatabaseError extends Error {
  /** SQLSTATE, e.g. `23505`. */
  readonly code: string;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;
  /** Character of the statement where a syntax or name error was found, from 1. */
  readonly position: number | null;

  constructor(
    code: string,
    names: { constraint?: string | undefined; table?: string | undefined; column?: string | undefined; position?: string | undefined },
  ) {
    super(`database error ${code}${names.table === undefined ? '' : ` on ${names.table}`}${names.constraint === undefined ? '' : ` (${names.constraint})`}`);
    this.name = 'DatabaseError';
    this.code = code;
    this.constraint = names.constraint ?? null;
    this.table = names.table ?? null;
    this.column = names.column ?? null;
    this.position = names.position === undefined ? null : Number(names.position);
  }
}

/** 23505, on the named constraint or index when one is given. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  error instanceof DatabaseError && error.code === '23505' && (constraint === undefined || error.constraint === constraint);

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const AWAY = 'platform.database-away';

/** Running the same transaction again may succeed. */
export const isRetryable = (error: unknown): boolean =>
  (error instanceof DatabaseError && (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK)) || isAway(error);
export const isAway = (error: unknown): boolean => error instanceof Refusal && error.code === AWAY;

const AWAY_CODES: ReadonlySet<string> = new Set([
  ...['57P01', '57P02', '57P03', '57P05', '08000', '08001', '08003', '08004', '08006', '08P01', '25P03'],
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ENOENT',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ERR_STREAM_DESTROYED',
    'ERR_STREAM_PREMATURE_CLOSE',
  ],
]);
const AWAY_MESSAGE = /Connection terminated|connection error and is not queryable|Client was closed|Connection ended|timeout expired/;

/** Any error out of `pg`, made safe to log and return. */
export function mapped(error: unknown): Error {
  if (error instanceof DatabaseError || error instanceof Refusal) return error;
  const raw = error as { code?: unknown; message?: unknown; severity?: unknown; constraint?: string; table?: string; column?: string; position?: string };
  const code = typeof raw.code === 'string' ? raw.code : null;
  if ((code !== null && AWAY_CODES.has(code)) || (typeof raw.message === 'string' && AWAY_MESSAGE.test(raw.message))) return refuse('database-away');
  if (raw.message === 'timeout exceeded when trying to connect') return refuse('database-busy');
  if (code === '53300') return refuse('database-busy');
  if (code === '53100') return refuse('database-full');
  if (code === '57014') return refuse('query-cancelled');
  // Only what the server sent has a severity; anything else is ours (a thrown invariant, a stream of the caller) and stays itself.
  if (code !== null && typeof raw.severity === 'string') return new DatabaseError(code, raw);
  return error instanceof Error ? error : new Error('thrown value is not an error');
}
