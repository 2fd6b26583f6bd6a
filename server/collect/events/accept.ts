/** One event of the Segment specification, looked at before it is taken. */
import { createHash } from 'node:crypto';
import { type Noted, noted } from '../errors.ts';
import { isObject, type JsonObject } from '../fhir/accept.ts';

export const EVENT_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Limits of the public interface, so that clients behave here as they do there. */
export const EVENT_BYTES_MAX = 32 * 1024;
export const BATCH_BYTES_MAX = 512 * 1024;
const MESSAGE_ID_MAX = 256;

export type AcceptedEvent = JsonObject & { type: EventType; messageId: string };

/** The event with a `messageId`; without one it gets one from its content, so that a repeated request is a repetition. */
export function acceptEvent(given: unknown): AcceptedEvent | Noted {
  if (!isObject(given) || !EVENT_TYPES.includes(given['type'] as EventType)) return noted('events-type');
  const text = JSON.stringify(given);
  if (Buffer.byteLength(text) > EVENT_BYTES_MAX) return noted('events-event-size', { limitKb: EVENT_BYTES_MAX / 1024 });
  if (!isId(given['userId']) && !isId(given['anonymousId'])) return noted('events-who');
  if (given['type'] === 'track' && (typeof given['event'] !== 'string' || given['event'].trim() === '')) return noted('events-name');
  const { messageId, timestamp } = given;
  if (messageId !== undefined && messageId !== null && (typeof messageId !== 'string' || messageId === '' || messageId.length > MESSAGE_ID_MAX))
    return noted('events-id');
  if (timestamp !== undefined && timestamp !== null && (typeof timestamp !== 'string' || Number.isNaN(Date.parse(timestamp)))) return noted('events-time');
  const id = typeof messageId === 'string' ? messageId : createHash('sha256').update(text).digest('hex').slice(0, 32);
  // Some clients repeat their key in every event; it is a secret and no part of what happened.
  const { writeKey: _writeKey, ...event } = given;
  return { ...event, type: given['type'] as EventType, messageId: id };
}

const isId = (value: unknown): boolean => (typeof value === 'string' && value !== '') || typeof value === 'number';
