/** Encounter, Condition, Procedure, medications, Appointment. */
import type { SourceCode } from '@xinglin/contracts';
import { noted } from '../errors.ts';
import { unitOf } from '../units.ts';
import type { Json, JsonObject } from './accept.ts';
import { type FhirContext, type Place, patientId } from './context.ts';
import { choiceOf, codesIn, coding, conceptOf, endOf, idIn, listOf, numberOf, objectOf, referenceCode, said, textOf, timeAmong } from './elements.ts';

/** Subject, visit and time of a resource; null (and quarantined) when it points to no patient. */
export function placeOf(context: FhirContext, subject: Json | undefined, encounter: Json | undefined, ...times: (Json | undefined)[]): Place | null {
  const id = idIn(subject, 'Patient');
  if (id === null) {
    context.draft.quarantine(0, noted('fhir-subject', { type: context.type }));
    return null;
  }
  const at = timeAmong(context.zone, ...times) ?? context.fallback;
  return {
    subject: patientId(id),
    encounterLocalId: idIn(encounter, 'Encounter'),
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: context.versionAt,
    deleted: context.isError,
  };
}

const CLASSES: Readonly<Record<string, string>> = {
  AMB: 'outpatient',
  SS: 'outpatient',
  EMER: 'emergency',
  IMP: 'inpatient',
  ACUTE: 'inpatient',
  NONAC: 'inpatient',
  OBSENC: 'inpatient',
  PRENC: 'inpatient',
  HH: 'home',
  VR: 'online',
};
const ENCOUNTER_STATUS: Readonly<Record<string, string>> = {
  planned: 'planned',
  arrived: 'in-progress',
  triaged: 'in-progress',
  'in-progress': 'in-progress',
  onleave: 'in-progress',
  finished: 'finished',
  cancelled: 'cancelled',
};
const DISPOSITIONS: Readonly<Record<string, string>> = {
  home: 'home',
  'alt-home': 'home',
  hosp: 'transfer',
  long: 'transfer',
  rehab: 'transfer',
  psy: 'transfer',
  snf: 'community',
  hosp_hospice: 'community',
  aadvice: 'against-advice',
  exp: 'died',
  oth: 'other',
};

export function readEncounter(context: FhirContext): void {
  const { id, resource, draft, zone } = context;
  const place = placeOf(context, resource['subject'], undefined, resource['period']);
  if (place === null) return;
  const started = timeAmong(zone, resource['period']);
  const people = listOf(resource['participant']).filter(
    (each) => objectOf(each['individual'])['reference'] !== undefined || objectOf(each['individual'])['display'] !== undefined,
  );
  const performer = people.find((each) => listOf(each['type']).some((type) => codesIn(type).some((code) => /^(PPRF|ATND)$/.test(code)))) ?? people[0];
  const disposition = codesIn(objectOf(resource['hospitalization'])['dischargeDisposition'])[0];
  draft.add({
    ...place,
    fact: 'encounter',
    localId: id,
    encounterLocalId: id,
    values: said({
      class: CLASSES[textOf(objectOf(resource['class'])['code'])] ?? 'other',
      status: ENCOUNTER_STATUS[textOf(resource['status'])] ?? 'unknown',
      department_code: conceptOf(resource['serviceType']) ?? referenceCode(resource['serviceProvider']),
      staff_code: referenceCode(performer?.['individual']),
      ward_code: referenceCode(listOf(resource['location'])[0]?.['location']),
      started_at: started?.iso ?? null,
      ended_at: endOf(resource['period'], zone),
      discharge_disposition: disposition === undefined ? null : (DISPOSITIONS[disposition] ?? 'other'),
      disease_code: conceptOf(listOf(resource['reasonCode'])[0]),
    }),
  });
}

const CLINICAL = new Set(['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved']);

export function readCondition(context: FhirContext): void {
  const { id, resource, draft } = context;
  const place = placeOf(context, resource['subject'], resource['encounter'], choiceOf(resource, 'onset'), resource['recordedDate']);
  if (place === null) return;
  const status = codesIn(resource['clinicalStatus'])[0] ?? '';
  const verification = codesIn(resource['verificationStatus'])[0] ?? '';
  draft.add({
    ...place,
    fact: 'condition',
    localId: `Condition/${id}`,
    deleted: /^(entered-in-error|refuted)$/.test(verification),
    values: said({
      ...coding(conceptOf(resource['code'])),
      staff_code: referenceCode(resource['recorder']) ?? referenceCode(resource['asserter']),
      clinical_status: CLINICAL.has(status) ? status : 'unknown',
    }),
  });
}

const PROCEDURE_STATUS: Readonly<Record<string, string>> = {
  preparation: 'planned',
  'in-progress': 'in-progress',
  'on-hold': 'in-progress',
  completed: 'finished',
  'not-done': 'cancelled',
  stopped: 'cancelled',
};

function procedureCategory(resource: JsonObject, code: SourceCode | null): string {
  const category = codesIn(resource['category']);
  if (category.includes('387713003') || code?.system === 'ICD-9-CM-3') return 'surgery';
  if (category.includes('103693007')) return 'exam';
  return category.length > 0 ? 'treatment' : 'other';
}

