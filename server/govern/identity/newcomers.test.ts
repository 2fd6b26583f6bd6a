import { describe, expect, it } from 'vitest';
import type { BlindIdentifier } from '../pipeline/chunk.ts';
import type { LinkRecord } from './linkage/index.ts';
import { Meeting, type Newcomer } from './newcomers.ts';

const blind = (name: string): Buffer => Buffer.from(name.padEnd(16, '.'));
const evidence = (type: string, name: string): BlindIdentifier => ({ type, blind: blind(name), isEvidence: true, isSuspect: false });
const newcomer = (recordKey: string, identifiers: BlindIdentifier[], keys: string[], saidCount = identifiers.length): Newcomer => ({
  recordKey,
  identifiers,
  described: { record: {} as LinkRecord, keys: keys.map((key) => ({ rule: 'birth-given', blind: blind(key) })), saidCount },
});
const candidates = (meeting: Meeting, place: number): unknown[] => [...meeting.candidatesOf(place)];

describe('records never seen', () => {
  it('meet those before them that share a number or a key', async () => {
    const meeting = await Meeting.of([
      newcomer('a', [evidence('mrn', 'one')], ['wei']),
      newcomer('b', [evidence('mrn', 'two')], ['min']),
      newcomer('c', [evidence('mrn', 'one')], ['min', 'wei']),
    ]);
    expect(candidates(meeting, 0)).toEqual([]);
    expect(candidates(meeting, 1)).toEqual([]);
    expect(new Set(candidates(meeting, 2))).toEqual(new Set([0, 1]));
    expect([...meeting.sharedEvidence()].map((each) => each.recordKey)).toEqual(['a', 'c']);
  });

  it('are not compared for a number neither of them says, though it is evidence of both', async () => {
    const own = evidence('mrn', 'one');
    const meeting = await Meeting.of([newcomer('a', [own], [], 0), newcomer('b', [own], [], 0), newcomer('c', [own], [])]);
    expect(candidates(meeting, 1)).toEqual([]);
    expect(new Set(candidates(meeting, 2))).toEqual(new Set([0, 1]));
    expect([...meeting.sharedEvidence()]).toHaveLength(3);
  });

  it('are not compared under a key that more share than may', async () => {
    const crowd = Array.from({ length: 101 }, (_, at) => newcomer(String(at).padStart(3, '0'), [], ['new year']));
    expect(candidates(await Meeting.of(crowd), 100)).toEqual([]);
    expect(candidates(await Meeting.of(crowd.slice(1)), 99)).toHaveLength(99);
  });

  it('prove what they hold, without what a crowd shares', async () => {
    const birth: BlindIdentifier = { type: 'birth', blind: blind('born'), isEvidence: false, isSuspect: false };
    const meet = () => Meeting.of([newcomer('a', [evidence('mrn', 'one'), evidence('insurance', 'many'), birth], ['wei'])]);
    const meeting = await meet();
    const text = (name: string): string => blind(name).toString('latin1');
    const [one, many] = [
      { type: 'mrn', blind: text('one'), isSuspect: false },
      { type: 'insurance', blind: text('many'), isSuspect: false },
    ];
    expect(meeting.evidenceOf('a')).toBeUndefined();
    meeting.mark();
    expect(meeting.evidenceOf('a')).toMatchObject({ recordKey: 'a', birth: text('born'), evidence: [many, one] });
    const crowded = await meet();
    for (const value of crowded.values) value.isCrowded = value.key.rule === 'insurance';
    crowded.mark();
    expect(crowded.evidenceOf('a')?.evidence).toEqual([one]);
  });
});
