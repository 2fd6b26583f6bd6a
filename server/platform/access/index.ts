export { type AccessParts, createAccess, type PatientDirectory } from './access.ts';
export { createAccount, type NewAccount } from './accounts.ts';
export { type SessionOptions, sessionRoutes } from './routes.ts';
export { literal, scope } from './scope.ts';
