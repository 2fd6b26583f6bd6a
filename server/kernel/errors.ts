import type { Problem } from '@xinglin/contracts';

/** One entry of a room's `errors.ts`. `{name}` in a sentence is filled from the details given with the refusal. */
export interface ErrorEntry {
  readonly status: number;
  readonly zh: string;
  readonly en: string;
}

/** Values a sentence may carry: ids, counts, field names. Never a patient's data. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

const fill = (sentence: string, details: ErrorDetails): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in details ? String(details[name]) : whole));

/** A catalogued refusal: what was wrong, what would be right, the next step. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  readonly zh: string;
  readonly details: ErrorDetails;

  constructor(code: string, entry: ErrorEntry, details: ErrorDetails = {}, cause?: unknown) {
    super(fill(entry.en, details), cause === undefined ? undefined : { cause });
    this.name = 'Refusal';
    this.code = code;
    this.status = entry.status;
    this.zh = fill(entry.zh, details);
    this.details = details;
  }

  toProblem(instance?: string): Problem {
    return {
      type: `urn:xinglin:error:${this.code}`,
      title: this.code,
      status: this.status,
      code: this.code,
      detail: this.message,
      detailZh: this.zh,
      ...(instance === undefined ? {} : { instance }),
    };
  }
}

/**
 * Makes a room's refusal function from its catalogue:
 * `const refuse = catalogue('lake', { 'disk-full': {...} })`, then `throw refuse('disk-full', { folder })`.
 * Codes read `lake.disk-full`. Every catalogue is listed in `docs/reference/errors.md`, made by a script.
 */
export function catalogue<const Entries extends Record<string, ErrorEntry>>(room: string, entries: Entries) {
  const all = entries as Record<string, ErrorEntry>;
  for (const [name, entry] of Object.entries(all)) catalogued.set(`${room}.${name}`, entry);
  return (name: keyof Entries & string, details: ErrorDetails = {}, cause?: unknown): Refusal => {
    const entry = all[name];
    invariant(entry !== undefined, `error ${room}.${name} is not catalogued`);
    return new Refusal(`${room}.${name}`, entry, details, cause);
  };
}

/** Every catalogued error of the rooms loaded so far, by code. */
export const catalogued = new Map<string, ErrorEntry>();

/** Impossible states stop. The message names the rule, never a value. */
export function invariant(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${rule}`);
}
