export { advance } from './advance.ts';
export { createDue, type RunningDue } from './due.ts';
