/** What later rooms report comes in like everything else: one raw delivery per statement, in a stream of its own. */
import type { LoopKind, LoopPort, LoopStatements, Place } from '@xinglin/contracts';
import type { LiveLog } from '../inbox/live-log.ts';
import type { Sources } from '../inbox/sources.ts';

export const LOOP_SOURCE = 'loop';

export function createLoopPort(live: LiveLog, sources: Sources): LoopPort {
  return {
    async deliver<K extends LoopKind>(place: Place, kind: K, body: LoopStatements[K]): Promise<void> {
      await sources.use(LOOP_SOURCE, LOOP_SOURCE);
      const stream = { orgId: place.orgId, campusId: place.campusId, source: LOOP_SOURCE, lane: 'loop' as const };
      const statement = { kind, orgId: place.orgId, campusId: place.campusId, body };
      await live.append(stream, 'loop', [{ stream, type: 'loop', body: Buffer.from(JSON.stringify(statement)), meta: {}, items: 1 }]);
    },
  };
}
