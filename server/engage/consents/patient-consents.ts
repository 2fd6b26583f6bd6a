import type { LoopPort, PatientViewer } from '@xinglin/contracts';
import type { PatientInbox } from '@xinglin/contracts/api.ts';
import type { Govern } from '../../govern/index.ts';
import type { Platform } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import type { Messages } from '../messages/messages.ts';
import { CONSENT_TEXTS, CONSENT_TEXTS_EDITION } from './texts.ts';

export type PatientConsents = PatientInbox['consents'];

export function createPatientConsents({ platform, govern, messages, loop }: { platform: Platform; govern: Govern; messages: Messages; loop: LoopPort }) {
  /** The patient's own answers per purpose; a consent limited to one channel does not count as given. */
  const list = async (viewer: PatientViewer): Promise<PatientConsents> => {
    const given = await govern.consents.of(viewer, viewer.personId);
    return CONSENT_TEXTS.map(({ purpose, name, explanation }) => {
      const latest = given.filter((each) => each.purpose === purpose && each.channel === null).sort((a, b) => b.changedAt.getTime() - a.changedAt.getTime())[0];
      return { purpose, name, explanation, granted: latest?.granted ?? false };
    });
  };

  /**
   * Says the change into the loop, where it is durable before this returns. A withdrawal stops what already waits in the same moment;
   * the law's one minute is for the rest.
   */
  const change = async (viewer: PatientViewer, { purpose, granted }: { purpose: string; granted: boolean }): Promise<PatientConsents> => {
    const text = CONSENT_TEXTS.find((each) => each.purpose === purpose);
    if (text === undefined) throw refuse('unknown-purpose', { purpose: purpose.replace(/[^\w-]/g, '') });
    const records = await govern.people.recordsOf(viewer.personId);
    const [recordKey] = records;
    if (recordKey === undefined) throw refuse('not-found');
    const { config, clock, db, audit } = platform;
    await loop.deliver({ orgId: config.orgId, campusId: config.campusId }, 'consent.change', {
      recordKey,
      purpose,
      channel: null,
      granted,
      textEdition: CONSENT_TEXTS_EDITION,
      occurredAt: clock.now().toISOString(),
    });
    await db.tx(async (tx) => {
      if (!granted) await messages.cancelWaiting(tx, records, text.purpose, null, 'withdrawn');
      await audit.record({
        viewer,
        action: granted ? 'consent.give' : 'consent.withdraw',
        relation: 'consent',
        subject: viewer.personId,
        outcome: 'allowed',
        detail: purpose,
        q: tx,
      });
    });
    return (await list(viewer)).map((each) => (each.purpose === purpose ? { ...each, granted } : each));
  };

  return { list, change };
}
