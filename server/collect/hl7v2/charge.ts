/** FT1 → charges. Credits are negative; payments are no charges. */
import { chargeCategory } from '../charge-category.ts';
import { noted } from '../errors.ts';
import { fenOf } from '../money.ts';
import { readNumber } from '../observation.ts';
import { sourceCode, token } from '../statement.ts';
import { payerOf } from './codes.ts';
import { type Context, codedOf, keyOf, placeOf, said, staffOf, timeOf } from './context.ts';
import type { Segment } from './message.ts';

const YUAN = /^(CNY|RMB|CNH|￥|¥|元|)$/i;

export function readCharge(ft1: Segment, item: number, { envelope, patient, draft }: Context): void {
  const kind = ft1.get(6).toUpperCase();
  if (kind === 'PY') return;
  const currency = ft1.get(11, 1, 2) || ft1.get(12, 1, 2);
  if (!YUAN.test(currency)) {
    draft.quarantine(item, noted('fhir-currency', { type: 'FT1', currency: currency.slice(0, 3).toUpperCase() }));
    return;
  }
  const code = codedOf(ft1, 7) ?? codedOf(ft1, 25) ?? sourceCode(null, ft1.get(8));
  const at = timeOf(ft1, 4, envelope.zone) ?? envelope.at;
  const quantity = readNumber(ft1.get(10))?.value ?? null;
  const unitPrice = readNumber(ft1.get(12))?.value ?? null;
  const amount = fenOf(ft1.get(11)) ?? (unitPrice === null ? null : Math.round(unitPrice * (quantity ?? 1) * 100));
  const isCredit = kind === 'CD' || kind === 'CR' || (amount !== null && amount < 0);
  draft.add({
    fact: 'charge',
    subject: patient.subject,
    localId: keyOf('ft1', ft1.get(2) || keyOf(patient.encounterLocalId ?? patient.subject.value, envelope.controlId), ft1.get(1)),
    encounterLocalId: patient.encounterLocalId,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: envelope.versionAt,
    values: said({
      code,
      department_code: placeOf(ft1, 13) ?? patient.department,
      staff_code: staffOf(ft1, 20) ?? staffOf(ft1, 21) ?? patient.staff,
      category: chargeCategory(ft1.get(9)) ?? chargeCategory(ft1.get(25, 2)) ?? 'other',
      quantity: quantity === null ? null : isCredit ? -Math.abs(quantity) : quantity,
      unit_price: unitPrice,
      amount_fen: amount === null ? null : isCredit ? -Math.abs(amount) : amount,
      payment_type: patient.payer === null ? null : (payerOf(patient.payer) ?? token(patient.payer)),
    }),
  });
}
