import type { Due } from '../day.ts';
import { pid, pv1 } from '../doors/hl7.ts';
import type { Visit } from '../health/plan.ts';
import { type Work, workOf } from '../health/work.ts';
import { type Identity, identityOf } from '../people/identity.ts';
import { INSURANCE } from '../people/person.ts';
import { type PersonRecord, recordOf } from '../people/records.ts';
import { type Closing, isUnderSecond } from './closing.ts';
import { type Context, visitNumber } from './context.ts';

/** What every system that speaks of a visit needs, worked out once. */
export interface Scene {
  readonly visit: Visit;
  readonly identity: Identity;
  /** The record the desk works with: the person's own, or the second one it made by mistake. */
  readonly record: PersonRecord;
  readonly mrn: string;
  readonly number: string;
  readonly doctor: string;
  readonly doctorName: string;
  readonly department: string;
  readonly departmentName: string;
  readonly pid: string;
  readonly payer: string;
  /** Place in PV1-3 of clinics and emergency; beds are named by the stay itself. */
  readonly ward: string;
  readonly klass: 'O' | 'E' | 'I' | 'T';
  readonly work: Work;
  /** Last visit before the cut: what is said once per person is said with it. */
  readonly isLast: boolean;
  readonly mustComplain: boolean;
  readonly closing: Closing;
}

const CLASSES = { outpatient: 'O', emergency: 'E', inpatient: 'I', checkup: 'T' } as const;

export function sceneOf(context: Context, { visit, isLast, mustComplain, closing }: Due): Scene {
  const { world } = context;
  const { person } = visit;
  const identity = identityOf(world, person);
  const isSecond = isUnderSecond(world, visit, context.historyEnd !== null);
  const record = recordOf(world, person, isSecond ? 'his-second' : 'his');
  const doctor = world.hospital.doctors[visit.doctor] as (typeof world.hospital.doctors)[number];
  const department = world.hospital.departments[visit.department] as (typeof world.hospital.departments)[number];
  const mrn = record.mrn ?? identity.mrn;
  return {
    visit,
    identity,
    record,
    mrn,
    number: visitNumber(person.id, visit.ordinal),
    doctor: doctor.code,
    doctorName: doctor.nameZh,
    department: department.code,
    departmentName: department.nameZh,
    pid: pid(person, identity, { ...record, mrn }),
    payer: INSURANCE[person.insurance]?.code ?? '7',
    klass: CLASSES[visit.class],
    ward: visit.class === 'emergency' ? (world.hospital.wards[world.hospital.wardsOf[visit.department]?.[0] ?? -1]?.code ?? '') : '',
    work: workOf(world, visit),
    isLast,
    mustComplain,
    closing,
  };
}

/** PV1 of a message that only names the visit: a result, a bill, a document. */
export const seenAs = (scene: Scene, from: number): string =>
  pv1({
    klass: scene.klass,
    payer: scene.payer,
    department: scene.department,
    ward: scene.ward,
    bed: '',
    doctor: scene.doctor,
    doctorName: scene.doctorName,
    visit: scene.number,
    admitSource: '',
    disposition: '',
    from,
    to: null,
  });
