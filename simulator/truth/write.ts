import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../world.ts';
import { effectsFile } from './effects-file.ts';
import { TRUTH_HEADS, type TruthName, truthOfPeople } from './people.ts';

/** Characters gathered per file before they are written. */
const CHUNK = 256 * 1024;

/** Writes `truth/effects.json` and the files about people. The files about visits come with the months. */
export function writeTruth(world: World, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'effects.json'), `${JSON.stringify(effectsFile(world), null, 1)}\n`);
  const names = Object.keys(TRUTH_HEADS) as TruthName[];
  const files = new Map(names.map((name) => [name, { handle: openSync(join(folder, `${name}.csv`), 'w'), text: `${TRUTH_HEADS[name]}\n` }]));
  try {
    for (const [name, line] of truthOfPeople(world)) {
      const file = files.get(name);
      if (file === undefined) continue;
      file.text += line;
      if (file.text.length < CHUNK) continue;
      writeSync(file.handle, file.text);
      file.text = '';
    }
    for (const { handle, text } of files.values()) writeSync(handle, text);
  } finally {
    for (const { handle } of files.values()) closeSync(handle);
  }
}
