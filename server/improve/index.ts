export { createImprove, type Improve, type ImproveDeps } from './improve.ts';
export { improveRoutes } from './routes.ts';
