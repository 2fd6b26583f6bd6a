/** The room put together. */
import { createHash } from 'node:crypto';
import type { AppendOutcome, RawRecord } from '@xinglin/contracts';
import { Refusal } from '../kernel/index.ts';
import type { Lake } from '../lake/index.ts';
import type { Platform } from '../platform/index.ts';
import { refuse } from './errors.ts';
import { EventDoor } from './events/event-door.ts';
import { bulkPlanOf } from './files/bulk-plan.ts';
import { acceptMessage } from './hl7v2/accept.ts';
import { ControlIds } from './inbox/control-ids.ts';
import { createDeliveryLog } from './inbox/delivery-log.ts';
import { type IngestDeps, ingestPaths, ingestStream } from './inbox/ingest.ts';
import { LiveLog } from './inbox/live-log.ts';
import { SavedMappings } from './inbox/saved-mappings.ts';
import { Sources } from './inbox/sources.ts';
import { Turns } from './inbox/turns.ts';
import { createLoopPort } from './loop/port.ts';
import { readRecord } from './read.ts';
import { authorityOf } from './statement.ts';
import type { Collect } from './types.ts';

/** Write key of the demo's events interface; a real hospital makes its own. */
export const DEMO_WRITE_KEY = 'xinglin-demo-write-key';
const DEMO_EVENT_SOURCE = 'web';

/** Counts what a crash left uncounted, then takes deliveries. */
export async function createCollect({ platform, lake }: { platform: Platform; lake: Lake }): Promise<Collect> {
  const turns = new Turns(platform, lake);
  const live = new LiveLog(platform, lake, turns);
  const controlIds = new ControlIds(platform, live);
  const sources = new Sources(platform);
  const mappings = new SavedMappings(platform);
  const events = new EventDoor(platform, live);
  const deps: IngestDeps = { platform, lake, turns, sources, mappings };
  const flush = async (): Promise<void> => {
    await controlIds.flush();
    await live.flush();
  };
  await turns.recover((stream, records) => events.recovered(stream, records));
  if (platform.config.isDemo) await sources.addWriteKey(DEMO_EVENT_SOURCE, { given: DEMO_WRITE_KEY, mayIdentify: true });

  return {
    ingest: (options) => ingestPaths(deps, options),
    ingestStream: (options) => ingestStream(deps, options),
    read: (record: RawRecord) => readRecord(record, mappings),
    bulkPlan: async (name, header, { stream, meta }) => bulkPlanOf(await mappings.byName(name), header, stream.source, authorityOf(meta)),
    deliverHl7: (options) => deliverHl7(platform, sources, { live, controlIds }, options),
    deliverEvents: (key, batch) => events.deliver(key, batch),
    writeKey: (key) => sources.ofWriteKey(key),
    registerSource: (source, by) => sources.register(source, by),
    addWriteKey: (source, options) => sources.addWriteKey(source, options),
    loop: createLoopPort(live, sources),
    log: createDeliveryLog(platform, lake, flush),
    close: flush,
  };
}

/** One message from a listener. Throws when it is not structurally HL7; what governance dislikes later goes to quarantine. */
async function deliverHl7(
  platform: Platform,
  sources: Sources,
  { live, controlIds }: { live: LiveLog; controlIds: ControlIds },
  { source, bytes, charset }: { source: string; bytes: Uint8Array; charset?: string },
): Promise<AppendOutcome> {
  const { campusId } = await sources.use(source, 'listener');
  const { orgId, timeZone } = platform.config;
  const stream = { orgId, campusId, source, lane: 'live' as const };
  const accepted = acceptMessage(bytes, { charset: charset ?? null, zone: timeZone });
  if ('code' in accepted) {
    await live.append(stream, 'hl7v2', [], { refused: [accepted] });
    throw new Refusal(accepted.code, { status: 422, zh: accepted.reasonZh, en: accepted.reason });
  }
  const [outcome] = await live.append(stream, 'hl7v2', [{ stream, type: 'hl7v2', body: accepted.body, meta: accepted.meta, items: 1 }]);
  if (outcome === undefined) throw refuse('unknown-source');
  if (outcome.outcome === 'accepted') controlIds.saw(stream, accepted.controlId, createHash('sha256').update(accepted.body).digest());
  return outcome;
}
