/**
 * A refusal as it crosses a boundary: RFC 9457 problem details.
 * `code` is catalogued in the room's `errors.ts`; sentences carry ids, counts and field names, never a patient's data.
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly detailZh: string;
  readonly instance?: string;
}
