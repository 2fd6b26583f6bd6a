/**
 * One HL7 v2 message → canonical statements. What a message cannot say in facts (allergies, insurance details, documents as files,
 * Z-segments, types not listed) stays in the raw zone and can be read later.
 */
import type { RawRecord, Reading } from '@xinglin/contracts';
import { invariant } from '../../kernel/index.ts';
import { noted } from '../errors.ts';
import { Draft, IN_PASSING, personValues } from '../statement.ts';
import { ZONE } from '../time.ts';
import { readCharge } from './charge.ts';
import { decodeMessage } from './charset.ts';
import { readDiagnosis, readProblem, readProcedure } from './clinical.ts';
import { type Context, type Envelope, staffOf, timeOf } from './context.ts';
import { readDocument } from './document.ts';
import { readIdentityAct } from './merge.ts';
import { Message, type Segment } from './message.ts';
import { newOrder, type Order, readOrder } from './orders.ts';
import { detailsOf, isDeceasedSaid, patientOf } from './patient.ts';
import { readAppointment } from './schedule.ts';
import { departmentOf, readVisit, visitIdOf } from './visit.ts';

export function readHl7(record: RawRecord): Reading {
  const charset = record.meta['charset'];
  const decoded = decodeMessage(record.body, typeof charset === 'string' ? charset : null);
  const message = Message.parse(decoded.text, decoded.charset);
  invariant(message !== null, 'a stored message has usable separators');
  const draft = new Draft();
  const envelope = envelopeOf(message, record);
  const groups = patientGroups(message);
  for (const [item, group] of groups.entries()) readPatient(item, group, envelope, draft);
  readIdentityAct(
    envelope,
    groups.map((group) => ({ pid: group.pid, mrg: group.one('MRG'), pv1: group.one('PV1') })),
    draft,
  );
  return draft.reading;
}

function envelopeOf(message: Message, record: RawRecord): Envelope {
  const msh = message.segments[0];
  invariant(msh !== undefined, 'a stored message has an MSH segment');
  const evn = message.first('EVN');
  const zone = typeof record.meta['zone'] === 'string' ? record.meta['zone'] : ZONE;
  const sent = timeOf(msh, 7, zone);
  const recorded = evn === undefined ? null : timeOf(evn, 2, zone);
  const happened = evn === undefined ? null : timeOf(evn, 6, zone);
  return {
    type: msh.get(9).toUpperCase(),
    trigger: (msh.get(9, 2) || evn?.get(1) || '').toUpperCase(),
    controlId: msh.get(10),
    source: record.stream.source,
    zone,
    versionAt: (sent ?? recorded)?.iso ?? null,
    at: happened ?? recorded ?? sent ?? { iso: record.receivedAt.toISOString(), precision: 'second' },
  };
}

class PatientGroup {
  readonly pid: Segment;
  readonly segments: Segment[] = [];
  readonly #byName = new Map<string, Segment[]>();
  constructor(pid: Segment) {
    this.pid = pid;
  }
  add(segment: Segment): void {
    this.segments.push(segment);
    const named = this.#byName.get(segment.name);
    if (named === undefined) this.#byName.set(segment.name, [segment]);
    else named.push(segment);
  }
  one(name: string): Segment | undefined {
    return this.#byName.get(name)?.[0];
  }
  all(name: string): readonly Segment[] {
    return this.#byName.get(name) ?? NONE;
  }
}
const NONE: readonly Segment[] = [];

/** Each PID begins a patient. What stands before the first one (SCH and its notes) belongs to it. */
function patientGroups(message: Message): PatientGroup[] {
  const groups: PatientGroup[] = [];
  const before: Segment[] = [];
  for (const segment of message.segments) {
    const current = groups.at(-1);
    if (segment.name === 'PID') {
      const group = new PatientGroup(segment);
      if (groups.length === 0) for (const each of before) group.add(each);
      groups.push(group);
    } else if (current === undefined) before.push(segment);
    else current.add(segment);
  }
  return groups;
}

