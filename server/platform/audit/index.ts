export { createAudit, hashEntry } from './audit.ts';
