export { createCollect, DEMO_WRITE_KEY } from './collect.ts';
export { eventRoutes } from './events/routes.ts';
export { fhirMatchRoutes } from './fhir/match-routes.ts';
export { isPlainText } from './files/convert.ts';
export { collectRoutes } from './routes.ts';
export type * from './types.ts';
