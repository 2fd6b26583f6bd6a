/**
 * Appends from several producers until it is killed, and says on standard output what was acknowledged: `NUMBER POSITION`, one a line.
 * Arguments: folder, seed, segment bytes. Every tenth delivery is a repeat of an earlier one.
 */
import { writeSync } from 'node:fs';
import { delivery, testZone } from '../../server/lake/raw/testing.ts';

const [folder = '', seed = '0', segmentBytes = '200000'] = process.argv.slice(2);
const { zone } = await testZone({ folder, segmentBytes: Number(segmentBytes) });
let number = Number(seed);

/** Every tenth says again what was said nine before. */
const said = (n: number): number => (n % 10 === 9 ? n - 9 : n);

async function produce(): Promise<void> {
  for (;;) {
    const batch = Array.from({ length: 1 + (number % 7) }, () => number++);
    const outcomes = await zone.append(batch.map(said).map((n) => delivery(`delivery ${n} ${'x'.repeat(n % 900)}`, { meta: { n } })));
    writeSync(1, outcomes.map((outcome, i) => (outcome.outcome === 'accepted' ? `${batch[i]} ${outcome.position}\n` : '')).join(''));
  }
}
writeSync(1, 'ready\n');
const failed = await Promise.race(Array.from({ length: 6 }, produce)).catch((error: { code?: string }) => error.code ?? 'failed');
writeSync(1, `refused ${failed}\n`);
process.exit(0);
