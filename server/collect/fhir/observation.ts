/** Observation with its components, and the words of a DiagnosticReport. */
import type { CanonicalValue } from '@xinglin/contracts';
import { isVitalSign, type ObservationCategory, readNumber, type ValueRead } from '../observation.ts';
import { unitOf } from '../units.ts';
import type { Json, JsonObject } from './accept.ts';
import { placeOf } from './clinical.ts';
import type { FhirContext } from './context.ts';
import { choiceOf, codesIn, coding, conceptOf, listOf, numberOf, objectOf, referenceCode, said, textOf } from './elements.ts';

const STATUS: Readonly<Record<string, string>> = {
  registered: 'preliminary',
  partial: 'preliminary',
  preliminary: 'preliminary',
  final: 'final',
  appended: 'final',
  amended: 'corrected',
  corrected: 'corrected',
  cancelled: 'cancelled',
};
const CATEGORIES: Readonly<Record<string, ObservationCategory>> = {
  laboratory: 'laboratory',
  LAB: 'laboratory',
  HM: 'laboratory',
  CH: 'laboratory',
  MB: 'laboratory',
  'vital-signs': 'vital-signs',
  imaging: 'imaging',
  RAD: 'imaging',
  CT: 'imaging',
  survey: 'survey',
  'social-history': 'social-history',
  exam: 'exam',
};
const FLAGS = new Set(['LL', 'L', 'N', 'H', 'HH', 'A', 'AA']);

function categoryOf(resource: JsonObject): ObservationCategory | null {
  for (const code of listOf(resource['category']).flatMap((each) => codesIn(each))) {
    const known = CATEGORIES[code];
    if (known !== undefined) return known;
  }
  return null;
}

interface Result extends ValueRead {
  readonly unit: string | null;
}
const nothing: Result = { number: null, code: null, text: null, unit: null };

/** `value[x]` of an observation or a component. */
function resultOf(holder: JsonObject): Result {
  const quantity = holder['valueQuantity'];
  if (quantity !== undefined) {
    const { value, comparator, code, unit } = objectOf(quantity);
    const number = numberOf(value);
    const isBound = textOf(comparator) !== '' && number !== null;
    return { ...nothing, number, unit: number === null ? null : unitOf(textOf(code) || textOf(unit)), text: isBound ? `${textOf(comparator)}${number}` : null };
  }
  if (holder['valueCodeableConcept'] !== undefined) return { ...nothing, code: conceptOf(holder['valueCodeableConcept']) };
  if (typeof holder['valueInteger'] === 'number') return { ...nothing, number: holder['valueInteger'] };
  if (typeof holder['valueBoolean'] === 'boolean') return { ...nothing, code: { code: String(holder['valueBoolean']), display: null, system: null } };
  const text = textOf(holder['valueString']) || textOf(holder['valueDateTime']) || textOf(holder['valueTime']);
  if (text === '') return nothing;
  const number = readNumber(text);
  return { ...nothing, number: number?.value ?? null, text: number !== null && number.comparator === '' ? null : text };
}

function rangeOf(holder: JsonObject): Record<string, CanonicalValue | undefined> {
  const range = objectOf(listOf(holder['referenceRange'])[0]);
  const flag = codesIn(listOf(holder['interpretation'])[0])[0];
  return {
    reference_low: numberOf(objectOf(range['low'])['value']),
    reference_high: numberOf(objectOf(range['high'])['value']),
    abnormal_flag: flag === undefined ? null : FLAGS.has(flag) ? flag : 'unknown',
  };
}

/** A panel without a value of its own (blood pressure) is only its components. */
export function readObservation(context: FhirContext): void {
  const { id, resource, draft } = context;
  const place = placeOf(context, resource['subject'], resource['encounter'], choiceOf(resource, 'effective'), resource['issued']);
  if (place === null) return;
  const category = categoryOf(resource);
  const status = STATUS[textOf(resource['status'])] ?? (context.isError ? 'cancelled' : 'unknown');
  const staff = referenceCode(listOf(resource['performer'])[0]);
  const components = listOf(resource['component']);
  const add = (holder: JsonObject, localId: string): void => {
    const code = conceptOf(holder['code']);
    if (code === null) return;
    const value = resultOf(holder);
    draft.add({
      ...place,
      fact: 'observation',
      localId,
      values: said({
        ...coding(code),
        staff_code: staff,
        category: category ?? (isVitalSign(code) ? 'vital-signs' : 'other'),
        value_number: value.number,
        value_code: value.code,
        unit: value.unit,
        ...rangeOf(holder),
        status,
      }),
      text: value.text,
    });
  };
  if (components.length === 0 || choiceOf(resource, 'value') !== undefined) add(resource, `Observation/${id}`);
  for (const component of components) add(component, `Observation/${id}#${conceptOf(component['code'])?.code ?? ''}`);
}

/** The conclusion is a text of its own; the results it lists arrive as observations. */
export function readReport(context: FhirContext): void {
  const { id, resource, draft } = context;
  const text = textOf(resource['conclusion']) || plainForm(resource['presentedForm']);
  const concluded = conceptOf(listOf(resource['conclusionCode'])[0]);
  if (text === '' && concluded === null && !context.isError) return;
  const place = placeOf(context, resource['subject'], resource['encounter'], choiceOf(resource, 'effective'), resource['issued']);
  if (place === null) return;
  draft.add({
    ...place,
    fact: 'observation',
    localId: `DiagnosticReport/${id}`,
    values: said({
      ...coding(conceptOf(resource['code'])),
      staff_code: referenceCode(listOf(resource['resultsInterpreter'])[0]) ?? referenceCode(listOf(resource['performer'])[0]),
      category: categoryOf(resource) ?? 'exam',
      value_code: concluded,
      status: STATUS[textOf(resource['status'])] ?? 'unknown',
    }),
    text: text === '' ? null : text,
  });
}

function plainForm(forms: Json | undefined): string {
  const plain = listOf(forms).find((each) => textOf(each['contentType']).startsWith('text/plain') && textOf(each['data']) !== '');
  return plain === undefined ? '' : Buffer.from(textOf(plain['data']), 'base64').toString('utf8').trim();
}
