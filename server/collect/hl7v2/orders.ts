/** ORC, OBR, OBX, RX* and FT1: what was ordered, done, found, given and charged. */
import type { CanonicalValue, SourceCode } from '@xinglin/contracts';
import { Memo } from '../../kernel/index.ts';
import type { ObservationCategory } from '../observation.ts';
import { readNumber } from '../observation.ts';
import { unitOf } from '../units.ts';
import { orderStatusOf } from './codes.ts';
import { type Context, codedOf, coding, keyOf, said, staffOf, timeOf } from './context.ts';
import type { Segment } from './message.ts';
import { readObservations } from './observation.ts';

/** One order with what hangs on it. */
export interface Order {
  orc: Segment | undefined;
  obr: Segment | undefined;
  readonly obx: Segment[];
  readonly rx: Segment[];
}
export const newOrder = (): Order => ({ orc: undefined, obr: undefined, obx: [], rx: [] });

const LABORATORY = /^(LAB|CH|HM|MB|MCB|MYC|BLB|SR|SP|TX|VR|IMM|OTH_LAB|BG|PHR|URN|GE|检验)$/i;
const IMAGING = /^(RAD|RX|RUS|CT|CTH|CUS|NMR|NMS|VUS|OUS|XRC|MR|US|PET|影像|放射|超声)$/i;
const EXAM = /^(EC|EN|PF|RT|ICU|NRS|PT|OT|CG|ECG|心电|内镜|病理)$/i;

function categoryOf(obr: Segment | undefined, type: string): ObservationCategory | null {
  return sections.of(obr?.get(24) ?? '') ?? (/^(ORU|OUL|OML)$/.test(type) ? 'laboratory' : null);
}
const sections = new Memo<ObservationCategory | null>(500, (section) => {
  if (LABORATORY.test(section)) return 'laboratory';
  if (IMAGING.test(section)) return 'imaging';
  return EXAM.test(section) ? 'exam' : null;
});

export function readOrder(order: Order, context: Context): void {
  if (order.orc === undefined && order.obr === undefined && order.rx.length === 0 && order.obx.length === 0) return;
  readMedications(order, context);
  if (order.obr !== undefined) readExam(order, order.obr, context);
  const { envelope } = context;
  const obr = order.obr;
  readObservations(
    order.obx,
    {
      key: observationKey(order, context),
      category: categoryOf(obr, envelope.type),
      staff: obr === undefined ? null : staffOf(obr, 16),
      at: obr === undefined ? null : (timeOf(obr, 7, envelope.zone) ?? timeOf(obr, 22, envelope.zone)),
    },
    context,
  );
}

const placerOf = (order: Order): string => order.obr?.get(2) || order.orc?.get(2) || '';
const fillerOf = (order: Order): string => order.obr?.get(3) || order.orc?.get(3) || '';

/** The filler's number names a result; then the placer's; then what can be said without either. */
function observationKey(order: Order, { envelope, patient }: Context): string {
  const number = fillerOf(order) || placerOf(order);
  if (number !== '') return number;
  if (order.obr !== undefined) return keyOf(patient.subject.value, order.obr.get(4), order.obr.get(7));
  return keyOf(patient.encounterLocalId ?? patient.subject.value, envelope.controlId);
}

/** Orders for examinations, and their progress. Laboratory orders are seen by their results and make no exam. */
function readExam(order: Order, obr: Segment, { envelope, patient, draft }: Context): void {
  const code = codedOf(obr, 4);
  const isOrder = /^(ORM|OMG|OMI)$/.test(envelope.type);
  const category = categoryOf(obr, envelope.type);
  if (code === null || (!isOrder && category !== 'imaging' && category !== 'exam') || category === 'laboratory') return;
  const at =
    timeOf(obr, 7, envelope.zone) ?? timeOf(obr, 6, envelope.zone) ?? (order.orc === undefined ? null : timeOf(order.orc, 9, envelope.zone)) ?? envelope.at;
  const status = orderStatusOf(order.orc?.get(1) ?? '', order.orc?.get(5) ?? '', obr.get(25));
  draft.add({
    fact: 'procedure',
    subject: patient.subject,
    localId: keyOf('order', placerOf(order) || fillerOf(order) || keyOf(patient.subject.value, code.code, at.iso)),
    encounterLocalId: patient.encounterLocalId,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: envelope.versionAt,
    deleted: status === 'cancelled',
    values: said({
      ...coding(code),
      department_code: patient.department,
      staff_code: staffOf(obr, 16) ?? patient.staff,
      category: 'exam',
      status,
      started_at: status === 'planned' ? null : (timeOf(obr, 7, envelope.zone)?.iso ?? null),
      ended_at: status === 'finished' ? (timeOf(obr, 22, envelope.zone)?.iso ?? timeOf(obr, 8, envelope.zone)?.iso ?? null) : null,
    }),
  });
}

