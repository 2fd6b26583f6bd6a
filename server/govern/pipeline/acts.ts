/** Instructions that are not facts: a source merging its own numbers, moving a visit, a consent given or withdrawn. */
import { type CanonicalAct, PURPOSES, type RawRecord, type SourceId } from '@xinglin/contracts';
import type { refuse } from '../errors.ts';
import { microsOf, type Origin } from '../privacy/fact-row.ts';
import { isSafeToken } from '../privacy/safe-values.ts';
import type { Chunk } from './chunk.ts';
import { isConsentNews } from './news.ts';
import { positionOf } from './positions.ts';

type Problem = Parameters<typeof refuse>[0];

/** Null when taken; else why not. `see` makes the record key of a subject and remembers that it exists. */
export function prepareAct(
  chunk: Chunk,
  record: RawRecord,
  origin: Origin,
  act: CanonicalAct,
  item: number,
  isReplay: boolean,
  see: (subject: SourceId) => string,
): Problem | null {
  const { source, names } = origin;
  const micros = microsOf(act.occurredAt);
  const occurredAt = micros === null ? record.receivedAt : new Date(Number(micros / 1000n));
  switch (act.act) {
    case 'merge': {
      const [survivorKey, retiredKey] = [see(act.survivor), see(act.retired)];
      if (survivorKey === retiredKey) return 'merge-self';
      // The same pair said again is the same act.
      chunk.merges.push({ actKey: names.act('merge', source, survivorKey, retiredKey), kind: 'merge', source, survivorKey, retiredKey, occurredAt });
      return null;
    }
    case 'link':
    case 'unlink': {
      const [survivorKey = '', retiredKey = ''] = [see(act.one), see(act.other)].sort();
      if (survivorKey === retiredKey) return 'merge-self';
      // Of what is said about the two, the newest holds, whichever is named first.
      chunk.merges.push({ actKey: names.act('link', source, survivorKey, retiredKey), kind: act.act, source, survivorKey, retiredKey, occurredAt });
      return null;
    }
    case 'move-encounter':
      chunk.moves.push({
        encounterKey: names.encounter(source, act.encounterLocalId),
        recordKey: see(act.to),
        version: micros === null ? Number(origin.receivedAtMicros) : Number(micros),
        origin,
      });
      return null;
    case 'consent': {
      const isFitting =
        (PURPOSES as readonly string[]).includes(act.purpose) &&
        isSafeToken(act.textEdition) &&
        (act.channel === null || isSafeToken(act.channel)) &&
        micros !== null;
      if (!isFitting) return 'bad-consent';
      const position = positionOf(record.position, record.stream.lane, item);
      chunk.consents.push({
        consentId: names.act('consent', source, record.stream.campusId, String(position)),
        recordKey: see(act.subject),
        ...{ purpose: act.purpose, channel: act.channel, isGranted: act.granted, textEdition: act.textEdition, occurredAt, position },
        givenBy: act.by ?? (record.stream.lane === 'loop' ? 'patient' : 'import'),
        isNews: !isReplay && isConsentNews(record.stream.lane, act.granted),
      });
      return null;
    }
  }
}
