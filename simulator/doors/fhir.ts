/** FHIR R4 resources as one line of JSON each. Built as text: the strings in them are ours or escaped, and this is the door with the most lines. */
import { dayDashed, isoTime } from '../calendar.ts';
import type { Drug } from '../health/items.ts';
import type { Result } from '../health/results.ts';
import type { Identity } from '../people/identity.ts';
import type { Person } from '../people/person.ts';
import type { PersonRecord } from '../people/records.ts';

const q = JSON.stringify;
const UCUM = 'http://unitsofmeasure.org';
export const FHIR_SYSTEMS = {
  /** The authority the HIS names in its own messages, so that one number is one number everywhere. */
  mrn: 'HIS',
  residentId: 'http://terminology.hl7.cn/NamingSystem/resident-id',
  staff: 'urn:xingcheng:staff',
  department: 'urn:xingcheng:department',
  treatment: 'urn:xingcheng:treatment',
} as const;

export function patientLine(person: Person, identity: Identity, record: PersonRecord, updated: number): string {
  const ids = [
    `{"use":"usual","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"${FHIR_SYSTEMS.mrn}","value":"${identity.mrn}"}`,
  ];
  if (record.documentNumber !== null && record.documentType === 'NI') {
    ids.push(
      `{"use":"official","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"NI"}]},"system":"${FHIR_SYSTEMS.residentId}","value":"${record.documentNumber}"}`,
    );
  }
  const phone = record.phone === null ? '' : `,"telecom":[{"system":"phone","value":"${record.phone}","use":"mobile"}]`;
  return `{"resourceType":"Patient","id":"${identity.mrn}","meta":{"lastUpdated":"${isoTime(updated)}"},"identifier":[${ids.join(',')}],"active":true,"name":[{"use":"official","text":${q(record.name)}}]${phone},"gender":"${person.isMale ? 'male' : 'female'}","birthDate":"${dayDashed(person.born)}"}\n`;
}

interface About {
  readonly mrn: string;
  readonly visit: string | null;
}
const subject = (about: About): string =>
  `"subject":{"reference":"Patient/${about.mrn}"}${about.visit === null ? '' : `,"encounter":{"reference":"Encounter/${about.visit}"}`}`;

export function observationLine(id: string, about: About, result: Result, category: 'vital-signs' | 'laboratory'): string {
  const { item, value, flag } = result;
  return `{"resourceType":"Observation","id":"${id}","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"${category}"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"${item.code}","display":${q(item.nameEn)}}],"text":${q(item.nameZh)}},${subject(about)},"effectiveDateTime":"${isoTime(result.at)}","valueQuantity":{"value":${value},"unit":"${item.unit}","system":"${UCUM}","code":"${item.unit}"},"interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"${flag}"}]}],"referenceRange":[{"low":{"value":${item.low}},"high":{"value":${item.high}}}]}\n`;
}

export function medicationLine(id: string, about: About, drug: Drug, at: number, doctor: string, isStopped: boolean): string {
  return `{"resourceType":"MedicationRequest","id":"${id}","status":"${isStopped ? 'completed' : 'active'}","intent":"order","medicationCodeableConcept":{"coding":[{"system":"http://www.whocc.no/atc","code":"${drug.code}","display":${q(drug.nameZh)}}],"text":${q(drug.nameZh)}},${subject(about)},"authoredOn":"${isoTime(at)}","requester":{"identifier":{"system":"${FHIR_SYSTEMS.staff}","value":"${doctor}"}},"dosageInstruction":[{"doseAndRate":[{"doseQuantity":{"value":${drug.dose},"unit":"${drug.unit}","system":"${UCUM}","code":"${drug.unit}"}}]}]}\n`;
}

export function treatmentLine(
  id: string,
  about: About,
  treatment: { readonly code: string; readonly nameZh: string },
  at: number,
  doctor: string,
  department: string,
): string {
  return `{"resourceType":"Procedure","id":"${id}","status":"completed","category":{"coding":[{"system":"http://snomed.info/sct","code":"277132007","display":"Therapeutic procedure"}]},"code":{"coding":[{"system":"${FHIR_SYSTEMS.treatment}","code":"${treatment.code}","display":${q(treatment.nameZh)}}],"text":${q(treatment.nameZh)}},${subject(about)},"performedDateTime":"${isoTime(at)}","performer":[{"actor":{"identifier":{"system":"${FHIR_SYSTEMS.staff}","value":"${doctor}"}}}],"location":{"identifier":{"system":"${FHIR_SYSTEMS.department}","value":"${department}"}}}\n`;
}

export function conditionLine(id: string, about: About, code: string, nameZh: string, at: number, doctor: string): string {
  return `{"resourceType":"Condition","id":"${id}","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"problem-list-item"}]}],"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"${code}","display":${q(nameZh)}}],"text":${q(nameZh)}},${subject(about)},"recordedDate":"${isoTime(at)}","recorder":{"identifier":{"system":"${FHIR_SYSTEMS.staff}","value":"${doctor}"}}}\n`;
}

/** One consent per purpose (names of DOMAIN D1), permit or deny; a later one with the same id replaces it. */
export function consentLine(id: string, mrn: string, purpose: string, isGranted: boolean, at: number): string {
  return `{"resourceType":"Consent","id":"${id}","status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},"category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"patient":{"reference":"Patient/${mrn}"},"dateTime":"${isoTime(at)}","policy":[{"uri":"urn:xingcheng:consent-text:privacy@3"}],"provision":{"type":"${isGranted ? 'permit' : 'deny'}","purpose":[{"system":"urn:xinglin:purpose","code":"${purpose}"}]}}\n`;
}
