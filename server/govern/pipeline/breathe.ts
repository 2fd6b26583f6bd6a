/** Longest the pipeline keeps the event loop to itself: a page asked for meanwhile waits a few of these, not a whole chunk. */
const TURN_MS = 8;

/** Call often; gives a promise to await only when the turn is used up, so the common case costs a clock reading. */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        since = performance.now();
        resolve();
      }),
    );
  };
}
