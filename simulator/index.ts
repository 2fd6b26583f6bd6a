/** A hospital and its city, with the truth known. See README.md. */
export { runSimulate } from './cli.ts';
export { ALL_FOLDERS, type Part } from './doors/parts.ts';
export { type HospitalFile, hospital } from './hospital-file.ts';
export { type LoadProgressed, loadDemo } from './load-demo.ts';
export { type Chart, portrait } from './portrait.ts';
export { type SimulateProgress, type SimulateResult, type SimulateTarget, simulate } from './simulate.ts';
export { type SimulateOptions, SimulatorError } from './world.ts';
