/** One stored batch of events → canonical statements. */
import type { PersonDetails, RawRecord, Reading, SourceId } from '@xinglin/contracts';
import { isObject, type Json, type JsonObject } from '../fhir/accept.ts';
import { sexOf } from '../hl7v2/codes.ts';
import { authorityOf, Draft, noDetails, personValues, said, sourceCode, token } from '../statement.ts';
import { textOfBytes } from '../text.ts';
import { type ReadTime, readDateText, readIsoTime, ZONE } from '../time.ts';
import type { AcceptedEvent } from './accept.ts';

/** A client's clock is corrected when it differs this much from ours and not more: beyond that `sentAt` is no clock but a replay. */
const SKEW_MIN_MS = 60_000;
const SKEW_MAX_MS = 48 * 3_600_000;
const EVENT_EDITION = '@1';

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '');
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const numberOf = (value: Json | undefined): number | null => {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
};

export function readEvents(record: RawRecord): Reading {
  const body = JSON.parse(textOfBytes(record.body)) as { batch: AcceptedEvent[]; sentAt?: Json; context?: Json };
  const draft = new Draft();
  const claims = { mayIdentify: record.meta['identify'] === 1, authority: authorityOf(record.meta) };
  for (const event of body.batch) {
    const context = { ...objectOf(body.context), ...objectOf(event['context']) };
    const at = timeOf(event, body.sentAt, record.receivedAt);
    const userId = textOf(event['userId']);
    const subject: SourceId | null = userId === '' ? null : { type: 'app-account', system: record.stream.source, value: userId };
    readEvent(event, context, subject, at, draft);
    const traits = { ...objectOf(context['traits']), ...objectOf(event['traits']) };
    if (event.type === 'identify' && subject !== null) readTraits(traits, subject, at, claims, draft);
  }
  return draft.reading;
}

/** When it happened by our clock: `timestamp`, shifted by how far the client's clock was off when it sent. */
function timeOf(event: AcceptedEvent, batchSentAt: Json | undefined, receivedAt: Date): ReadTime {
  const given = readIsoTime(event['timestamp'] ?? event['originalTimestamp'], ZONE);
  if (given === null) return { iso: receivedAt.toISOString(), precision: 'millisecond' };
  const sent = readIsoTime(event['sentAt'] ?? batchSentAt, ZONE);
  if (sent === null) return given;
  const skew = receivedAt.getTime() - Date.parse(sent.iso);
  if (Math.abs(skew) <= SKEW_MIN_MS || Math.abs(skew) > SKEW_MAX_MS) return given;
  return { ...given, iso: new Date(Date.parse(given.iso) + skew).toISOString() };
}

function readEvent(event: AcceptedEvent, context: JsonObject, subject: SourceId | null, at: ReadTime, draft: Draft): void {
  const properties = objectOf(event['properties']);
  const campaign = objectOf(context['campaign']);
  const page = objectOf(context['page']);
  const name = event.type === 'track' ? (token(textOf(event['event'])) ?? 'track') : event.type;
  const anonymous = textOf(event['anonymousId']);
  draft.add({
    fact: 'event',
    subject,
    localId: event.messageId,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: null,
    values: said({
      name: `${name}${EVENT_EDITION}`,
      kind: event.type,
      anonymous_key: anonymous === '' ? null : anonymous,
      channel: token(textOf(context['channel']) || textOf(properties['channel']) || (page['path'] === undefined ? '' : 'web')),
      campaign: token(textOf(campaign['name']) || textOf(properties['campaign'])),
      page: token(
        pathOf(
          textOf(properties['path']) || textOf(page['path']) || textOf(properties['page']) || (/^(page|screen)$/.test(event.type) ? textOf(event['name']) : ''),
        ),
      ),
      value: numberOf(properties['value']) ?? numberOf(properties['revenue']),
      department_code: sourceCode(textOf(properties['department_code']) || textOf(properties['department']), textOf(properties['department_name'])),
    }),
  });
}

/** The path without query and fragment; long numbers in it name records, not pages. */
const pathOf = (path: string): string => (path.split(/[?#]/, 1)[0] ?? '').replace(/\d{6,}/g, ':id');

/** What an app says about its user. Numbers of records and documents count only from a key that may identify: anyone can write to a public one. */
function readTraits(
  traits: JsonObject,
  subject: SourceId,
  at: ReadTime,
  { mayIdentify, authority }: { mayIdentify: boolean; authority: string },
  draft: Draft,
): void {
  const first = (...names: string[]): string => names.map((name) => textOf(traits[name])).find((each) => each !== '') ?? '';
  const name =
    first('name', 'fullName') ||
    (/\p{Script=Han}/u.test(first('lastName')) ? `${first('lastName')}${first('firstName')}` : `${first('firstName')} ${first('lastName')}`.trim());
  const identifiers: SourceId[] = [subject];
  const claim = (type: SourceId['type'], value: string, system = subject.system): void => {
    if (mayIdentify && value !== '') identifiers.push({ type, system, value });
  };
  claim('mrn', first('mrn', 'patientId'), authority);
  claim('resident-id', first('residentId', 'idCard'));
  claim('insurance', first('insuranceNumber'));
  claim('openid', first('openid', 'openId'));
  const address = addressOf(traits['address']);
  const birth = first('birthday', 'birthDate');
  const person: PersonDetails = {
    ...noDetails,
    names: name === '' ? [] : [name],
    identifiers,
    phones: [first('phone', 'mobile')].filter((each) => each !== ''),
    addresses: address === '' ? [] : [{ text: address, district: null }],
    birthDate: birth === '' ? null : readDateText(birth.slice(0, 10)),
    sex: sexOf(first('gender', 'sex')),
    nickname: first('nickname', 'username') || null,
  };
  draft.add({
    fact: 'person_record',
    subject,
    localId: `app-account|${subject.system}|${subject.value}`,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: at.iso,
    values: personValues(person, false),
    person,
  });
}

function addressOf(address: Json | undefined): string {
  if (typeof address === 'string') return address.trim();
  const parts = objectOf(address);
  return ['state', 'city', 'street', 'postalCode', 'country']
    .map((name) => textOf(parts[name]))
    .filter((each) => each !== '')
    .join(' ');
}
