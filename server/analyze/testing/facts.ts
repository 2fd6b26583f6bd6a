import { columnsOf, FACT_NAMES, type FactName, type FactRow, type FactValue } from '@xinglin/contracts';
import { localDay } from '../../kernel/index.ts';

/** Facts for tests: only the telling fields are named, the dull ones are filled in. Times are local, `YYYY-MM-DD HH:MM[:SS]`. */
export interface Planted {
  readonly fact: FactName;
  readonly values: Readonly<Record<string, FactValue>>;
}

const HOUR_MS = 3_600_000;
/** A local time of the campus as epoch microseconds. */
export const at = (local: string): bigint => {
  const [day = '', time = '12:00'] = local.split(' ');
  return BigInt(Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`) - 8 * HOUR_MS) * 1000n;
};

/** A key that says in its last digits what it stands for: `key('record', 3)`. */
const KINDS = ['fact', 'record', 'encounter', 'person', 'invitation', 'case', 'visitor', 'text'] as const;
export const key = (kind: (typeof KINDS)[number], number: number): string =>
  `${String(KINDS.indexOf(kind) + 1).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`;

let planted = 0;
/** `when` is when it happened; other times are given through `at`. */
export function plant(fact: FactName, when: string, values: Readonly<Record<string, FactValue>>): Planted {
  planted += 1;
  const occurred = at(when);
  return {
    fact,
    values: {
      fact_key: key('fact', planted),
      version: occurred,
      position: planted,
      is_deleted: false,
      org_id: 'demo',
      campus_id: 'main',
      source: 'his',
      occurred_at: occurred,
      received_at: occurred,
      day: localDay(new Date(Number(occurred / 1000n))),
      time_precision: 'second',
      edition: 'test@1',
      ...values,
    },
  };
}

/** Rows in column order, by fact. A name no column has is a mistake in the test. */
export function rowsByFact(facts: readonly Planted[]): Map<FactName, FactRow[]> {
  const rows = new Map<FactName, FactRow[]>();
  for (const fact of FACT_NAMES) {
    const columns = columnsOf(fact).map((column) => column.name);
    const own = facts.filter((each) => each.fact === fact);
    for (const { values } of own) {
      const strange = Object.keys(values).find((name) => !columns.includes(name));
      if (strange !== undefined) throw new Error(`${fact} has no column ${strange}`);
    }
    if (own.length > 0)
      rows.set(
        fact,
        own.map(({ values }) => columns.map((name) => values[name] ?? null)),
      );
  }
  return rows;
}
