import type { Door } from '../doors/parts.ts';
import { DeviceDay } from '../flow/device-day.ts';
import type { World } from '../world.ts';

/** Takes what is said, in the order of rendering; `at` is the local second it was said. */
export interface Sink {
  add(door: Door, text: string, items: number, at: number): void;
  /** Whether what is said through the door is kept. */
  wants(door: Door): boolean;
}

/**
 * What rendering writes into. Nothing at or after the cut has happened yet, so it is not said: `say` drops it.
 * A live run hears only what falls into its stretch of time, and hears of a booking twice: when it is made and when it is over.
 * The visit number is the person and the ordinal, so a visit has the same number in every system.
 */
export class Context {
  readonly world: World;
  readonly isLive: boolean;
  /** A live run that had no delivery before it. */
  readonly isFromStart: boolean;
  /** Last day of the months said as table exports; in one of them everything the tables hold leaves by them. Null: by the interfaces. */
  readonly historyEnd: number | null;
  private machines: DeviceDay | null = null;
  private readonly sink: Sink;
  private readonly from: number;
  private readonly to: number;
  /** People whose Patient resource the EMR has already sent in this month. */
  readonly introduced = new Set<number>();
  /** People whose account is in this month's list of accounts already. */
  readonly accounts = new Set<number>();

  /** `live`: only what is said from the first second (inclusive) to the second (exclusive). */
  constructor(world: World, sink: Sink, live: readonly [from: number, to: number] | null = null, isFromStart = false, historyEnd: number | null = null) {
    this.historyEnd = historyEnd;
    this.isFromStart = isFromStart;
    this.world = world;
    this.sink = sink;
    this.isLive = live !== null;
    this.from = live?.[0] ?? Number.NEGATIVE_INFINITY;
    this.to = Math.min(live?.[1] ?? world.cut, world.cut);
  }

  /** It has happened by the cut (or by the end of the stretch). */
  happens(at: number): boolean {
    return at < this.to;
  }

  /** The machines of a day. Days are played one after another, each wholly before the next. */
  devices(day: number): DeviceDay {
    if (this.machines === null || this.machines.day !== day) this.machines = new DeviceDay(this.world, day);
    return this.machines;
  }

  /** Something dear to make is made only when somebody hears it. */
  wants(door: Door): boolean {
    return this.sink.wants(door);
  }

  say(door: Door, at: number, text: string, items = 1): void {
    if (at < this.to && at >= this.from) this.sink.add(door, text, items, at);
  }
}

export const visitNumber = (person: number, ordinal: number): string => `V${(person * 1000 + ordinal).toString().padStart(9, '0')}`;
