import { addDays, daysBetween } from '../business-days.ts';
import { combined, type IndexValue, NO_PART, type PartValue, shrunk } from './combine.ts';
import { ADHERENCE_DAYS, LOYALTY } from './definition.ts';
import { type Evidence, type Held, mean, rollingOne } from './rolling.ts';

export interface Ties {
  /** Patients due (n) and those of them who came back (total); `until` ends the year. */
  readonly returning: readonly Evidence[];
  /** Follow-ups whose window closed (n) and those done (total). */
  readonly adherence: readonly Evidence[];
}

/** Evidence whose own `until` says how long it counts. */
const NO_WINDOW = Number.POSITIVE_INFINITY;

export function loyalty(ties: Ties, from: string, to: string): IndexValue[] {
  const returning = rollingOne(ties.returning, from, to, NO_WINDOW);
  const adherence = rollingOne(ties.adherence, from, to, ADHERENCE_DAYS);
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, at) => {
    const back = share(returning[at], 0.5);
    return combined(
      LOYALTY,
      addDays(from, at),
      new Map<string, PartValue>([
        ['return', back],
        // Drawn towards the part it joins: the first two follow-ups of a new programme must not move the index as much as two thousand returns.
        ['adherence', share(adherence[at], back.value ?? 0.5)],
      ]),
    );
  });
}

function share(held: Held | undefined, mu: number): PartValue {
  if (held === undefined || held.n === 0) return NO_PART;
  const p = mean(held);
  return shrunk(held.n, p, (p * (1 - p)) / held.n, mu);
}
