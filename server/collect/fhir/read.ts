/** One FHIR R4 resource → canonical statements. Types not listed are stored and say nothing in facts yet. */
import type { RawRecord, Reading } from '@xinglin/contracts';
import { invariant } from '../../kernel/index.ts';
import { Draft } from '../statement.ts';
import { textOfBytes } from '../text.ts';
import { readIsoTime, ZONE } from '../time.ts';
import { isObject } from './accept.ts';
import { readChargeItem, readClaim } from './charge.ts';
import { readAppointment, readCondition, readEncounter, readMedication, readProcedure } from './clinical.ts';
import { readConsent } from './consent.ts';
import type { FhirContext } from './context.ts';
import { objectOf, textOf } from './elements.ts';
import { readObservation, readReport } from './observation.ts';
import { readPatient } from './patient.ts';

const READERS: Readonly<Record<string, (context: FhirContext) => void>> = {
  Patient: readPatient,
  Encounter: readEncounter,
  Condition: readCondition,
  Observation: readObservation,
  DiagnosticReport: readReport,
  Procedure: readProcedure,
  MedicationRequest: readMedication,
  MedicationDispense: readMedication,
  MedicationStatement: readMedication,
  MedicationAdministration: readMedication,
  Immunization: readMedication,
  Claim: readClaim,
  ExplanationOfBenefit: readClaim,
  ChargeItem: readChargeItem,
  Appointment: readAppointment,
  Consent: readConsent,
};

const NOTHING: Reading = { facts: [], acts: [], quarantined: [] };
const TYPE_FIRST = /^\{"resourceType" ?: ?"([A-Za-z]+)"/;
/**
 * A resource of a type that is not read needs no parsing. What stands first is its type when nothing after it could say otherwise; the whole
 * text was found to be JSON at the door.
 */
function saysNothing(text: string): boolean {
  const type = TYPE_FIRST.exec(text)?.[1];
  return type !== undefined && READERS[type] === undefined && text.lastIndexOf('"resourceType"') === 1 && !text.includes('\\u');
}

export function readFhir(record: RawRecord): Reading {
  const text = textOfBytes(record.body);
  if (saysNothing(text)) return NOTHING;
  const resource: unknown = JSON.parse(text);
  invariant(isObject(resource), 'a stored resource is an object');
  const draft = new Draft();
  const zone = typeof record.meta['zone'] === 'string' ? record.meta['zone'] : ZONE;
  const type = textOf(resource['resourceType']);
  const updated = readIsoTime(objectOf(resource['meta'])['lastUpdated'], zone);
  READERS[type]?.({
    type,
    id: textOf(resource['id']),
    resource,
    draft,
    zone,
    source: record.stream.source,
    versionAt: updated?.iso ?? null,
    fallback: updated ?? { iso: record.receivedAt.toISOString(), precision: 'second' },
    isError: resource['status'] === 'entered-in-error',
  });
  return draft.reading;
}
