/**
 * Flags of V8 the product runs with, and so do its benchmarks. Set before the first collection of garbage.
 * V8's own rounds for quiet processes come an hour later: ours (server/kernel/rest.ts) have been by then.
 */
const [major = 0] = process.versions.node.split('.').map(Number);
// A load keeps what it read for some tenths of a second; collected four times a second instead of sixteen, most of it is gone by then. Counts only
// when the process is started with it, as package.json, the first line of `xinglin` and docs/operations/running.md do.
export const START_FLAGS = ['--max-semi-space-size=48'];
export const V8_FLAGS = [
  '--gc-memory-reducer-start-delay-ms=3600000',
  // Buffers of what is read from raw made V8 collect a small heap every 50 ms; it now waits until as much came as was left, a tenth of a load's CPU less.
  '--heap-growing-percent=100',
  // Node 20 compiles what ran a little while with its slowest compiler, in four threads: a tenth of a load's CPU. Later versions have one in between.
  ...(major < 22 ? ['--interrupt-budget=600000'] : []),
];
