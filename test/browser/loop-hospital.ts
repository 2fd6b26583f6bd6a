/**
 * A hospital in simulated time with a dozen patients just discharged, spoken to through its real doors and served on a real port:
 * worklists, cases and surveys need days to pass, which the demo's wall clock cannot give a test.
 */
import type { AddressInfo } from 'node:net';
import { openHospital, type Person, type StoryHospital } from '../stories/hospital.ts';

export interface LoopHospital {
  readonly url: string;
  readonly story: StoryHospital;
  /** Phones of the patients, in order of discharge; the first has an unanswered survey. */
  readonly phones: readonly string[];
  readonly usernames: { nurse: string; operations: string; president: string };
}

/** Invented; nobody's name. */
const PEOPLE = [
  ['沈^琳琳', '19580611', 'F', '81.5400x001', 'ORTH'],
  ['韩^国栋', '19470322', 'M', '81.5400x001', 'ORTH'],
  ['陆^晓雯', '19690907', 'F', '51.2300', 'GS'],
  ['范^志强', '19550118', 'M', '51.2300', 'GS'],
  ['彭^玉兰', '19621130', 'F', '81.5400x001', 'ORTH'],
  ['邱^明远', '19510705', 'M', '51.2300', 'GS'],
  ['汤^佩芬', '19660214', 'F', '51.2300', 'GS'],
  ['顾^长河', '19490826', 'M', '81.5400x001', 'ORTH'],
] as const;
const WORDS = [
  '出院手续排队两个小时，没人管。',
  '夜里按铃二十分钟没有人来，老人只好自己下床。',
  '伤口怎么护理没讲清楚，回家又打电话问了三次。',
  '押金退得慢，窗口让我们跑了三趟。',
] as const;
/** The same people at the laboratory's own desk: the first with her phone, the others without, so that somebody must look. */
const ELSEWHERE = [
  ['沈^琳琳', '19580611', 'F', phoneOf(0)],
  ['韩^国栋', '19470322', 'M', ''],
  ['陆^晓雯', '19690907', 'F', ''],
  ['彭^玉兰', '19621130', 'F', ''],
  ['邱^明远', '19510705', 'M', ''],
  ['汤^佩芬', '19660214', 'F', ''],
] as const;
const START = '2026-03-02T01:30:00Z';
/** When which patients answer, so that limits are over, close and far off. */
const ANSWERED = [
  ['2026-03-03T02:05:00Z', 1, 3],
  ['2026-03-04T02:30:00Z', 3, 5],
  ['2026-03-04T12:00:00Z', 5, PEOPLE.length],
] as const;
const STAFF = { 'nurse-0': '陈晓燕', 'operations-1': '周敏行', 'president-2': '沈国华' } as const;

export async function openLoopHospital(): Promise<LoopHospital> {
  const story = await openHospital(START);
  await story.department('ORTH', '骨科');
  await story.department('GS', '普外科');
  const [nurse, operations, president] = [await story.staff('nurse'), await story.staff('operations'), await story.staff('president')];
  void nurse;
  void president;
  for (const [username, name] of Object.entries(STAFF))
    await story.app.platform.db.query('update platform.user_account set display_name = $2 where username = $1', [username, name]);
  for (const [index, person] of PEOPLE.entries()) {
    await discharge(story, index, person);
    await story.pass({ hours: 0.1 });
  }
  const patients = await inboxes(story);
  for (const patient of patients) for (const purpose of ['followup', 'satisfaction']) await patient.post('/p/consents', { purpose, granted: true });
  // Surveys lie in the inboxes from Tuesday 10:00. Half answer low, some at once, some a day later; the first keeps theirs for the test.
  for (const [time, from, to] of ANSWERED) {
    await story.passUntil(time);
    for (const [index, patient] of patients.entries())
      if (index >= from && index < to) await answer(patient, index % 2 === 1 ? 2 : 5, index % 2 === 1 ? (WORDS[(index - 1) / 2] ?? null) : null);
  }
  await registerElsewhere(story);
  await startCases(operations);
  // Thursday morning: follow-up calls are due.
  await story.passUntil('2026-03-05T01:00:00Z');
  await story.app.analyze.indices.refresh({});
  await story.app.http.listen({ host: '127.0.0.1', port: 0 });
  const { port } = story.app.http.server.address() as AddressInfo; // listening on a port, so not a pipe's name
  return {
    url: `http://127.0.0.1:${port}`,
    story,
    phones: PEOPLE.map((_, index) => phoneOf(index)),
    usernames: { nurse: 'nurse-0', operations: 'operations-1', president: 'president-2' },
  };
}