function readPatient(item: number, group: PatientGroup, envelope: Envelope, draft: Draft): void {
  const { pid } = group;
  const subject = patientOf(pid, envelope.source);
  if (subject === null) {
    draft.quarantine(item, noted('hl7-patient'));
    return;
  }
  const pv1 = group.one('PV1');
  readPerson(group, subject, pv1, envelope, draft);
  const context: Context = {
    envelope,
    draft,
    patient: {
      subject,
      encounterLocalId: visitIdOf(pv1, pid),
      department: pv1 === undefined ? null : departmentOf(pv1),
      staff: pv1 === undefined ? null : (staffOf(pv1, 7) ?? staffOf(pv1, 17)),
      payer: pv1?.get(20) || null,
    },
  };
  const diagnoses = group.all('DG1');
  const procedures = group.all('PR1');
  if (pv1 !== undefined) readVisit({ envelope, pid, pv1, evn: group.one('EVN'), diagnoses, procedures, subject }, draft);
  for (const [order, dg1] of diagnoses.entries()) readDiagnosis(dg1, order + 1, context);
  for (const prb of group.all('PRB')) readProblem(prb, context);
  for (const pr1 of procedures) readProcedure(pr1, context);
  readClinicalLines(group, context);
  for (const [at, ft1] of group.all('FT1').entries()) readCharge(ft1, at, context);
  const sch = group.one('SCH');
  if (envelope.type === 'SIU' && sch !== undefined)
    readAppointment({ sch, tq1: group.one('TQ1'), ais: group.one('AIS'), ail: group.one('AIL'), aip: group.one('AIP') }, context);
}

/** Orders with their lines, in the order they stand; in MDM the lines after TXA are the document. */
function readClinicalLines(group: PatientGroup, context: Context): void {
  const isDocument = context.envelope.type === 'MDM';
  let order: Order = newOrder();
  let document: { txa: Segment; lines: Segment[] } | null = null;
  const closeOrder = (): void => {
    readOrder(order, context);
    order = newOrder();
  };
  for (const segment of group.segments) {
    switch (segment.name) {
      case 'ORC':
        // In OUL the order control follows its request.
        if (order.orc !== undefined || order.rx.length > 0 || order.obx.length > 0 || (order.obr !== undefined && context.envelope.type !== 'OUL'))
          closeOrder();
        order.orc = segment;
        break;
      case 'OBR':
        if (order.obr !== undefined || order.rx.length > 0 || order.obx.length > 0) closeOrder();
        order.obr = segment;
        break;
      case 'SPM':
        if (order.obr !== undefined) closeOrder();
        break;
      case 'RXO':
      case 'RXE':
      case 'RXD':
      case 'RXA':
        order.rx.push(segment);
        break;
      case 'TXA':
        if (isDocument) document = { txa: segment, lines: [] };
        break;
      case 'OBX':
        (document?.lines ?? order.obx).push(segment);
        break;
      default:
    }
  }
  closeOrder();
  if (document !== null) readDocument(document.txa, document.lines, context);
}

/** Registration messages tell who the patient is; in others PID only names them (see `Canonical.versionAt`). */
function readPerson(group: PatientGroup, subject: NonNullable<ReturnType<typeof patientOf>>, pv1: Segment | undefined, envelope: Envelope, draft: Draft): void {
  const person = detailsOf(group.pid, { nextOfKin: group.all('NK1'), insurance: group.all('IN1'), payer: pv1?.get(20) ?? '' }, envelope.source);
  const isRegistration = envelope.type === 'ADT';
  draft.add({
    fact: 'person_record',
    subject,
    localId: `${subject.type}|${subject.system}|${subject.value}`,
    occurredAt: envelope.at.iso,
    precision: envelope.at.precision,
    versionAt: isRegistration ? envelope.versionAt : IN_PASSING,
    deleted: envelope.type === 'ADT' && envelope.trigger === 'A29',
    values: personValues(person, isDeceasedSaid(group.pid)),
    person,
  });
}
