/** Overall: strictly below, so that 4.0 opens no case and 3.99 does (DOMAIN C4). */
export const OVERALL_LOW_BELOW = 4;
const DIMENSION_LOW_MAX = 2;
const NPS_LOW_MAX = 6;
/** Dimensions that open a case by themselves. */
const DIMENSIONS: readonly string[] = ['doctor-communication', 'privacy'];

/**
 * Why an answer opens a case: the ids of the questions that were low; empty when none was.
 * @param overall on a scale to 5; null when the survey has no such question or it was left out.
 */
export function lowScores(scores: Readonly<Record<string, number>>, overall: number | null): string[] {
  const dimensions = DIMENSIONS.filter((id) => (scores[id] ?? Number.POSITIVE_INFINITY) <= DIMENSION_LOW_MAX);
  return [
    ...(overall !== null && overall < OVERALL_LOW_BELOW ? ['overall'] : []),
    ...dimensions,
    ...((scores['nps'] ?? Number.POSITIVE_INFINITY) <= NPS_LOW_MAX ? ['nps'] : []),
  ];
}
