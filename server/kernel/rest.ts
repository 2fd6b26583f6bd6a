/**
 * Memory of a process that has done long work and is quiet again. V8 gives back what its heap grew to only minutes later, in several rounds of
 * its own (0.5 to 1.1 s of CPU), and caches hold what nobody will ask for. So whoever worked calls `restSoon`; once the process is quiet, caches are
 * let go, the heap is collected and compacted, and freed memory goes back to the machine, once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Quiet: this long, less than this share of one core in all threads. */
const QUIET_MS = 5_000;
const QUIET_SHARE = 0.03;
/** Less grown since the last rest is not worth collecting: a server that takes a message now and then stays as it is. */
const WORTH_BYTES = 48 * 1024 * 1024;
/** Of the time, at most this share goes into resting, whatever is let go and filled again. */
const COST_SHARE = 0.003;
/** V8 gives emptied pages back from another thread. */
const RETURN_MS = 200;
/** The young generation grows to 96 MB and more under work and to less than this when nothing happens. */
const YOUNG_BYTES = 8 * 1024 * 1024;
/** It shrinks at the first or second try; where it does not, it stays. */
const YOUNG_TRIES = 3;

/** Something kept to be quick that can be made again at any time. */
export interface Clearable {
  clear(): void;
}
const caches = new Set<WeakRef<Clearable>>();
const ended = new FinalizationRegistry<WeakRef<Clearable>>((ref) => caches.delete(ref));
let trims: readonly (() => Promise<void>)[] = [];
let timer: NodeJS.Timeout | null = null;
let restedAt = Number.NEGATIVE_INFINITY;
let costMs = 0;
let bytesAfter = 0;
let tries = 0;

/** `cache` is emptied at every rest, as long as somebody else holds it. */
export function forgetAtRest(cache: Clearable): void {
  const ref = new WeakRef(cache);
  caches.add(ref);
  ended.register(cache, ref);
}

/** Called after the heap is collected, to give back what is not V8's. Returns how to end that. */
export function trimAtRest(trim: () => Promise<void>): () => void {
  trims = [...trims, trim];
  return () => {
    trims = trims.filter((each) => each !== trim);
  };
}

/** Rests as soon as the process is quiet, if it is worth it. Cheap; call it after every larger piece of work. */
export function restSoon(): void {
  tries = 0;
  if (timer === null) timer = look();
}

/** Rests now: some tenths of a second for a large heap. */
export async function rest(): Promise<void> {
  const started = performance.now();
  const before = process.cpuUsage();
  for (const ref of caches) ref.deref()?.clear();
  collect();
  for (const trim of trims) await trim();
  const { user, system } = process.cpuUsage(before);
  costMs = (user + system) / 1000;
  restedAt = started;
  await pause(RETURN_MS);
  bytesAfter = process.memoryUsage.rss();
}

function look(waitMs = QUIET_MS): NodeJS.Timeout {
  const before = process.cpuUsage();
  return setTimeout(() => {
    const { user, system } = process.cpuUsage(before);
    timer = null;
    if (user + system > waitMs * 1000 * QUIET_SHARE) timer = look();
    else whenQuiet();
  }, waitMs).unref();
}

function whenQuiet(): void {
  const hasShrunk = shrinkYoung();
  const againMs = restedAt + costMs / COST_SHARE - performance.now();
  if (process.memoryUsage.rss() - bytesAfter < WORTH_BYTES) {
    if (!hasShrunk && tries < YOUNG_TRIES) timer = look();
  } else if (againMs > 0) timer = look(againMs);
  else {
    // A trim that fails gave nothing back; nothing else depends on it.
    rest().catch(() => {});
    timer = look();
  }
}

type Collect = (options?: { type: 'major' | 'minor'; execution: 'sync'; flavor?: 'last-resort' }) => void;
let found: Collect | null = null;

function collector(): Collect {
  if (found === null) {
    setFlagsFromString('--expose-gc');
    found = runInNewContext('gc') as Collect;
  }
  return found;
}

function collect(): void {
  const run = collector();
  if (Number.parseInt(process.versions.node, 10) >= 22) {
    run({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    return;
  }
  // Node 20 does not know these options and would only clear the young generation. Asked without any it collects everything, but compacts little.
  setFlagsFromString('--compact-on-every-full-gc');
  run();
  setFlagsFromString('--no-compact-on-every-full-gc');
}

/** V8 makes the young generation smaller when it is cleared after five seconds in which little was allocated, and not nothing. Takes some milliseconds. */
function shrinkYoung(): boolean {
  if (youngBytes() <= YOUNG_BYTES || tries >= YOUNG_TRIES) return true;
  tries += 1;
  allocateSome();
  collector()({ type: 'minor', execution: 'sync' });
  return youngBytes() <= YOUNG_BYTES;
}
const allocateSome = (): number => Array.from({ length: 20_000 }, (_, i) => ({ i })).length;
const youngBytes = (): number => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
