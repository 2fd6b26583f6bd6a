import { Refusal } from '../../kernel/index.ts';

/**
 * Failures that say nothing about the data: the same step may succeed later, or from where the cursor really is. Whatever the platform refuses
 * is about the database or the machine.
 */
const PASSING_REFUSALS: ReadonlySet<string> = new Set([
  ...['lake.disk-full', 'lake.disk-failed', 'lake.raw-closed', 'lake.segment-unreadable', 'lake.cursor-moved'],
  'govern.stale-turn',
]);
/** SQLSTATE classes of locks, resources, shutdown and connections; and what the operating system says of disks and files. */
const PASSING_CODES = /^(?:40|53|55|57|58|08)...$|^(?:ENOSPC|EDQUOT|EIO|EMFILE|ENFILE|EAGAIN|EBUSY|EROFS|EACCES|ENOMEM)$/;

export function isPassing(error: unknown): boolean {
  if (error instanceof Refusal) return error.code.startsWith('platform.') || PASSING_REFUSALS.has(error.code);
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && PASSING_CODES.test(code);
}
