import type { SimulatedClock } from '../../kernel/index.ts';
import type { Due, Outbox, Signals } from '../types.ts';

/**
 * Lets simulated time pass up to `to`, stopping at every due time on the way, so that what follows from an item happens at that
 * item's own time: a message due at nine is sent at nine even when a month passes in one call.
 */
export async function advance(clock: SimulatedClock, due: Due, signals: Signals, to: Date, outbox?: Outbox): Promise<void> {
  const settle = async (): Promise<void> => {
    await signals.idle();
    await outbox?.idle();
    await signals.idle();
  };
  for (;;) {
    await settle();
    while ((await due.runDue()) > 0) await settle();
    const next = await due.nextAt();
    if (next === null || next > to) break;
    // Overdue items (put off after a failure in the past) do not turn time back.
    if (next > clock.now()) clock.advanceTo(next);
  }
  clock.advanceTo(to);
  await settle();
}
