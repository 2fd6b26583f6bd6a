/** Signals whose payload is known from the delivery alone: answered surveys, complaints, receipts of messages, consents. */
import type { LoopStatement, RawRecord, Reading, SurveyAnsweredSignal } from '@xinglin/contracts';
import type { Chunk } from './chunk.ts';
import { isVoiceNews } from './news.ts';
import type { Answer } from './prepare.ts';

export function prepareVoiceNews(chunk: Chunk, record: RawRecord, reading: Reading, answers: readonly Answer[], now: Date): void {
  const fresh = answers.filter(({ statement, keys }) => !statement.deleted && isVoiceNews(new Date(Number(keys.occurredAt / 1000n)), now));
  for (const group of byInvitation(fresh)) answered(chunk, record, group);
  for (const answer of fresh) if (answer.statement.fact === 'complaint') complaint(chunk, answer);
  if (record.type === 'loop' && reading.facts.some((each) => each.fact === 'message')) receipt(chunk, record);
}

function byInvitation(answers: readonly Answer[]): Answer[][] {
  const groups = new Map<string, Answer[]>();
  for (const answer of answers) {
    if (answer.statement.fact !== 'survey_answer' || answer.invitationKey === null) continue;
    groups.set(answer.invitationKey, [...(groups.get(answer.invitationKey) ?? []), answer]);
  }
  return [...groups.values()];
}

/** Answers of one submission arrive in one delivery; a second submission of the same invitation is news of its own. */
function answered(chunk: Chunk, record: RawRecord, group: readonly Answer[]): void {
  const [first] = group;
  if (first === undefined || first.invitationKey === null) return;
  const scores: Record<string, number> = {};
  let overall: number | null = null;
  for (const { statement } of group) {
    const { question, score, is_overall: isOverall } = statement.values;
    if (typeof score !== 'number') continue;
    const name = typeof question === 'string' ? question : typeof question === 'object' && question !== null ? question.code : null;
    if (name !== null) scores[name] = score;
    if (isOverall === true) overall = score;
  }
  const { orgId, campusId } = record.stream;
  const text = (name: string): string => {
    const value = first.statement.values[name];
    return typeof value === 'string' ? value : '';
  };
  const payload: SurveyAnsweredSignal = {
    ...{ orgId, campusId, recordKey: first.keys.recordKey, encounterKey: first.keys.encounterKey, invitationKey: first.invitationKey },
    ...{ survey: text('survey'), mode: text('mode'), departmentCode: null, scores, overall },
    textId: group.find((each) => each.keys.textId !== null)?.keys.textId ?? null,
    occurredAt: new Date(Number(first.keys.occurredAt / 1000n)).toISOString(),
  };
  const departmentOf = group.find((each) => each.departmentCode !== null)?.departmentCode ?? null;
  chunk.news.push({ topic: 'survey.answered', key: `${first.invitationKey}/${first.keys.version}/${record.position}`, payload, departmentOf });
}

function complaint(chunk: Chunk, { statement, keys, departmentCode }: Answer): void {
  if (statement.values['kind'] !== 'complaint') return;
  const severity = statement.values['severity'];
  chunk.news.push({
    topic: 'complaint.received',
    // A correction of a complaint is not another one.
    key: keys.factKey,
    payload: {
      ...{ factKey: keys.factKey, recordKey: keys.recordKey, departmentCode: null, textId: keys.textId },
      severity: typeof severity === 'string' ? severity : 'unknown',
      occurredAt: new Date(Number(keys.occurredAt / 1000n)).toISOString(),
    },
    departmentOf: departmentCode,
  });
}

/** The fact knows the message by a key; whoever sent it needs the send key, which only the statement has. */
function receipt(chunk: Chunk, record: RawRecord): void {
  const said = JSON.parse(Buffer.from(record.body).toString('utf8')) as LoopStatement;
  if (said.kind !== 'message.status') return;
  const { sendKey, status, occurredAt } = said.body;
  if (status === 'sent' || status === 'skipped') return;
  chunk.news.push({ topic: 'message.receipt', key: `${sendKey}/${status}`, payload: { sendKey, status, occurredAt }, departmentOf: null });
}
