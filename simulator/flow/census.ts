/** Who lies where at midnight: counted from plans, ward by ward and day by day, so that stays that end in a later month are counted too. */
import type { Visit } from '../health/plan.ts';
import { wardOf } from '../voice/feedback.ts';
import type { World } from '../world.ts';

export interface WardDay {
  readonly admitted: number;
  readonly discharged: number;
  /** In bed at 24:00. */
  readonly present: number;
}

export class Census {
  private readonly world: World;
  private readonly firstDay: number;
  private readonly days: number;
  private readonly admitted: Int32Array;
  private readonly discharged: Int32Array;
  private readonly present: Int32Array;

  constructor(world: World, firstDay: number, lastDay: number) {
    this.world = world;
    this.firstDay = firstDay;
    this.days = lastDay - firstDay + 1;
    const size = this.days * world.hospital.wards.length;
    [this.admitted, this.discharged, this.present] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
  }

  add(visits: readonly Visit[]): void {
    const last = this.firstDay + this.days - 1;
    for (const visit of visits) {
      if (visit.day > last) return;
      const end = visit.day + visit.nights;
      if (visit.nights === 0 || end < this.firstDay) continue;
      const ward = wardOf(this.world, visit);
      if (ward === null) continue;
      const at = this.world.hospital.wards.indexOf(ward);
      this.count(this.admitted, at, visit.day);
      this.count(this.discharged, at, end);
      for (let day = Math.max(visit.day, this.firstDay); day < end && day <= last; day++) this.count(this.present, at, day);
    }
  }

  of(ward: number, day: number): WardDay {
    const at = ward * this.days + day - this.firstDay;
    return { admitted: this.admitted[at] ?? 0, discharged: this.discharged[at] ?? 0, present: this.present[at] ?? 0 };
  }

  private count(into: Int32Array, ward: number, day: number): void {
    if (day < this.firstDay || day >= this.firstDay + this.days) return;
    const at = ward * this.days + day - this.firstDay;
    into[at] = (into[at] ?? 0) + 1;
  }
}
