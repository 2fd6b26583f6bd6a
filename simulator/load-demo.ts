import { monthText } from './calendar.ts';
import { type Folder, type Part, TAKEN_FOLDERS } from './doors/parts.ts';
import { isHistory, monthParts } from './month.ts';
import { Spool } from './spool.ts';
import { createWorld, type SimulateOptions, SimulatorError, type World } from './world.ts';

export interface LoadProgressed {
  readonly month: string;
  readonly monthsDone: number;
  readonly months: number;
  readonly items: number;
}

export interface LoadOptions extends SimulateOptions {
  /** The newest so many months leave by the interfaces, the older ones as table exports; all by the interfaces when absent. */
  readonly liveMonths?: number;
  /** The table exports come month by month, as they are made, instead of table by table over all their months. */
  readonly isByMonth?: boolean;
  readonly onProgress?: (progress: LoadProgressed) => void;
  /** A month of the history is being made; its tables are handed over when all of them are. */
  readonly onMaking?: (month: string) => void;
  readonly partBytes?: number;
  readonly folders?: ReadonlySet<Folder>;
  /** Months to make, by index (0 the first). */
  readonly only?: readonly number[];
}

/** Calendar months, more than three months whatever the day, that a running server gets to file before the older ones follow. */
export const NEWEST_MONTHS = 4;

export function checkLiveMonths(liveMonths: number | undefined): void {
  if (liveMonths !== undefined && (!Number.isInteger(liveMonths) || liveMonths < 1))
    throw new SimulatorError('live-months: must be a whole number, 1 or more: the newest month always leaves by the interfaces.');
}

/**
 * The hospital as a stream of parts ready to be uploaded, the newest month first, so that the last three months are there soonest.
 * A part is a whole file of one door (a few megabytes at most); of what the interfaces say nothing touches the disk, of the history tables a file without
 * a name holds what is not yet handed over. Only what the product has an input for, unless `folders` says otherwise.
 */
export async function* loadDemo(options: LoadOptions): AsyncGenerator<Part> {
  checkLiveMonths(options.liveMonths);
  const world = createWorld(options);
  const indices = Array.from({ length: world.months }, (_, i) => world.months - 1 - i).filter((each) => options.only?.includes(each) !== false);
  const isPast = (index: number): boolean => isHistory(world, index, options.liveMonths);
  const isSpooled = options.isByMonth !== true;
  let items = 0;
  const done = (index: number, month: string): void => options.onProgress?.({ month, monthsDone: world.months - index, months: world.months, items });
  for (const index of indices) {
    if (isSpooled && isPast(index)) break;
    let month = '';
    for (const part of partsOfMonth(world, index, options)) {
      month = part.month;
      items += part.items;
      yield part;
    }
    done(index, month);
  }
  const past = isSpooled ? indices.filter(isPast) : [];
  const isNewest = (index: number): boolean => index >= world.months - NEWEST_MONTHS;
  for (const months of [past.filter(isNewest), past.filter((index) => !isNewest(index))]) {
    for await (const part of tablesOf(world, months, options)) {
      items += part.items;
      yield part;
    }
    if (months.length > 0) done(months.at(-1) as number, monthText(world.firstMonth + (months.at(-1) as number)));
  }
}

/** Months of the history, table by table. */
async function* tablesOf(world: World, months: readonly number[], options: LoadOptions): AsyncGenerator<Part> {
  if (months.length === 0) return;
  const spool = new Spool();
  try {
    for (const index of months) {
      options.onMaking?.(monthText(world.firstMonth + index));
      for (const part of partsOfMonth(world, index, options)) spool.add(part);
      // Making a month takes a second or more: what else this process does has its turn between them.
      await new Promise((resolve) => setImmediate(resolve));
    }
    yield* spool.take(options.partBytes);
  } finally {
    spool.close();
  }
}

const partsOfMonth = (world: World, index: number, { partBytes, folders, liveMonths }: LoadOptions): Generator<Part> =>
  monthParts(world, index, {
    folders: folders ?? TAKEN_FOLDERS,
    ...(partBytes === undefined ? {} : { partBytes }),
    ...(liveMonths === undefined ? {} : { liveMonths }),
  });
