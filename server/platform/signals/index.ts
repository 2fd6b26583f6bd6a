export { createSignals, type RunningSignals } from './signals.ts';
