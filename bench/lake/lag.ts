/** How long the event loop was held at most while something ran: what a page waits for. */
const EVERY_MS = 10;

/** Starts watching; the answer of the function given back is milliseconds, and ends it. */
export function watchLag(): () => number {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - EVERY_MS);
    last = now;
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    return longest;
  };
}
