/**
 * How slow the machine is at the moment: the time of a fixed piece of work, taken now and then, against its time on the machine at rest
 * (HMAC, 466,000 a second with Node 20). Figures taken while others work are read with it. Where two cores are threads of one, our own second thread
 * counts too: two at once take 1.54 times as long each (decision 0011).
 */
import { createHmac } from 'node:crypto';

const AT_REST_MS = 1000 / 466;
const EVERY_MS = 1_000;
const key = Buffer.alloc(32, 7);

function once(): number {
  const started = performance.now();
  for (let i = 0; i < 1_000; i += 1) createHmac('sha256', key).update('5:bench3:his6:charge11:CG000000001').digest();
  return (performance.now() - started) / AT_REST_MS;
}

/** `end` gives the median slowness, 1 at rest. */
export function watchPace(): { end: () => number } {
  for (let i = 0; i < 20; i += 1) once();
  const seen: number[] = [once()];
  const timer = setInterval(() => seen.push(once()), EVERY_MS);
  return {
    end: () => {
      clearInterval(timer);
      return seen.sort((a, b) => a - b)[seen.length >> 1] ?? 1;
    },
  };
}
