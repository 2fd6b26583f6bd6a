import { useEffect, useState } from 'react';

/** The wall's time, again every so often. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/**
 * Business time as it runs on the page: the moment an answer stands for plus the time since it came. Limits are counted
 * against it, so that a hospital whose clock is simulated shows its own time.
 */
export function useBusinessNow(asOf: string | undefined, arrivedAt: number): number {
  const now = useNow(30_000);
  return asOf === undefined ? now : Date.parse(asOf) + Math.max(0, now - arrivedAt);
}
