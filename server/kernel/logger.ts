import { type DestinationStream, pino } from 'pino';

/**
 * Structured logs that cannot contain a patient's name, number or words.
 *
 * A line has an event name written in the code (`lake.segment-closed`) and fields. A string field is let through only when it
 * looks like something we made: ASCII, at most 200 characters, no run of seven digits or more outside a UUID or an ISO time
 * (phones, ids and record numbers have one), no character beyond ASCII. Anything else becomes `[withheld]`.
 * Errors are logged by code, name and our own stack frames; their message only when it is a catalogued refusal,
 * because engines put the offending value into theirs.
 */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}
export type LogFields = Readonly<Record<string, unknown>>;

const WITHHELD = '[withheld]';
const TEXT_MAX = 200;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const SHA = /\b[0-9a-f]{64}\b/gi;
const ISO_TIME = /\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?/g;

export function isSafeText(text: string): boolean {
  if (text.length > TEXT_MAX || !/^[\x20-\x7e]*$/.test(text)) return false;
  const rest = text.replace(UUID, '').replace(SHA, '').replace(ISO_TIME, '');
  return !/(?:\d[ -]?){7,}/.test(rest);
}

export function safeField(value: unknown, depth = 0): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'number' || typeof value === 'bigint') {
    // An 11-digit phone or an 18-digit id may arrive as a number; byte counts and epoch times are named by their field.
    return Math.abs(Number(value)) < 1e10 ? Number(value) : WITHHELD;
  }
  if (typeof value === 'string') return isSafeText(value) ? value : WITHHELD;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return safeError(value);
  if (depth >= 2) return WITHHELD;
  if (Array.isArray(value)) return value.slice(0, 20).map((each) => safeField(each, depth + 1));
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, 30)
        .map(([k, v]) => [isSafeText(k) ? k : WITHHELD, safeField(v, depth + 1)]),
    );
  }
  return WITHHELD;
}

function safeError(error: Error): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
    .filter(isSafeText);
  return {
    name: isSafeText(error.name) ? error.name : 'Error',
    code: typeof code === 'string' && isSafeText(code) ? code : null,
    message: error.name === 'Refusal' || error.message.startsWith('invariant broken') ? safeField(error.message) : WITHHELD,
    frames,
    ...(error.cause instanceof Error ? { cause: safeError(error.cause) } : {}),
  };
}

export function createLogger(options: { level?: string; destination?: DestinationStream } = {}): Logger {
  const base = pino(
    { level: options.level ?? 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
  const wrap = (fixed: LogFields): Logger => {
    const write =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (event: string, fields: LogFields = {}) => {
        if (!base.isLevelEnabled(level)) return;
        base[level]({ event: isSafeText(event) ? event : WITHHELD, ...(safeField({ ...fixed, ...fields }) as object) });
      };
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), child: (fields) => wrap({ ...fixed, ...fields }) };
  };
  return wrap({});
}

export const silentLogger: Logger = createLogger({ level: 'silent' });
