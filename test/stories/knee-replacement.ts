/**
 * The patient of the stories: Linlin Shen (invented) leaves orthopaedics four days after a knee replacement, agrees to follow-up and answers.
 * What the hospital's own system says of it, and what she does with what reaches her. Simulated time from Monday 2026-03-02, Shanghai.
 */
import type { InboxMessage } from '@xinglin/contracts/api.ts';
import { openHospital, type Person, type StoryHospital } from './hospital.ts';

export async function openOrthopaedics(): Promise<StoryHospital> {
  const hospital = await openHospital('2026-03-02T01:30:00Z');
  await hospital.department('ORTH', '骨科');
  return hospital;
}

const MSH = (event: string) => `MSH|^~\\&|HIS|H1|XINGLIN|H1|{at}+0800||ADT^${event}|{id}|P|2.5.1||||||UNICODE UTF-8`;
const PID = 'PID|1||MR900417^^^HIS^MR||沈^琳琳||19580611|F|||||13900002468';
const ADMITTED = '20260225100000';
const HOME = '1';
/** PV1 with its fields by number. */
const PV1 = (more: Record<number, string> = {}) => {
  const fields: Record<number, string> = { 1: '1', 2: 'I', 3: 'ORTH^301^1^H1', 7: 'D017^顾^医生', 10: 'ORTH', 19: 'V77001', 44: ADMITTED, ...more };
  return `PV1|${Array.from({ length: 45 }, (_, index) => fields[index + 1] ?? '').join('|')}`;
};

export const discharge = (hospital: StoryHospital): Promise<void> =>
  hospital.hl7(
    MSH('A03^ADT_A03'),
    'EVN|A03|{at}',
    PID,
    PV1({ 36: HOME, 45: '{at}' }),
    'DG1|1||M17.100^^I10||20260225|F',
    'PR1|1||81.5400x001^全膝关节置换术^ICD9CM3||20260226140000|T',
  );
export const takeBackDischarge = (hospital: StoryHospital): Promise<void> => hospital.hl7(MSH('A13^ADT_A01'), 'EVN|A13|{at}', PID, PV1());

export async function agree(patient: Person): Promise<void> {
  for (const purpose of ['followup', 'satisfaction']) await patient.post('/p/consents', { purpose, granted: true });
}
export function surveyLink(messages: readonly InboxMessage[]): string {
  const link = messages.find((message) => message.kind === 'survey')?.link;
  if (link === undefined || link === null) throw new Error('no survey in the inbox');
  return `/p/survey/${link.split('/').at(-1)}`;
}
export const inpatientAnswers = (overall: number) => [
  ...['nurse-communication', 'doctor-communication', 'pain', 'discharge-information'].map((question) => ({ question, score: 4 })),
  { question: 'overall', score: overall },
];
