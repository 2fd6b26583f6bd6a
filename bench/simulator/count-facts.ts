/**
 * Facts a part states, counted from its bytes: a visit by its first message, a diagnosis, a bill's line, a result, an examination, a booking, a document,
 * a resource other than Patient, a row, an event, a device's message, a series. Corrections and later news of the same thing are not counted again.
 */
import type { Part } from '../../simulator/index.ts';

const HL7 = [/\|ADT\^A0[14]\^/g, /\rDG1\|\d+\|\|[^\r]*?\|F\|/g, /\rFT1\|/g, /\rPR1\|/g, /\|SIU\^S12\^/g, /\|ADT\^A40\^/g] as const;

export function factsIn({ kind, source, body, items }: Part): number {
  if (kind === 'truth') return 0;
  if (kind === 'fhir') return items - countOf(body, '{"resourceType":"Patient"');
  if (kind !== 'hl7') return items;
  if (source === 'lis') return countOf(body, '\rOBX|');
  // An order is an examination, a report its words.
  if (source === 'ris') return countOf(body, '\rORC|NW|') + countOf(body, '\rOBX|');
  if (source === 'doc') return items;
  const text = body.toString('latin1');
  return HL7.reduce((sum, pattern) => sum + (text.match(pattern)?.length ?? 0), 0);
}

function countOf(body: Buffer, what: string): number {
  let count = 0;
  for (let at = body.indexOf(what); at >= 0; at = body.indexOf(what, at + what.length)) count++;
  return count;
}