interface Drug {
  readonly kind: 'order' | 'dispense' | 'administration' | 'statement';
  readonly segment: Segment;
  readonly code: SourceCode | null;
  readonly dose: string;
  readonly unit: string;
  readonly startField: number;
  readonly endField: number;
  readonly isDeleted: boolean;
}

/** The latest thing known about the order counts: given or dispensed over encoded over requested. */
function drugsOf(order: Order): Drug[] {
  if (order.rx.length === 0) return [];
  const named = (name: string): Segment[] => order.rx.filter((each) => each.name === name);
  const given = named('RXA').map(
    (rxa): Drug => ({
      kind: rxa.get(9) === '01' ? 'statement' : 'administration',
      segment: rxa,
      code: codedOf(rxa, 5),
      dose: rxa.get(6),
      unit: rxa.get(7),
      startField: 3,
      endField: 4,
      isDeleted: rxa.get(21) === 'D' || rxa.get(20) === 'NA',
    }),
  );
  const dispensed = named('RXD').map(
    (rxd): Drug => ({
      kind: 'dispense',
      segment: rxd,
      code: codedOf(rxd, 2),
      dose: rxd.get(4),
      unit: rxd.get(5),
      startField: 3,
      endField: 0,
      isDeleted: false,
    }),
  );
  if (given.length + dispensed.length > 0) return [...given, ...dispensed];
  const encoded = named('RXE')[0];
  if (encoded !== undefined)
    return [
      { kind: 'order', segment: encoded, code: codedOf(encoded, 2), dose: encoded.get(3), unit: encoded.get(5), startField: 0, endField: 0, isDeleted: false },
    ];
  return named('RXO').map((rxo) => ({
    kind: 'order',
    segment: rxo,
    code: codedOf(rxo, 1),
    dose: rxo.get(2),
    unit: rxo.get(4),
    startField: 0,
    endField: 0,
    isDeleted: false,
  }));
}

/** A dose of 999 in vaccination messages means unknown. */
const DOSE_UNKNOWN = 999;

function readMedications(order: Order, { envelope, patient, draft }: Context): void {
  for (const drug of drugsOf(order)) {
    if (drug.code === null) continue;
    const started = drug.startField === 0 ? null : timeOf(drug.segment, drug.startField, envelope.zone);
    const ended = drug.endField === 0 ? null : timeOf(drug.segment, drug.endField, envelope.zone);
    const at = started ?? (order.orc === undefined ? null : (timeOf(order.orc, 15, envelope.zone) ?? timeOf(order.orc, 9, envelope.zone))) ?? envelope.at;
    const status = orderStatusOf(order.orc?.get(1) ?? '', order.orc?.get(5) ?? '', '');
    const dose = readNumber(drug.dose)?.value ?? null;
    const number = placerOf(order) || fillerOf(order);
    const isOrder = drug.kind === 'order';
    draft.add({
      fact: 'medication',
      subject: patient.subject,
      localId: keyOf('rx', drug.kind, number || keyOf(patient.subject.value, at.iso), drug.code.code),
      encounterLocalId: patient.encounterLocalId,
      occurredAt: at.iso,
      precision: at.precision,
      versionAt: envelope.versionAt,
      deleted: drug.isDeleted || (isOrder && status === 'cancelled'),
      values: said({
        ...coding(drug.code),
        department_code: patient.department,
        staff_code: (order.orc === undefined ? null : staffOf(order.orc, 12)) ?? patient.staff,
        kind: drug.kind,
        status: status === 'cancelled' ? 'cancelled' : isOrder && status !== 'finished' ? 'active' : 'finished',
        dose_number: dose === DOSE_UNKNOWN ? null : dose,
        dose_unit: dose === null || dose === DOSE_UNKNOWN ? null : unitOf(drug.unit),
        started_at: started?.iso ?? null,
        ended_at: ended?.iso ?? null,
      } satisfies Record<string, CanonicalValue>),
    });
  }
}