function phoneOf(index: number): string {
  return `1390000${String(2468 + index)}`;
}

async function registerElsewhere(story: StoryHospital): Promise<void> {
  for (const [index, [name, birthday, sex, phone]] of ELSEWHERE.entries()) {
    const text = [
      `MSH|^~\\&|LIS|H1|XINGLIN|H1|20260304090000+0800||ADT^A04^ADT_A01|LAB${index}|P|2.5.1||||||UNICODE UTF-8`,
      'EVN|A04|20260304090000',
      `PID|1||L5500${index}^^^LIS^MR||${name}||${birthday}|${sex}|||||${phone}`,
    ].join('\r');
    await story.app.collect.deliverHl7({ source: 'lis', bytes: Buffer.from(`${text}\r`, 'utf8') });
  }
  await story.settle();
}

async function discharge(story: StoryHospital, index: number, [name, birthday, sex, surgery, department]: (typeof PEOPLE)[number]): Promise<void> {
  const fields: Record<number, string> = {
    1: '1',
    2: 'I',
    3: `${department}^301^${index}^H1`,
    7: 'D017^顾^医生',
    10: department,
    19: `V7700${index}`,
    36: '1',
    44: '20260225100000',
    45: '{at}',
  };
  await story.hl7(
    `MSH|^~\\&|HIS|H1|XINGLIN|H1|{at}+0800||ADT^A03^ADT_A03|{id}|P|2.5.1||||||UNICODE UTF-8`,
    'EVN|A03|{at}',
    `PID|1||MR90041${index}^^^HIS^MR||${name}||${birthday}|${sex}|||||${phoneOf(index)}`,
    `PV1|${Array.from({ length: 45 }, (_, at) => fields[at + 1] ?? '').join('|')}`,
    'DG1|1||M17.100^^I10||20260225|F',
    `PR1|1||${surgery}^^ICD9CM3||20260226140000|T`,
  );
}

/** Patients in the order they were discharged. */
async function inboxes(story: StoryHospital): Promise<(Person & { inbox: Awaited<ReturnType<StoryHospital['patient']>>['inbox'] })[]> {
  const plans = await story.app.platform.db.query<{ record_key: string }>('select record_key from engage.plan order by started_at, plan_id');
  return Promise.all(plans.map(({ record_key }) => story.patient(record_key)));
}

async function answer(patient: Awaited<ReturnType<StoryHospital['patient']>>, overall: number, text: string | null): Promise<void> {
  const link = (await patient.inbox()).messages.find((message) => message.kind === 'survey')?.link;
  if (link === undefined || link === null) throw new Error('no survey in the inbox');
  const answers = ['nurse-communication', 'doctor-communication', 'pain', 'discharge-information'].map((question) => ({
    question,
    score: overall === 2 ? 3 : 5,
  }));
  await patient.post(`/p/survey/${link.split('/').at(-1)}`, { answers: [...answers, { question: 'overall', score: overall }], text });
}

/** Two of the cases are under way, so that the list shows more than one state. */
async function startCases(operations: Person): Promise<void> {
  const { rows } = await operations.get<{ rows: { caseId: string }[] }>('/cases');
  const [first, second] = rows;
  if (first === undefined || second === undefined) throw new Error('low answers opened no cases');
  await operations.post(`/cases/${first.caseId}/steps`, { action: 'contact', note: '已电话致歉，家属希望出院窗口中午有人' });
  await operations.post(`/cases/${first.caseId}/steps`, { action: 'work', note: null });
  await operations.post(`/cases/${second.caseId}/steps`, { action: 'contact', note: '已致歉，约明天上午再谈' });
}