export function readProcedure(context: FhirContext): void {
  const { id, resource, draft, zone } = context;
  const performed = choiceOf(resource, 'performed');
  const place = placeOf(context, resource['subject'], resource['encounter'], performed);
  if (place === null) return;
  const code = conceptOf(resource['code']);
  draft.add({
    ...place,
    fact: 'procedure',
    localId: `Procedure/${id}`,
    values: said({
      ...coding(code),
      department_code: referenceCode(resource['location']),
      staff_code: referenceCode(listOf(resource['performer'])[0]?.['actor']),
      category: procedureCategory(resource, code),
      status: PROCEDURE_STATUS[textOf(resource['status'])] ?? 'unknown',
      started_at: timeAmong(zone, performed)?.iso ?? null,
      ended_at: endOf(performed, zone),
    }),
  });
}

const MEDICATION_STATUS: Readonly<Record<string, string>> = {
  active: 'active',
  'on-hold': 'active',
  intended: 'active',
  preparation: 'active',
  'in-progress': 'active',
  completed: 'finished',
  stopped: 'finished',
  cancelled: 'cancelled',
  'not-done': 'cancelled',
  'not-taken': 'cancelled',
  declined: 'cancelled',
};

/** The drug of a medication resource: a concept, a contained Medication, or the code of a reference. */
function drugOf(resource: JsonObject): SourceCode | null {
  const concept = resource['medicationCodeableConcept'] ?? resource['vaccineCode'];
  if (concept !== undefined) return conceptOf(concept);
  const reference = resource['medicationReference'];
  const local = /^#(.+)$/.exec(textOf(objectOf(reference)['reference']))?.[1];
  if (local === undefined) return referenceCode(reference);
  const contained = listOf(resource['contained']).find((each) => each['id'] === local);
  return conceptOf(contained?.['code']);
}

export function readMedication(context: FhirContext): void {
  const { id, type, resource, draft, zone } = context;
  const when = choiceOf(resource, 'effective') ?? choiceOf(resource, 'occurrence');
  const place = placeOf(
    context,
    resource['subject'] ?? resource['patient'],
    resource['encounter'] ?? resource['context'],
    when,
    resource['authoredOn'],
    resource['whenHandedOver'],
    resource['whenPrepared'],
    resource['dateAsserted'],
  );
  if (place === null) return;
  const kinds: Readonly<Record<string, string>> = { MedicationRequest: 'order', MedicationDispense: 'dispense', MedicationStatement: 'statement' };
  const isReported = type === 'Immunization' && resource['primarySource'] === false;
  const instruction = listOf(resource['dosageInstruction'])[0] ?? listOf(resource['dosage'])[0];
  const dose =
    type === 'Immunization'
      ? objectOf(resource['doseQuantity'])
      : type === 'MedicationAdministration'
        ? objectOf(objectOf(resource['dosage'])['dose'])
        : objectOf(listOf(instruction?.['doseAndRate'])[0]?.['doseQuantity']);
  draft.add({
    ...place,
    fact: 'medication',
    localId: `${type}/${id}`,
    values: said({
      ...coding(drugOf(resource)),
      department_code: referenceCode(resource['location']),
      staff_code: referenceCode(resource['requester']) ?? referenceCode(listOf(resource['performer'])[0]?.['actor']),
      kind: kinds[type] ?? (isReported ? 'statement' : 'administration'),
      status: MEDICATION_STATUS[textOf(resource['status'])] ?? 'unknown',
      dose_number: numberOf(dose['value']),
      dose_unit: unitOf(textOf(dose['code']) || textOf(dose['unit'])),
      started_at: timeAmong(zone, when)?.iso ?? null,
      ended_at: endOf(when, zone),
    }),
  });
}

const APPOINTMENT_STATUS: Readonly<Record<string, string>> = {
  proposed: 'booked',
  pending: 'booked',
  booked: 'booked',
  waitlist: 'booked',
  arrived: 'arrived',
  'checked-in': 'arrived',
  fulfilled: 'fulfilled',
  cancelled: 'cancelled',
  noshow: 'noshow',
};

/** Without a patient it is a blocked slot and says nothing about anyone. */
export function readAppointment(context: FhirContext): void {
  const { id, resource, draft, zone } = context;
  const actors = listOf(resource['participant']).map((each) => each['actor']);
  const patient = actors.find((each) => idIn(each, 'Patient') !== null);
  if (patient === undefined) return;
  const place = placeOf(context, patient, undefined, resource['start'], listOf(resource['requestedPeriod'])[0], resource['created']);
  if (place === null) return;
  const actor = (pattern: RegExp): Json | undefined => actors.find((each) => pattern.test(textOf(objectOf(each)['reference'])));
  draft.add({
    ...place,
    fact: 'appointment',
    localId: `Appointment/${id}`,
    values: said({
      department_code: conceptOf(listOf(resource['serviceType'])[0]) ?? referenceCode(actor(/HealthcareService|Organization|Location/)),
      staff_code: referenceCode(actor(/Practitioner/)),
      status: APPOINTMENT_STATUS[textOf(resource['status'])] ?? 'unknown',
      booked_at: timeAmong(zone, resource['created'])?.iso ?? null,
      starts_at: timeAmong(zone, resource['start'])?.iso ?? null,
    }),
  });
}
