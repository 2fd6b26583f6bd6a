import type { CaseDetail, PatientDetail, PersonIdentity, ReviewDetail, TimelinePage } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Person, StoryHospital } from './hospital.ts';
import { agree, discharge, inpatientAnswers, openOrthopaedics, surveyLink } from './knee-replacement.ts';

/**
 * One patient, registered twice: operated on under one number, in the laboratory under another. Until somebody looks, the hospital knows two
 * people.
 */
vi.setConfig({ testTimeout: 240_000 });

let hospital: StoryHospital;
beforeEach(async () => {
  hospital = await openOrthopaedics();
});
afterEach(() => hospital.close());

const result = async () => {
  const at = '20260302090000';
  const segments = [
    `MSH|^~\\&|LIS|H1|XINGLIN|H1|${at}+0800||ORU^R01^ORU_R01|L1|P|2.5.1||||||UNICODE UTF-8`,
    'PID|1||L55012^^^LIS^MR||沈^琳琳||19580611|F',
    `OBR|1|O1|O1|CBC^血常规^L|||${at}`,
    'OBX|1|NM|WBC^白细胞^L||15.2|10*9/L|3.5-9.5|H|||F',
  ];
  await hospital.app.collect.deliverHl7({ source: 'lis', bytes: Buffer.from(`${segments.join('\r')}\r`, 'utf8') });
  await hospital.settle();
};
const personOf = async (source: string): Promise<string> =>
  (
    await hospital.app.platform.db.one<{ person_id: string }>(
      'select l.person_id from govern.link l join govern.record r on r.record_key = l.record_key where r.source = $1 limit 1',
      [source],
    )
  ).person_id;
const recordOf = async (source: string): Promise<string> =>
  (await hospital.app.platform.db.one<{ record_key: string }>('select record_key from govern.record where source = $1 limit 1', [source])).record_key;

interface Seen {
  readonly sources: string[];
  readonly facts: string[];
  readonly consents: string[];
}
const see = async (viewer: Person, personId: string): Promise<Seen> => {
  const detail = await viewer.get<PatientDetail>(`/patients/${personId}`);
  const timeline = await viewer.get<Static<typeof TimelinePage>>(`/patients/${personId}/timeline?limit=100`);
  return {
    sources: detail.sources.map((each) => each.source).sort(),
    facts: [...new Set(timeline.rows.map((row) => row.fact))].sort(),
    consents: detail.consents.map((each) => each.purpose).sort(),
  };
};

describe('two records of one person', () => {
  it('wait for review; merged, everything shows together; undone, everything parts again as it was', async () => {
    const [operations, nurse] = [await hospital.staff('operations'), await hospital.staff('nurse', ['ORTH'])];
    await discharge(hospital);
    await result();
    const [surgical, laboratory] = [await personOf('his'), await personOf('lis')];
    expect(surgical).not.toBe(laboratory);

    // She agrees and answers as the person of the operation: a plan, a consent, a survey of 2, a case.
    const patient = await hospital.patient(await recordOf('his'));
    await agree(patient);
    await hospital.passUntil('2026-03-03T02:05:00Z');
    await patient.post(surveyLink((await patient.inbox()).messages), { answers: inpatientAnswers(2), text: null });
    await hospital.settle();
    const apart = { surgical: await see(operations, surgical), laboratory: await see(operations, laboratory) };
    expect(apart.laboratory).toEqual({ sources: ['lis'], facts: ['observation'], consents: [] });
    expect(apart.surgical.facts).not.toContain('observation');
    const { rows: cases } = await operations.get<{ rows: { caseId: string; personId: string }[] }>('/cases');
    expect(cases).toMatchObject([{ personId: surgical }]);
    // To the laboratory's record nobody may write.
    const mayWrite = (recordKey: string) => hospital.app.govern.consents.decide(recordKey, 'followup', 'inbox');
    expect((await mayWrite(await recordOf('lis'))).allowed).toBe(false);

    // The pair waits in the queue; the preview says what hangs on it; a person decides.
    const queue = await operations.get<{ total: number; rows: { reviewId: string; reason: string }[] }>('/identity/reviews');
    expect(queue).toMatchObject({ total: 1, rows: [{ reason: 'name-and-birth-only' }] });
    const reviewId = queue.rows[0]?.reviewId ?? '';
    const preview = await operations.post<{ after: { personId: string }[]; moves: { what: string; rows: number }[] }>('/identity/preview', {
      ...{ kind: 'merge', personIds: [surgical, laboratory], reason: 'papers-seen' },
    });
    expect(preview.after).toMatchObject([{ personId: surgical }]);
    expect(preview.moves).toContainEqual({ what: 'fact.observation', rows: 1 });
    const merged = await operations.post<ReviewDetail>(`/identity/reviews/${reviewId}/decision`, { decision: 'match', reason: 'papers-seen' });
    expect(merged.state).toBe('together');

    // One person: timeline, consents, case, plan and what may be sent, whichever id is asked for.
    for (const id of [surgical, laboratory]) {
      expect(await see(operations, id)).toEqual({
        sources: ['his', 'lis'],
        facts: [...new Set([...apart.surgical.facts, ...apart.laboratory.facts])].sort(),
        consents: apart.surgical.consents,
      });
    }
    expect((await mayWrite(await recordOf('lis'))).allowed).toBe(true);
    expect((await operations.get<CaseDetail>(`/cases/${cases[0]?.caseId}`)).case.personId).toBe(surgical);
    const identity = await operations.get<PersonIdentity>(`/identity/persons/${laboratory}`);
    expect(identity).toMatchObject({ personId: surgical, acts: [{ kind: 'match', moved: 1 }], reviews: [] });
    expect(identity.mergedAt).not.toBeNull();

    // Day 7 after surgery comes while they are one: the call is hers.
    await hospital.passUntil('2026-03-05T01:00:00Z');
    const { rows: tasks } = await nurse.get<{ rows: { personId: string }[] }>('/follow-ups');
    expect(tasks).toMatchObject([{ personId: surgical }]);

    // It was a mistake: undone, both are who they were, with what was theirs.
    await operations.post(`/identity/acts/${identity.acts[0]?.actId}/undo`, {});
    await hospital.settle();
    expect([await personOf('his'), await personOf('lis')]).toEqual([surgical, laboratory]);
    expect(await see(operations, laboratory)).toEqual(apart.laboratory);
    const after = await see(operations, surgical);
    expect([after.sources, after.consents, after.facts.includes('observation')]).toEqual([apart.surgical.sources, apart.surgical.consents, false]);
    expect((await mayWrite(await recordOf('lis'))).allowed).toBe(false);
    expect((await nurse.get<{ rows: { personId: string }[] }>('/follow-ups')).rows).toMatchObject([{ personId: surgical }]);
    expect((await operations.get<{ total: number }>('/identity/reviews')).total).toBe(1);
    expect((await hospital.app.platform.audit.verify()).isIntact).toBe(true);
  });
});
