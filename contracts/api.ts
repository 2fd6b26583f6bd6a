/** The HTTP interface between server and web, as TypeBox schemas. Routes use them to validate, pages for their types. */

export * from './api/audit.ts';
export * from './api/cases.ts';
export * from './api/common.ts';
export * from './api/followups.ts';
export * from './api/govern.ts';
export * from './api/identity.ts';
export * from './api/identity-models.ts';
export * from './api/overview.ts';
export * from './api/patient-pages.ts';
export * from './api/patients.ts';
export * from './api/session.ts';
export * from './api/sources.ts';
