import type { LoopKind, LoopStatements, Reading } from '@xinglin/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { recordOf } from '../testing/messages.ts';
import { type OpenCollect, openCollect } from '../testing/open-collect.ts';
import { readLoop } from './read.ts';

const KEY = '0b5c1a52-1111-4222-8333-444455556666';
const VISIT = '1c5c1a52-1111-4222-8333-444455556666';
const read = <K extends LoopKind>(kind: K, body: LoopStatements[K]): Reading =>
  readLoop(recordOf('loop', JSON.stringify({ kind, orgId: 'demo', campusId: 'main', body }), {}, 'loop'));

let open: OpenCollect | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

describe('what came back', () => {
  const answer: LoopStatements['survey.answer'] = {
    invitationId: 'i1',
    survey: 'outpatient@1',
    mode: 'inbox',
    recordKey: KEY,
    encounterKey: VISIT,
    departmentCode: 'CARD',
    staffCode: null,
    answers: [
      { question: 'doctor', score: 3, scoreMax: 5, isOverall: false },
      { question: 'overall', score: 2, scoreMax: 5, isOverall: true },
    ],
    text: '等太久',
    occurredAt: '2026-01-05T01:00:00Z',
  };

  it('an answer is one fact a question, about a record key, words with the overall one', () => {
    expect(read('survey.answer', answer).facts).toMatchObject([
      {
        localId: 'i1|doctor',
        subject: { type: 'other', system: 'record-key', value: KEY },
        encounterLocalId: VISIT,
        values: { score: 3, is_overall: false, invitation_key: 'i1' },
        text: null,
      },
      { localId: 'i1|overall', values: { score: 2, score_max: 5, is_overall: true, department_code: { code: 'CARD' } }, text: '等太久' },
    ]);
    expect(read('survey.answer', { ...answer, recordKey: null, answers: [] }).facts).toMatchObject([
      { localId: 'i1|comment', subject: null, values: { score: null, score_max: null }, text: '等太久' },
    ]);
  });

  it('receipts, follow-ups and steps of cases are versions by their time', () => {
    const message = {
      sendKey: 's1',
      recordKey: KEY,
      channel: 'inbox',
      purpose: 'followup',
      template: 't@1',
      status: 'sent' as const,
      reason: null,
      occurredAt: '2026-01-05T01:00:00Z',
    };
    expect(read('message.status', message).facts).toMatchObject([
      { fact: 'message', localId: 's1', versionAt: '2026-01-05T01:00:00.000Z', values: { status: 'sent' } },
    ]);
    expect(
      read('followup.status', {
        ...{
          taskId: 't1',
          recordKey: KEY,
          encounterKey: VISIT,
          planTemplate: 'p@1',
          step: 'd3',
          departmentCode: 'CARD',
          dueAt: '2026-01-08T01:00:00Z',
          doneAt: null,
        },
        ...{ status: 'due' as const, mode: 'phone', finding: 'none' as const, text: null, occurredAt: '2026-01-05T01:00:00Z' },
      }).facts,
    ).toMatchObject([{ fact: 'followup', localId: 't1', values: { due_at: '2026-01-08T01:00:00.000Z', done_at: null, status: 'due' } }]);
    expect(
      read('case.step', {
        ...{ caseId: 'c1', stepNumber: 2, recordKey: null, encounterKey: null, origin: 'survey' as const, step: 'contacted' as const },
        ...{ departmentCode: null, dueAt: null, score: 2, occurredAt: '2026-01-05T01:00:00Z' },
      }).facts,
    ).toMatchObject([{ fact: 'case_event', localId: 'c1|2', subject: null, values: { case_key: 'c1', score: 2 } }]);
  });

  it('a change of consent is an act', () => {
    const { acts, facts } = read('consent.change', {
      recordKey: KEY,
      purpose: 'marketing',
      channel: null,
      granted: false,
      textEdition: 'c@2',
      occurredAt: '2026-01-05T01:00:00Z',
    });
    expect([facts, acts]).toEqual([
      [],
      [
        {
          ...{ act: 'consent', subject: { type: 'other', system: 'record-key', value: KEY }, purpose: 'marketing', channel: null, granted: false },
          ...{ textEdition: 'c@2', occurredAt: '2026-01-05T01:00:00.000Z' },
        },
      ],
    ]);
  });

  it('is durable when said, in a stream of its own, and counted', async () => {
    open = await openCollect();
    const { collect, platform } = open;
    const place = { orgId: platform.config.orgId, campusId: platform.config.campusId };
    await Promise.all(Array.from({ length: 50 }, (_, n) => collect.loop.deliver(place, 'survey.answer', { ...answer, invitationId: `i${n}` })));
    await collect.loop.deliver(place, 'survey.answer', { ...answer, invitationId: 'i0' });
    const stored = await open.stored();
    expect(stored).toHaveLength(50);
    expect(new Set(stored.map((each) => `${each.stream.source}/${each.stream.lane}/${each.type}`))).toEqual(new Set(['loop/loop/loop']));
    expect((await collect.log.sources()).find((each) => each.source === 'loop')).toMatchObject({ accepted: 50, duplicate: 1 });
  });

  it('is counted even when the process dies before the counts are written', async () => {
    open = await openCollect();
    const { collect, platform } = open;
    const place = { orgId: platform.config.orgId, campusId: platform.config.campusId };
    for (let n = 0; n < 20; n += 1) await collect.loop.deliver(place, 'survey.answer', { ...answer, invitationId: `i${n}` });
    const after = await open.restarted();
    expect((await after.log.sources()).find((each) => each.source === 'loop')?.accepted).toBe(20);
  });
});
