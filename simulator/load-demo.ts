import { type Folder, type Part, TAKEN_FOLDERS } from './doors/parts.ts';
import { monthParts } from './month.ts';
import { createWorld, type SimulateOptions } from './world.ts';

export interface LoadProgressed {
  readonly month: string;
  readonly monthsDone: number;
  readonly months: number;
  readonly items: number;
}

/**
 * The hospital as a stream of parts ready to be uploaded, the newest month first, so that the last three months are there soonest.
 * A part is a whole file of one door (a few megabytes at most); nothing touches the disk. Only what the product has an input for, unless `folders` says otherwise.
 */
export async function* loadDemo(
  options: SimulateOptions & { onProgress?: (progress: LoadProgressed) => void; partBytes?: number; folders?: ReadonlySet<Folder>; only?: readonly number[] },
): AsyncGenerator<Part> {
  const world = createWorld(options);
  let items = 0;
  for (let index = world.months - 1; index >= 0; index--) {
    if (options.only !== undefined && !options.only.includes(index)) continue;
    let month = '';
    for (const part of monthParts(world, index, { folders: TAKEN_FOLDERS, ...options })) {
      month = part.month;
      items += part.items;
      yield part;
    }
    options.onProgress?.({ month, monthsDone: world.months - index, months: world.months, items });
  }
}
