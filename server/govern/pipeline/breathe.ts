/** Longest the pipeline keeps the event loop to itself: a page asked for meanwhile waits a few of these, not a whole chunk. */
const TURN_MS = 8;
/** Bulk work stands aside for at most this long, then takes a turn: under a steady stream of live messages it goes on, slowly. */
const ASIDE_MAX_MS = 200;

let ahead = 0;
let aside: (() => void)[] = [];

/** While `work` runs, polite breathers stand aside: of its many short steps none then waits for a turn of theirs. */
export async function goFirst<T>(work: () => Promise<T>): Promise<T> {
  ahead += 1;
  try {
    return await work();
  } finally {
    ahead -= 1;
    if (ahead === 0) for (const go of aside.splice(0)) go();
  }
}

/**
 * Call often; gives a promise to await only when the turn is used up, so the common case costs a clock reading. `isPolite`: stands aside for whoever
 * goes first; not for work that the one who goes first may be waiting for.
 */
export function breather(isPolite = false): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    const mustStandAside = isPolite && ahead > 0;
    if (!mustStandAside && performance.now() - since < TURN_MS) return undefined;
    return new Promise((resolve) => {
      const goOn = (): void => {
        since = performance.now();
        resolve();
      };
      if (mustStandAside) standAside(goOn);
      else setImmediate(goOn);
    });
  };
}

function standAside(goOn: () => void): void {
  const timer = setTimeout(() => {
    aside = aside.filter((each) => each !== go);
    goOn();
  }, ASIDE_MAX_MS);
  const go = (): void => {
    clearTimeout(timer);
    goOn();
  };
  aside.push(go);
}
