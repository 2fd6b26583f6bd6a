import { createHash } from 'node:crypto';
import type { PersonDetails, SourceId } from '@xinglin/contracts';
import { expect, test } from 'vitest';
import type { Keys } from '../../platform/index.ts';
import { blindDetails } from '../privacy/blind.ts';
import { residentIdOf } from '../testing/resident-id.ts';
import { noDetails } from '../testing.ts';
import type { RecordEvidence } from './engine.ts';
import type { EvidenceType } from './identifiers.ts';
import { compareRecords, describe, generalModel } from './linkage/index.ts';
import { loadChinese } from './linkage/normalise.ts';
import { identityEngine } from './resolve.ts';
import { isSettled } from './settled.ts';

const chinese = await loadChinese();
const today = new Date('2026-01-01');
const keys = { blindIndex: (kind: string, text: string) => createHash('sha256').update(`${kind}|${text}`).digest().subarray(0, 16) } as Keys;

function evidenceOf(details: PersonDetails): RecordEvidence {
  const { identifiers } = blindDetails(keys, details, today);
  return {
    ...{ recordKey: '', isUnnamed: false },
    names: identifiers.flatMap((each) => (each.type === 'name' ? [each.blind.toString('hex')] : [])),
    evidence: identifiers.flatMap((each) =>
      each.isEvidence ? [{ type: each.type as EvidenceType, blind: each.blind.toString('hex'), isSuspect: each.isSuspect }] : [],
    ),
    birth: identifiers.find(({ type }) => type === 'birth')?.blind.toString('hex') ?? null,
  };
}

const isVague = ({ birthDate, identifiers }: PersonDetails): boolean =>
  birthDate === null && identifiers.filter(({ type }) => type === 'resident-id').length > 1;

const sharesName = ({ names }: PersonDetails, other: PersonDetails): boolean =>
  names.length === 0 || other.names.length === 0 || names.some((name) => other.names.includes(name));

const areOne = (a: RecordEvidence, b: RecordEvidence): boolean =>
  identityEngine
    .byRules(
      [
        { ...a, recordKey: 'a' },
        { ...b, recordKey: 'b' },
      ],
      [],
      [],
    )
    .finish(null).clusters.length === 1;

/** Of few people, so that everything is shared now and then; the same each run. */
function* people(count: number): Generator<PersonDetails> {
  let state = 7;
  const below = (n: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % n;
  };
  const sometimes = (often: number, id: () => SourceId): SourceId[] => (below(10) < often ? [id()] : []);
  for (let made = 0; made < count; made += 1) {
    const births = ['1980-03-15', '1980-03-16', '1991-12-01'];
    const id = (): SourceId => ({
      type: 'resident-id',
      system: 'CN',
      value: residentIdOf('330106', (births[below(3)] as string).replaceAll('-', ''), 120 + below(4)),
    });
    yield {
      ...noDetails,
      names: below(6) === 0 ? [] : [['王小明', '李晓东', '张伟'][below(3)] as string],
      birthDate: below(4) === 0 ? null : (births[below(3)] as string),
      sex: (['unknown', 'male', 'female'] as const)[below(3)] ?? 'unknown',
      identifiers: [
        ...sometimes(6, id),
        ...sometimes(1, id),
        ...sometimes(5, () => ({ type: 'mrn', system: ['his', 'lis'][below(2)] as string, value: `M${below(3)}` })),
        ...sometimes(2, () => ({ type: 'passport', system: 'CN', value: `E1234567${below(2)}` })),
        ...sometimes(2, () => ({ type: 'insurance', system: 'CN', value: `33010012${below(3)}` })),
        ...sometimes(1, () => ({ type: 'birth-certificate', system: 'CN', value: `P33012345${below(2)}` })),
      ],
    };
  }
}

test('what is settled by blinded values is what deciding joins, and comparing in the clear, by a record number or by a document and one birth date', () => {
  const all = [...people(400)].map((details) => ({ details, said: evidenceOf(details), record: describe(details, { chinese, today }) }));
  const counts = { settled: 0, not: 0 };
  for (const a of all)
    for (const b of all) {
      const { verdict, reason } = compareRecords(a.record, b.record, generalModel);
      const isOneBirth = a.record.birth !== null && a.record.birth.value === b.record.birth?.value;
      // Deciding is stricter than comparing where nothing is the same: one day apart with another name is two people to it.
      const mayBeOne = isOneBirth || a.record.birth === null || b.record.birth === null || sharesName(a.details, b.details);
      const isJoined = verdict === 'match' && ((reason === 'same-mrn' && mayBeOne) || (reason === 'same-id' && isOneBirth));
      const expected = isJoined && !a.record.isSuspect && !b.record.isSuspect;
      counts[expected ? 'settled' : 'not'] += 1;
      const found = isSettled(a.said, b.said);
      if (found && a !== b) expect(areOne(a.said, b.said)).toBe(true);
      // Without a birth date beside them, two ids that disagree say none; comparing takes the first. Such a pair is compared.
      if (!found && expected && (isVague(a.details) || isVague(b.details))) continue;
      if (found !== expected) expect([a.details, b.details, verdict, reason, expected]).toBe('what the blinded values say');
    }
  expect(counts.settled).toBeGreaterThan(1_000);
  expect(counts.not).toBeGreaterThan(100_000);
});
