/** Builders of invented messages and records for the tests of this room. */
import type { Canonical, FactName, RawRecord, RawType, Reading } from '@xinglin/contracts';
import iconv from 'iconv-lite';
import { acceptMessage } from '../hl7v2/accept.ts';
import { readHl7 } from '../hl7v2/read.ts';

export const RECEIVED = new Date('2026-01-05T01:00:00Z');

export const recordOf = (type: RawType, body: Uint8Array | string, meta: RawRecord['meta'] = {}, source = 'his'): RawRecord => ({
  stream: { orgId: 'demo', campusId: 'main', source, lane: 'bulk' },
  type,
  body: typeof body === 'string' ? Buffer.from(body) : body,
  meta,
  items: 1,
  position: 1,
  receivedAt: RECEIVED,
  sha256: '0'.repeat(64),
});

export const gb18030 = (text: string): Buffer => iconv.encode(text, 'gb18030');

/** `MSH` with what is usual here; the other segments as given. Ends with CR. */
export const hl7 = (type: string, segments: readonly string[], { id = 'M1', at = '20250301083000', charset = '' } = {}): string =>
  [`MSH|^~\\&|HIS|XC1|XINGLIN|XC1|${at}||${type}|${id}|P|2.5.1||||||${charset}`, ...segments, ''].join('\r');

export const PID = 'PID|1||P1001^^^HIS^MR~440308199901101512^^^CHN^NI||张^三||19990110|M|||人民路1号^^杏城市^杏林省^^CHN^H^^440308||13800000001^PRN^CP';
export const pv1 = ({ klass = 'I', visit = 'V1', from = '20250301080000', to = '', disposition = '' } = {}): string => {
  const fields = Array.from({ length: 46 }, () => '');
  Object.assign(fields, { 0: 'PV1', 1: '1', 2: klass, 3: 'W12^^3^XC1', 7: 'D001^李医生', 10: 'CARD', 19: visit, 20: '1', 36: disposition, 44: from, 45: to });
  return fields.join('|');
};

/** Through the door and back, as a delivery goes. Throws when the door refuses it. */
export function readMessage(message: string | Uint8Array, source = 'his'): Reading {
  const accepted = acceptMessage(typeof message === 'string' ? Buffer.from(message) : message);
  if ('code' in accepted) throw new Error(accepted.reason);
  return readHl7(recordOf('hl7v2', accepted.body, accepted.meta, source));
}

export const factsOf = (reading: Reading, fact: FactName): Canonical[] => reading.facts.filter((each) => each.fact === fact);
export function factOf(reading: Reading, fact: FactName): Canonical {
  const [first, second] = factsOf(reading, fact);
  if (first === undefined || second !== undefined) throw new Error(`${factsOf(reading, fact).length} facts of ${fact}`);
  return first;
}
