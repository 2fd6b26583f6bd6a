import { rm } from 'node:fs/promises';
import type { Db } from '../../platform/index.ts';
import type { FactFolder } from './fact-folder.ts';
import { forgetFiles, knownPaths, removedFiles } from './manifest.ts';

/**
 * Removes files that left the manifest at a moment or before and that no query of this process reads any more, and files the manifest never
 * named (left by a crash between writing and committing). Returns how many.
 */
export async function sweepFiles(sweep: { db: Db; folder: FactFolder; before: Date; generation: number }): Promise<number> {
  const { db, folder } = sweep;
  const gone = await removedFiles(db, sweep.before, sweep.generation);
  for (const file of gone) await rm(folder.path(file), { force: true });
  if (gone.length > 0) {
    await forgetFiles(
      db,
      gone.map((file) => file.file_id),
    );
  }
  // The list comes before the look into the manifest: a file committed in between is then known.
  const present = (await folder.list()).filter((path) => !folder.pending.has(path));
  const known = await knownPaths(db);
  const orphans = present.filter((path) => !known.has(path));
  for (const path of orphans) await rm(folder.path({ path }), { force: true });
  return gone.length + orphans.length;
}
