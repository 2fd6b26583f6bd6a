import type { Viewer } from '@xinglin/contracts';
import type { Govern } from '../govern/index.ts';
import type { Lake } from '../lake/index.ts';
import type { Platform } from '../platform/index.ts';
import { createIndices, type Indices } from './indices/indices.ts';
import { keepFresh } from './indices/keep-fresh.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { type OverviewFigures, overviewFigures } from './overview/overview.ts';
import { createPatients, type Patients } from './patients/patients.ts';

export interface Analyze {
  readonly metrics: Metrics;
  readonly indices: Indices;
  readonly patients: Patients;
  /** Indices and headline tiles of the last `days` days as the viewer may see them. */
  overview(viewer: Viewer, days: number): Promise<OverviewFigures>;
  /** Schedules the nightly refresh in the due table. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createAnalyze(deps: { platform: Platform; lake: Lake; govern: Pick<Govern, 'people' | 'dimensions' | 'consents'> }): Analyze {
  const metrics = createMetrics(deps);
  const indices = createIndices(deps);
  const patients = createPatients(deps);
  const freshness = keepFresh(deps.platform, indices);
  return {
    metrics,
    indices,
    patients,
    overview: (viewer, days) => overviewFigures({ platform: deps.platform, metrics, indices, asOf: () => deps.lake.warehouse.asOf() }, viewer, days),
    start: () => freshness.start(),
    stop: async () => {},
  };
}
