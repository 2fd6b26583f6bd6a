/** The merged person as a reader sees it: one masked value per field with the rule and the record it came by. */
import type { GoldenField, GoldenFieldName } from '@xinglin/contracts/api.ts';
import { goldenInputs, type OpenRecord } from '../people.ts';
import { MASKED, type Sight } from '../review/sight.ts';
import { type Chosen, type Golden, goldenOf } from './golden.ts';

const SHOW: { readonly [F in GoldenFieldName]: (value: NonNullable<Golden[F]['value']>, sight: Sight) => string | null } = {
  name: (value, sight) => sight.name(value),
  birthDate: (value, sight) => sight.birth(value),
  sex: (value) => value,
  residentId: (value, sight) => sight.number(value),
  // Kinds and how many of each; a list of numbers belongs to nobody's screen.
  identifiers: (value) => {
    const counts = new Map<string, number>();
    for (const { type } of value) counts.set(type, (counts.get(type) ?? 0) + 1);
    return [...counts].map(([type, count]) => `${type}×${count}`).join(' ');
  },
  phone: (value, sight) => sight.phone(value),
  address: (value, sight) => sight.address(value.text),
  insuranceType: (value) => value,
  guardian: (value, sight) => `${value.relation} ${sight.name(value.name)}`,
  deceased: (value) => (value ? 'true' : null),
};
export const GOLDEN_ORDER = Object.keys(SHOW) as GoldenFieldName[];

export function shownGolden(records: readonly OpenRecord[], today: Date): GoldenField[] {
  const golden = goldenOf(goldenInputs(records), today);
  return GOLDEN_ORDER.map((field) => shownField(field, golden));
}

export function shownField(field: GoldenFieldName, golden: Golden): GoldenField {
  const { value, source, recordKey, rule, others } = golden[field] as Chosen<never>;
  const shown = value === null ? null : (SHOW[field] as (value: never, sight: Sight) => string | null)(value, MASKED);
  return { field, value: shown, source, recordKey, rule, others };
}
