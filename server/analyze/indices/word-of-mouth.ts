import { addDays, daysBetween } from '../business-days.ts';
import { poissonInterval, variance, Z95 } from '../intervals.ts';
import { combined, type IndexValue, NO_PART, type PartValue, shrunk } from './combine.ts';
import { COMPLAINT_CAP_PER_1000, SHRINK_K, USUAL_DAYS, VOICE_DAYS, WORD_OF_MOUTH } from './definition.ts';
import { type Evidence, type Held, mean, rolling, rollingOne } from './rolling.ts';

export interface Voices {
  /** Overall score ÷ 5, stratum = survey mode of the person's first answer; `until` when a later answer of the person replaces it. */
  readonly satisfaction: readonly Evidence[];
  /** (coded −1, 0, 1) → 0, 0.5, 1, likewise. */
  readonly nps: readonly Evidence[];
  /** 1 for positive, 0 for negative. */
  readonly positive: readonly Evidence[];
  readonly complaints: readonly Evidence[];
  readonly visits: readonly Evidence[];
}

export function wordOfMouth(voices: Voices, from: string, to: string): IndexValue[] {
  const satisfaction = standardised(voices.satisfaction, from, to);
  const nps = standardised(voices.nps, from, to);
  const positive = plain(voices.positive, from, to);
  const complaints = complaintPart(voices, from, to);
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, at) =>
    combined(
      WORD_OF_MOUTH,
      addDays(from, at),
      new Map<string, PartValue>([
        ['satisfaction', satisfaction[at] ?? NO_PART],
        ['nps', nps[at] ?? NO_PART],
        ['positive', positive[at] ?? NO_PART],
        ['complaints', complaints[at] ?? NO_PART],
      ]),
    ),
  );
}

/** The hospital's usual level, itself drawn towards the middle while there is little of it. */
const usual = (held: Held): number => (held.total + SHRINK_K * 0.5) / (held.n + SHRINK_K);

/** Variance of a mean over a few values between 0 and 1; one answer alone is as uncertain as a coin. */
const varianceOfMean = (held: Held): number => (held.n < 2 ? 0.25 : variance(held.n, held.total, held.squares) / held.n);

function plain(evidence: readonly Evidence[], from: string, to: string): PartValue[] {
  const year = rollingOne(evidence, from, to, USUAL_DAYS);
  return rollingOne(evidence, from, to, VOICE_DAYS).map((held, at) =>
    held.n === 0 ? NO_PART : shrunk(held.n, mean(held), varianceOfMean(held), usual(year[at] ?? held)),
  );
}

/** Direct standardisation to the mode mix of the year: modes present in the window, weighted by their share of the year's answers. */
function standardised(evidence: readonly Evidence[], from: string, to: string): PartValue[] {
  const year = rolling(evidence, from, to, USUAL_DAYS);
  const all = rollingOne(evidence, from, to, USUAL_DAYS);
  const recent = rolling(evidence, from, to, VOICE_DAYS);
  return all.map((usualHeld, at) => {
    let [weights, value, spread, n] = [0, 0, 0, 0];
    for (const [mode, held] of recent) {
      const now = held[at];
      const weight = year.get(mode)?.[at]?.n ?? 0;
      if (now === undefined || now.n === 0 || weight === 0) continue;
      weights += weight;
      value += weight * mean(now);
      spread += weight * weight * varianceOfMean(now);
      n += now.n;
    }
    return weights === 0 ? NO_PART : shrunk(n, value / weights, spread / (weights * weights), usual(usualHeld));
  });
}

/** 1 − rate ÷ cap, never below 0; the count of complaints taken as Poisson, its interval scored at both ends. */
function complaintPart({ complaints, visits }: Voices, from: string, to: string): PartValue[] {
  const cap = COMPLAINT_CAP_PER_1000 / 1000;
  const score = (count: number, visited: number): number => 1 - Math.min(1, count / visited / cap);
  const [yearCounts, yearVisits] = [rollingOne(complaints, from, to, USUAL_DAYS), rollingOne(visits, from, to, USUAL_DAYS)];
  const counts = rollingOne(complaints, from, to, VOICE_DAYS);
  return rollingOne(visits, from, to, VOICE_DAYS).map(({ n: visited }, at) => {
    if (visited === 0) return NO_PART;
    const count = counts[at]?.n ?? 0;
    const [yearCount, yearVisited] = [yearCounts[at]?.n ?? 0, yearVisits[at]?.n ?? 0];
    const mu = (yearVisited * score(yearCount, yearVisited) + SHRINK_K * 0.5) / (yearVisited + SHRINK_K);
    const { lower, upper } = poissonInterval(count);
    const spread = (score(lower, visited) - score(upper, visited)) / (2 * Z95);
    return shrunk(visited, score(count, visited), spread * spread, mu);
  });
}
