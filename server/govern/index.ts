export { createGovern } from './govern.ts';
export { type LinkCommandOptions, type LinkSummary, linkFiles } from './identity/linkage/link-files.ts';
export { type LinkMeasure, measureLinkage } from './identity/linkage/measure-file.ts';
export type { PatientDirectory } from './privacy/contacts.ts';
export { redact } from './privacy/redact.ts';
export { governRoutes } from './routes.ts';
export type * from './types.ts';
