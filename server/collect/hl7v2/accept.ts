/** The structural look at one message before it is acknowledged: it begins with MSH, has usable separators and a control id. */
import { type Noted, noted } from '../errors.ts';
import { ZONE } from '../time.ts';
import { decodeMessage } from './charset.ts';
import { Message } from './message.ts';

export interface AcceptedMessage {
  readonly body: Uint8Array;
  readonly meta: Readonly<Record<string, string | number>>;
  /** Sending application and facility with the control id: what a sender promises to use once. */
  readonly controlId: string;
}

/** Nothing of the message is changed; what was decided about its characters travels in `meta`, so that it is read the same way for ever. */
export function acceptMessage(bytes: Uint8Array, options: { charset?: string | null; zone?: string } = {}): AcceptedMessage | Noted {
  const decoded = decodeMessage(bytes, options.charset ?? null);
  if (decoded.text.trim() === '') return noted('empty');
  if (!decoded.text.replace(/^[^!-~]+/, '').startsWith('MSH')) return noted('hl7-no-msh');
  const message = Message.parse(decoded.text, decoded.charset);
  const header = message?.segments[0];
  if (header === undefined) return noted('hl7-separators');
  if (header.get(10) === '') return noted('hl7-no-control-id');
  const zone = options.zone ?? ZONE;
  return {
    body: bytes,
    controlId: [header.get(3), header.get(4), header.get(10)].join('|'),
    meta: {
      charset: decoded.charset,
      charsetBy: decoded.reason,
      ...(decoded.isReplaced ? { replaced: 1 } : {}),
      ...(zone === ZONE ? {} : { zone }),
    },
  };
}
