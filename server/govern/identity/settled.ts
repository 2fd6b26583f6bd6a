/**
 * Pairs that need no comparing, because deciding (`resolve.ts`) joins them whatever else they say: they share a record number and are not plainly
 * two people, or a document and the day of birth. Nothing is kept of them; in a register most pairs are such, and telling them by their blinded values
 * spares opening the details of both.
 */
import type { RecordEvidence } from './engine.ts';
import { DOCUMENT_TYPES, type EvidenceType } from './identifiers.ts';
import { contradicts } from './resolve.ts';

const DOCUMENTS: ReadonlySet<EvidenceType> = new Set(DOCUMENT_TYPES);

/** Symmetric. What a crowd shares is not among the evidence. */
export function isSettled(a: RecordEvidence, b: RecordEvidence): boolean {
  if (contradicts(a, b)) return false;
  const isOneBirth = a.birth !== null && a.birth === b.birth;
  let isShared = false;
  for (const { type, isSuspect } of a.evidence) {
    if (isSuspect) return false;
    if (type !== 'mrn' && !DOCUMENTS.has(type)) continue;
    const said = shareOf(type, a, b);
    isShared ||= said === 'same' && (type === 'mrn' || isOneBirth);
    // A passport is issued again under another number, and every authority gives record numbers of its own.
    if (said === 'differ' && type !== 'mrn' && type !== 'passport') return false;
  }
  return isShared && !b.evidence.some(({ isSuspect }) => isSuspect) && !isVague(a) && !isVague(b);
}

/** Ids that disagree on the birth say none; comparing takes the first. */
const isVague = ({ birth, evidence }: RecordEvidence): boolean => birth === null && evidence.filter(({ type }) => type === 'resident-id').length > 1;

function shareOf(type: EvidenceType, a: RecordEvidence, b: RecordEvidence): 'same' | 'differ' | 'unknown' {
  let said: 'differ' | 'unknown' = 'unknown';
  for (const theirs of b.evidence) {
    if (theirs.type !== type) continue;
    if (a.evidence.some((mine) => mine.type === type && mine.blind === theirs.blind)) return 'same';
    said = 'differ';
  }
  return said;
}
