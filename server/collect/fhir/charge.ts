/** Claim, ExplanationOfBenefit and ChargeItem → charges. What an insurer answers to a claim is a later version of the same charges. */
import { noted } from '../errors.ts';
import type { Json, JsonObject } from './accept.ts';
import { placeOf } from './clinical.ts';
import type { FhirContext } from './context.ts';
import { choiceOf, codesIn, conceptOf, idIn, listOf, numberOf, objectOf, referenceCode, said, textOf } from './elements.ts';

/** Yuan → fen. FHIR decimals arrive as binary numbers; rounding to fen is exact up to 10^13 yuan. */
const fen = (yuan: number | null): number | null => (yuan === null ? null : Math.round(yuan * 100));

/** False (and quarantined) when the money is not ours to add up. */
function isYuan(context: FhirContext, ...amounts: (Json | undefined)[]): boolean {
  const other = amounts.map((each) => textOf(objectOf(each)['currency']).toUpperCase()).find((each) => each !== '' && each !== 'CNY');
  if (other === undefined) return true;
  context.draft.quarantine(0, noted('fhir-currency', { type: context.type, currency: other.slice(0, 3) }));
  return false;
}

const CATEGORY: Readonly<Record<string, string>> = { pharmacy: 'drug', oral: 'treatment', vision: 'treatment' };

export function readClaim(context: FhirContext): void {
  const { id, type, resource, draft } = context;
  const items = listOf(resource['item']);
  const total = type === 'Claim' ? resource['total'] : listOf(resource['total']).find((each) => codesIn(each['category']).includes('submitted'))?.['amount'];
  if (!isYuan(context, total, ...items.map((each) => each['net']))) return;
  const claim = type === 'Claim' ? id : (idIn(resource['claim'], 'Claim') ?? id);
  const amounts = amountsOf(items, numberOf(objectOf(total)['value']));
  for (const [index, item] of items.entries()) {
    const encounter = listOf(item['encounter'])[0];
    const place = placeOf(context, resource['patient'], encounter, choiceOf(item, 'serviced'), resource['billablePeriod'], resource['created']);
    if (place === null) return;
    const quantity = numberOf(objectOf(item['quantity'])['value']);
    draft.add({
      ...place,
      fact: 'charge',
      localId: `Claim/${claim}#${numberOf(item['sequence']) ?? index + 1}`,
      deleted: context.isError || resource['status'] === 'cancelled',
      values: said({
        code: conceptOf(item['productOrService']),
        department_code: referenceCode(resource['provider']),
        category: CATEGORY[codesIn(resource['type'])[0] ?? ''] ?? 'other',
        quantity,
        unit_price: numberOf(objectOf(item['unitPrice'])['value']),
        amount_fen: fen(amounts[index] ?? null),
      }),
    });
  }
}

/** Net amounts; what the total has beyond them belongs to the first item that names none. */
function amountsOf(items: readonly JsonObject[], total: number | null): (number | null)[] {
  const nets = items.map((each) => numberOf(objectOf(each['net'])['value']));
  const open = nets.indexOf(null);
  if (total === null || open < 0) return nets;
  const named = nets.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  return nets.map((each, at) => (at === open ? total - named : each));
}

export function readChargeItem(context: FhirContext): void {
  const { id, resource, draft } = context;
  const price = resource['priceOverride'];
  if (!isYuan(context, price)) return;
  const place = placeOf(context, resource['subject'], resource['context'], choiceOf(resource, 'occurrence'), resource['enteredDate']);
  if (place === null) return;
  const amount = numberOf(objectOf(price)['value']);
  draft.add({
    ...place,
    fact: 'charge',
    localId: `ChargeItem/${id}`,
    deleted: context.isError || resource['status'] === 'aborted',
    values: said({
      code: conceptOf(resource['code']),
      department_code: referenceCode(resource['performingOrganization']) ?? referenceCode(resource['costCenter']),
      staff_code: referenceCode(listOf(resource['performer'])[0]?.['actor']),
      category: 'other',
      quantity: numberOf(objectOf(resource['quantity'])['value']),
      amount_fen: fen(amount),
    }),
  });
}
