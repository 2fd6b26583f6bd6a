export { createOutbox, type RunningOutbox } from './outbox.ts';
export { QUIET_HOURS, WEEK_BUDGET } from './settings.ts';
