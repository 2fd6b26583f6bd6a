/** Tables of HL7 v2 and the writings seen in Chinese hospitals, onto the closed lists of the facts. */
import type { IdentifierType } from '@xinglin/contracts';
import { Memo } from '../../kernel/index.ts';
import { DISPOSITION_DIGITS } from '../disposition.ts';

/** CX-5. What is not here is `other`. */
export const IDENTIFIER_OF: Readonly<Record<string, IdentifierType>> = {
  MR: 'mrn',
  MRN: 'mrn',
  PI: 'mrn',
  PT: 'mrn',
  PN: 'mrn',
  NI: 'resident-id',
  NNCHN: 'resident-id',
  NNCN: 'resident-id',
  SFZ: 'resident-id',
  IDCARD: 'resident-id',
  身份证: 'resident-id',
  居民身份证: 'resident-id',
  '01': 'resident-id',
  PPN: 'passport',
  '03': 'passport',
  护照: 'passport',
  HC: 'insurance',
  MC: 'insurance',
  MI: 'insurance',
  MA: 'insurance',
  SI: 'insurance',
  YB: 'insurance',
  医保: 'insurance',
  医保号: 'insurance',
  HKM: 'hk-macau-permit',
  '06': 'hk-macau-permit',
  TWP: 'taiwan-permit',
  '07': 'taiwan-permit',
  FPR: 'foreign-permanent',
  PRC: 'foreign-permanent',
  '09': 'foreign-permanent',
  BCT: 'birth-certificate',
  BR: 'birth-certificate',
  '10': 'birth-certificate',
  WX: 'openid',
  OPENID: 'openid',
};

/** Table 0001 and GB/T 2261.1. */
export function sexOf(value: string): 'male' | 'female' | 'unknown' {
  if (/^(M|1|男|男性|male)$/i.test(value)) return 'male';
  if (/^(F|2|女|女性|female)$/i.test(value)) return 'female';
  return 'unknown';
}

export type EncounterClass = 'outpatient' | 'emergency' | 'inpatient' | 'checkup' | 'online' | 'home' | 'other';
const CLASSES: Readonly<Record<string, EncounterClass>> = {
  I: 'inpatient',
  O: 'outpatient',
  E: 'emergency',
  P: 'inpatient',
  B: 'inpatient',
  R: 'outpatient',
  H: 'checkup',
  T: 'checkup',
  V: 'online',
  住院: 'inpatient',
  门诊: 'outpatient',
  急诊: 'emergency',
  体检: 'checkup',
  互联网: 'online',
  家庭: 'home',
};
/** PV1-2, table 0004. */
export function classOf(value: string): EncounterClass | null {
  if (value === '') return null;
  return CLASSES[value.toUpperCase()] ?? 'other';
}

export type Disposition = 'home' | 'transfer' | 'community' | 'against-advice' | 'died' | 'other';
const DISPOSITIONS: Readonly<Record<string, Disposition>> = {
  ...DISPOSITION_DIGITS,
  '01': 'home',
  '02': 'transfer',
  '03': 'transfer',
  '04': 'transfer',
  '05': 'transfer',
  '06': 'community',
  '07': 'against-advice',
  '08': 'community',
  '20': 'died',
  '40': 'died',
  '41': 'died',
  '42': 'died',
};
/** PV1-36: one digit is 离院方式, two digits table 0112. */
export function dispositionOf(value: string): Disposition | null {
  if (value === '') return null;
  return DISPOSITIONS[value] ?? 'other';
}

const PAYERS: readonly [RegExp, string][] = [
  [/^(1|01|城镇职工|职工医保|城镇职工基本医疗保险|职工)/, 'employee'],
  [/^(2|02|城乡居民|居民医保|城镇居民|居民)/, 'resident'],
  [/^(3|03|新农合|新型农村)/, 'rural'],
  [/^(4|04|贫困救助|医疗救助)/, 'assistance'],
  [/^(5|05|商业|商保)/, 'commercial'],
  [/^(6|06|全公费|公费)/, 'public'],
  [/^(7|07|全自费|自费|自付)/, 'self-pay'],
  [/^(8|08|其他社会保险)/, 'other-social'],
  [/^(9|09|99|其他)/, 'other'],
];
/** 付费方式 (first digit codes) and common words → tokens used for insurance type and payment type. */
export const payerOf = (value: string): string | null => (value === '' ? null : payers.of(value));
const payers = new Memo(500, (value) => {
  const isCode = /^\d{1,2}$/.test(value);
  return PAYERS.find(([pattern]) => pattern.test(value) && (!isCode || new RegExp(`${pattern.source}$`).test(value)))?.[1] ?? null;
});

const SYSTEMS: Readonly<Record<string, string>> = {
  LN: 'LOINC',
  LOINC: 'LOINC',
  SCT: 'SNOMED',
  SNOMEDCT: 'SNOMED',
  SNM: 'SNOMED',
  SNM3: 'SNOMED',
  I9: 'ICD-9-CM',
  I9C: 'ICD-9-CM',
  I9M: 'ICD-9-CM',
  I9CP: 'ICD-9-CM-3',
  ICD9CM3: 'ICD-9-CM-3',
  ICD9: 'ICD-9-CM',
  I10: 'ICD-10',
  I10C: 'ICD-10',
  ICD10: 'ICD-10',
  ICD10CM: 'ICD-10-CM',
  I10P: 'ICD-10-PCS',
  C4: 'CPT',
  CPT: 'CPT',
  CPTM: 'CPT',
  CVX: 'CVX',
  NDC: 'NDC',
  RXNORM: 'RxNorm',
  ATC: 'ATC',
  UCUM: 'UCUM',
  DCM: 'DICOM',
};
/** Coding systems by their names in table 0396 and elsewhere; the source's own lists are null. */
export function systemOf(name: string): string | null {
  const plain = name.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return SYSTEMS[plain] ?? null;
}

export type OrderStatus = 'planned' | 'in-progress' | 'finished' | 'cancelled' | 'unknown';
/** ORC-1 says what to do, ORC-5 how it stands, OBR-25 how the result stands. */
export function orderStatusOf(control: string, status: string, result: string): OrderStatus {
  if (/^(CA|OC|CR|DC|OD|DR|UC)$/.test(control) || /^(CA|DC|RP)$/.test(status) || result === 'X') return 'cancelled';
  if (status === 'CM' || /^[FCRUV]$/.test(result)) return 'finished';
  if (/^(IP|A)$/.test(status) || /^[IPSA]$/.test(result)) return 'in-progress';
  if (/^(NW|SN|XO|RO|PA|CH|SC|OK|NA|XR)$/.test(control) || /^(SC|HD)$/.test(status) || result === 'O') return 'planned';
  return 'unknown';
}
