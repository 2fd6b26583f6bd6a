/** Two records side by side: the score taken apart, and what each side says field by field, masked for the reader. */
import type { PersonDetails, StaffViewer } from '@xinglin/contracts';
import type { ComparedField, IdentityField, ReviewSide, WeightStep } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';
import type { Queryable } from '../../../platform/index.ts';
import { detailsOf } from '../../privacy/person-state.ts';
import { DOCUMENT_TYPES, evidenceOf, foldName, readPhone } from '../identifiers.ts';
import type { Comparison } from '../linkage/index.ts';
import type { Matcher } from '../matcher.ts';
import { goldenDetails, type OpenRecord } from '../people.ts';
import { reviewSight, type Sight } from './sight.ts';

export function sideOf(viewer: StaffViewer, personId: string, records: readonly OpenRecord[], today: Date): Static<typeof ReviewSide> {
  const details = goldenDetails(records, today);
  const sight = reviewSight(viewer);
  const name = details?.names[0] ?? details?.nickname ?? null;
  return {
    personId,
    name: name === null ? sight.nobody(personId) : sight.name(name),
    sex: details?.sex ?? 'unknown',
    birthMonth: (details?.birthDate?.length ?? 0) >= 7 ? (details?.birthDate?.slice(0, 7) ?? null) : null,
    records: records.length,
    sources: [...new Set(records.map((each) => each.source))].sort(),
  };
}

const NOTHING: PersonDetails = {
  ...{ names: [], identifiers: [], phones: [], addresses: [], birthDate: null, sex: 'unknown', insuranceType: null },
  ...{ deceased: false, guardian: null, nickname: null },
};

export interface Explained extends Comparison {
  readonly steps: WeightStep[];
  /** With the steps it adds up to the weight. */
  readonly prior: number;
}
/** The waterfall of two records by the model in force, as linking itself compares them. */
export async function explain(q: Queryable, matcher: Matcher, a: string, b: string): Promise<Explained> {
  const opened = await matcher.open(q, [a, b]);
  const nobody = matcher.describe(NOTHING);
  const comparison = matcher.compare(opened.get(a) ?? nobody, opened.get(b) ?? nobody);
  const steps = comparison.fields.map(({ field, grade, weight }) => ({ field, grade, weight }));
  return { ...comparison, steps, prior: steps.reduce((left, each) => left - each.weight, comparison.weight) };
}

/** What a side says of a field: values of the record that was compared first, then what its person's other records add. */
interface Value {
  readonly text: string;
  /** Equal keys are one value. */
  readonly key: string;
}
type Reader = (details: PersonDetails, sight: Sight, today: Date) => Value[];
const numbers =
  (fits: (type: string) => boolean): Reader =>
  ({ identifiers }, sight, today) =>
    identifiers.flatMap((id) => {
      const evidence = evidenceOf(id, today);
      const type = evidence?.type ?? id.type;
      if (!fits(type)) return [];
      const value = evidence?.residentId?.id ?? id.value;
      return { text: sight.number(value), key: `${type}|${evidence?.value ?? value}` };
    });

const READERS: Readonly<Record<IdentityField, Reader>> = {
  name: ({ names, nickname }, sight) => [...names, ...(names.length === 0 && nickname !== null ? [nickname] : [])].map((raw) => ({ text: sight.name(raw), key: foldName(raw) })), // biome-ignore format: one line
  birthDate: ({ birthDate }, sight) => (birthDate === null ? [] : [{ text: sight.birth(birthDate), key: birthDate }]),
  sex: ({ sex }) => (sex === 'unknown' ? [] : [{ text: sex, key: sex }]),
  residentId: numbers((type) => type === 'resident-id'),
  document: numbers((type) => type !== 'resident-id' && (DOCUMENT_TYPES as readonly string[]).includes(type)),
  insurance: numbers((type) => type === 'insurance'),
  mrn: numbers((type) => type === 'mrn'),
  phone: ({ phones }, sight) => phones.map((raw) => ({ text: sight.phone(raw), key: readPhone(raw)?.number ?? raw })),
  address: ({ addresses }, sight) => addresses.map(({ text }) => ({ text: sight.address(text), key: text })),
  guardian: ({ guardian }, sight) =>
    guardian === null
      ? []
      : [{ text: `${guardian.relation} ${sight.name(guardian.name)}${guardian.phone === null ? '' : ` ${sight.phone(guardian.phone)}`}`, key: foldName(guardian.name) }], // biome-ignore format: one line
};
/** Which step of the waterfall grades a row. */
const STEP_OF: Readonly<Partial<Record<IdentityField, readonly string[]>>> = {
  name: ['surname', 'given-name'],
  birthDate: ['birth-date'],
  sex: ['sex'],
  residentId: ['id-number'],
  document: ['document'],
  insurance: ['insurance'],
  mrn: ['mrn'],
  phone: ['phone'],
  address: ['address'],
};

export function compareFields(
  viewer: StaffViewer,
  sides: readonly [readonly OpenRecord[], readonly OpenRecord[]],
  comparison: Comparison,
  today: Date,
): ComparedField[] {
  const sight = reviewSight(viewer);
  return (Object.keys(READERS) as IdentityField[]).flatMap((field) => {
    const read = (records: readonly OpenRecord[]) => gather(records, (details) => READERS[field](details, sight, today));
    const [a, b] = [read(sides[0]), read(sides[1])];
    if (a.size === 0 && b.size === 0) return [];
    const show = (values: typeof a) => [...values.values()].map(({ text, sources }) => ({ text, sources: [...sources] }));
    return { field, a: show(a), b: show(b), grade: gradeOf(field, comparison, a, b) };
  });
}

/** Keys of this module's own record of readers. */
function gather(records: readonly OpenRecord[], read: (details: PersonDetails) => Value[]): Map<string, { text: string; sources: Set<string> }> {
  const values = new Map<string, { text: string; sources: Set<string> }>();
  for (const record of records) {
    for (const { text, key } of record.state === null ? [] : read(detailsOf(record.state))) {
      const value = values.get(key) ?? { text, sources: new Set<string>() };
      value.sources.add(record.source);
      values.set(key, value);
    }
  }
  return values;
}

/** The engine's own word where it compared the field; of a name in two parts the worse one. */
function gradeOf(field: IdentityField, { fields }: Comparison, a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string {
  const steps = fields.filter((each) => STEP_OF[field]?.includes(each.field) === true).sort((x, y) => x.weight - y.weight);
  const graded = steps.find((each) => each.grade !== 'same') ?? steps[0];
  if (graded !== undefined) return graded.grade;
  if (a.size === 0 || b.size === 0) return 'missing';
  if ([...a.keys()].some((key) => b.has(key))) return 'same';
  // What the engine does not weigh says nothing: numbers of two authorities differ for everyone.
  return field === 'guardian' ? 'different' : 'incomparable';
}
