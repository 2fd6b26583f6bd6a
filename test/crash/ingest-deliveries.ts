/** A small hospital's deliveries, the same for the same seed: several sources and lanes, corrections, merges, moved visits, late history. All invented. */
import type { Canonical, CanonicalAct, IdentifierType, Lane, Reading } from '@xinglin/contracts';
import { mrn, noDetails, person, visit } from '../../server/govern/testing/statements.ts';

export interface Delivery {
  readonly source: string;
  readonly lane: Lane;
  readonly reading: Reading;
}
/** Statements are about this time; it is also what the clock of the run shows. */
export const NOW = new Date('2026-01-05T01:00:00Z');

const SURNAMES = [...'王李张刘陈杨赵黄周吴'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰涛明'];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Deterministic numbers below `n`. */
function numbers(seed: number): (n: number) => number {
  let state = seed * 2654435761 + 1;
  return (n) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % n;
  };
}
const residentId = (serial: number): string => {
  const first17 = `330106${1940 + (serial % 60)}${String(1 + (serial % 12)).padStart(2, '0')}${String(1 + (serial % 28)).padStart(2, '0')}${String(100 + (serial % 800)).padStart(3, '0')}`;
  const sum = [...first17].reduce((total, digit, i) => total + Number(digit) * (WEIGHTS[i] ?? 0), 0);
  return first17 + ('10X98765432'[sum % 11] ?? '');
};
const iso = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();

export function* deliveries(seed: number, patients: number): Generator<Delivery> {
  const pick = numbers(seed);
  const bulk: Canonical[] = [];
  for (let p = 0; p < patients; p += 1) {
    const id = { type: 'resident-id' as IdentifierType, system: 'CN', value: residentId(p) };
    const birthDate = `${id.value.slice(6, 10)}-${id.value.slice(10, 12)}-${id.value.slice(12, 14)}`;
    const details = { names: [`${SURNAMES[pick(10)]}${GIVEN[pick(15)]}${GIVEN[pick(15)]}`], phones: [`139${String(10_000_000 + p * 37)}`], birthDate };
    const his = mrn(`H${100_000 + p}`);
    const lis = mrn(`L${500_000 + p}`, 'LIS');
    const stay = `V${p}`;
    const minute = 20_000 + pick(9_000);
    const about = { subject: his, encounterLocalId: stay };
    const say = (facts: Canonical[], acts: CanonicalAct[] = [], source = 'his', lane: Lane = 'live'): Delivery => ({
      ...{ source, lane },
      reading: { facts, acts, quarantined: [] },
    });
    const department = { code: `D${pick(6)}`, display: `科室${pick(6)}`, system: null };
    const at = (ago: number) => ({ versionAt: iso(ago), occurredAt: iso(ago) });
    yield say([
      person(his, { ...details, identifiers: pick(4) === 0 ? [his] : [his, id] }, at(minute)),
      visit(stay, { status: 'in-progress', class: 'inpatient', department_code: department, started_at: iso(minute) }, { subject: his, ...at(minute) }),
    ]);
    yield say([person(lis, { ...details, identifiers: [lis, id] }, { ...at(minute - 5), subject: lis })], [], 'lis');
    for (let o = 0; o < 3; o += 1) {
      const values = { code: { code: `GLU${o}`, display: '血糖', system: null }, value_number: 4 + pick(100) / 10, category: 'laboratory', status: 'final' };
      bulk.push({ ...visit(`O${p}-${o}`, values, { subject: lis, encounterLocalId: null, ...at(minute - 10 - o) }), fact: 'observation' });
    }
    bulk.push({ ...visit(`C${p}`, { amount_fen: pick(90_000), category: 'drug' }, { subject: lis, encounterLocalId: null, ...at(minute) }), fact: 'charge' });
    if (bulk.length >= 40) yield say(bulk.splice(0), [], 'lis', 'bulk');
    const surgery = { code: { code: '51.2300', display: '胆囊切除', system: 'ICD-9-CM-3' }, category: 'surgery', started_at: iso(minute - 600) };
    if (pick(3) === 0) yield say([{ ...visit(`S${p}`, surgery, { ...about, ...at(minute - 600) }), fact: 'procedure' }]);
    const out = pick(5) === 0 ? minute - 4_000 : pick(9_000);
    yield say([visit(stay, { status: 'finished', ended_at: iso(out) }, { subject: his, ...at(out) })]);
    if (pick(6) === 0) yield say([visit(stay, { status: 'in-progress', ended_at: null }, { subject: his, ...at(out - 1) })]);
    if (pick(5) === 0) yield say([], [{ act: 'merge', survivor: his, retired: mrn(`H${900_000 + p}`), occurredAt: iso(out) }]);
    if (pick(8) === 0)
      yield say([{ ...visit(`X${p}`, { kind: 'complaint', severity: 'low' }, { ...about, ...at(out) }), fact: 'complaint', text: `等了${p}分钟` }]);
    if (pick(9) === 0) yield say([], [{ act: 'move-encounter', encounterLocalId: stay, to: mrn(`H${800_000 + p}`), occurredAt: iso(out - 2) }]);
    if (pick(4) === 0) yield say([], [consent(his, pick(2) === 0, iso(out))]);
    if (pick(10) === 0) yield say([{ ...person(his, noDetails, at(1)), occurredAt: 'never' }]);
    // What an old system sends again weeks later must not undo anything.
    if (pick(7) === 0) yield say([person(his, { names: ['旧名'], identifiers: [his] }, at(40_000))], [], 'his', 'bulk');
  }
  if (bulk.length > 0) yield { source: 'lis', lane: 'bulk', reading: { facts: bulk, acts: [], quarantined: [] } };
}

const consent = (subject: ReturnType<typeof mrn>, granted: boolean, occurredAt: string): CanonicalAct => ({
  ...{ act: 'consent', subject, purpose: 'followup', channel: null, granted, textEdition: 'followup@1', occurredAt },
});
