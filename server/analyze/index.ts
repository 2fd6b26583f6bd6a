/** Analyze: metrics, brand indices, the patient view. All that other rooms may import. */
export { type Analyze, createAnalyze } from './analyze.ts';
export type { Indices } from './indices/indices.ts';
export type { Metrics } from './metrics/metrics.ts';
export type { Patients } from './patients/patients.ts';
export { type AnalyzeRoutesDeps, analyzeRoutes, type Waiting } from './routes.ts';
