/** Messages about identity: who is the same as whom, and which visit is whose. */
import type { SourceId } from '@xinglin/contracts';
import { noted } from '../errors.ts';
import type { Draft } from '../statement.ts';
import type { Envelope } from './context.ts';
import type { Segment } from './message.ts';
import { idsOf, patientOf, subjectOf } from './patient.ts';

/**
 * PID names the survivor, MRG the retired id. A18, A30, A34, A36, A39, A40: merges; A46, A47: one id replaced by another.
 * A24 and A37 name two patients in two PID segments: linked, and no longer so.
 */
const MERGES = /^A(18|30|34|36|39|40|46|47)$/;
const MOVES = /^A(44|45)$/;
const LINKS = /^A(24|37)$/;

export function readIdentityAct(
  envelope: Envelope,
  groups: readonly { pid: Segment; mrg: Segment | undefined; pv1: Segment | undefined }[],
  draft: Draft,
): void {
  if (envelope.type !== 'ADT') return;
  if (LINKS.test(envelope.trigger)) readLink(groups, envelope, draft);
  if (!MERGES.test(envelope.trigger) && !MOVES.test(envelope.trigger)) return;
  for (const [item, { pid, mrg, pv1 }] of groups.entries()) {
    const survivor = patientOf(pid, envelope.source);
    if (MERGES.test(envelope.trigger)) readMerge(item, survivor, mrg, envelope, draft);
    if (MOVES.test(envelope.trigger)) readMove(item, survivor, mrg, pv1, envelope, draft);
  }
}

function readLink(groups: readonly { pid: Segment }[], envelope: Envelope, draft: Draft): void {
  const [one, other] = groups.map(({ pid }) => patientOf(pid, envelope.source));
  if (one === undefined || one === null || other === undefined || other === null || sameId(one, other)) {
    draft.quarantine(0, noted('hl7-link', { trigger: envelope.trigger }));
    return;
  }
  draft.act({ act: envelope.trigger === 'A24' ? 'link' : 'unlink', one, other, occurredAt: envelope.at.iso });
}

function readMerge(item: number, survivor: SourceId | null, mrg: Segment | undefined, envelope: Envelope, draft: Draft): void {
  const retiredIds = mrg === undefined ? [] : [...idsOf(mrg, 1, envelope.source), ...idsOf(mrg, 4, envelope.source)];
  // MRG-1 may repeat with other kinds of id; the one of the survivor's kind and authority is the one that retires.
  const retired =
    retiredIds.find((each) => survivor !== null && each.type === survivor.type && each.system === survivor.system && each.value !== survivor.value) ??
    subjectOf(retiredIds);
  if (survivor === null || retired === null || sameId(survivor, retired)) {
    draft.quarantine(item, noted('hl7-merge', { trigger: envelope.trigger }));
    return;
  }
  draft.act({ act: 'merge', survivor, retired, occurredAt: envelope.at.iso });
}

function readMove(item: number, to: SourceId | null, mrg: Segment | undefined, pv1: Segment | undefined, envelope: Envelope, draft: Draft): void {
  const visit = pv1?.get(19) || mrg?.get(5) || mrg?.get(3) || '';
  if (to === null || visit === '') {
    draft.quarantine(item, noted('hl7-merge', { trigger: envelope.trigger }));
    return;
  }
  draft.act({ act: 'move-encounter', encounterLocalId: visit, to, occurredAt: envelope.at.iso });
}

const sameId = (a: SourceId, b: SourceId): boolean => a.type === b.type && a.system === b.system && a.value === b.value;
