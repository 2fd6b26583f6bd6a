import type { Door, Parts } from '../doors/parts.ts';
import type { World } from '../world.ts';

/**
 * What rendering writes into. Nothing at or after the cut has happened yet, so it is not said: `say` drops it.
 * The visit number is the person and the ordinal, so a visit has the same number in every system.
 */
export class Context {
  readonly world: World;
  private readonly parts: Parts;
  /** From (inclusive) and to (exclusive), local seconds: outside nothing is written. */
  private readonly from: number;
  private readonly to: number;
  /** People whose Patient resource the EMR has already sent in this month. */
  readonly introduced = new Set<number>();

  constructor(world: World, parts: Parts, from = Number.NEGATIVE_INFINITY, to = world.cut) {
    this.world = world;
    this.parts = parts;
    this.from = from;
    this.to = Math.min(to, world.cut);
  }

  happens(at: number): boolean {
    return at < this.to && at >= this.from;
  }

  say(door: Door, at: number, text: string, items = 1): void {
    if (at < this.to && at >= this.from) this.parts.add(door, text, items);
  }
}

export const visitNumber = (person: number, ordinal: number): string => `V${(person * 1000 + ordinal).toString().padStart(9, '0')}`;
