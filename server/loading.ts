import type { LoadProgress } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';

/** What the overview shows while the demo hospital is being loaded; null when nothing is. */
export type LoadProgressSource = () => Static<typeof LoadProgress> | null;
export const noLoading: LoadProgressSource = () => null;
