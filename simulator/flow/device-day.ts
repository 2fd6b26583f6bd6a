/** One day of the machines that are booked: an examination takes the first gap that holds it, so no machine has two people at a time. */
import type { Device, Modality } from '../city/hospital.ts';
import type { World } from '../world.ts';

interface Booked {
  readonly device: Device;
  /** Starts and ends in turn, in order of time. */
  readonly busy: { from: number; to: number }[];
}

export class DeviceDay {
  readonly day: number;
  private readonly booked = new Map<Modality, Booked[]>();

  constructor(world: World, day: number) {
    this.day = day;
    for (const device of world.hospital.devices)
      if (!device.isPool) this.booked.set(device.modality, [...(this.booked.get(device.modality) ?? []), { device, busy: [] }]);
  }

  /** The machine that is free soonest, and the second it begins, not before `ready`. */
  take(modality: Modality, ready: number, seconds: number): { device: Device; from: number } {
    let best: { unit: Booked; from: number; at: number } | null = null;
    for (const unit of this.booked.get(modality) ?? []) {
      const gap = firstGap(unit.busy, ready, seconds);
      if (best === null || gap.from < best.from) best = { unit, ...gap };
    }
    if (best === null) throw new RangeError(`no machine for ${modality}`);
    best.unit.busy.splice(best.at, 0, { from: best.from, to: best.from + seconds });
    return { device: best.unit.device, from: best.from };
  }
}

function firstGap(busy: readonly { from: number; to: number }[], ready: number, seconds: number): { from: number; at: number } {
  let from = ready;
  let at = 0;
  for (; at < busy.length; at++) {
    const next = busy[at] as { from: number; to: number };
    if (next.to <= from) continue;
    if (next.from >= from + seconds) break;
    from = next.to;
  }
  return { from, at };
}
