import { at, key, type Planted, plant } from './facts.ts';

/**
 * Three months of a hospital small enough to count by hand: six people, fourteen encounters, and of everything else a handful.
 * The story of each row is beside it; the expected figures are worked out in `definitions.test.ts`. Everyone is invented.
 * Now is 31 March 2026, noon.
 */
export const NOW = new Date('2026-03-31T04:00:00Z');
export const FROM = '2026-01-01';
export const TO = '2026-03-31';

export const PEOPLE = { A: 1, B: 2, C: 3, D: 4, E: 5, F: 6 } as const;
type Person = keyof typeof PEOPLE;
export const record = (person: Person): string => key('record', PEOPLE[person]);
/** A is known to the laboratory under a record of its own. */
export const LAB_RECORD_OF_A = key('record', 11);
export const personOf = (person: Person): string => key('person', PEOPLE[person]);
export const LINKS: readonly (readonly [recordKey: string, personId: string])[] = [
  ...(Object.keys(PEOPLE) as Person[]).map((each) => [record(each), personOf(each)] as const),
  [LAB_RECORD_OF_A, personOf('A')],
];
export const DEPARTMENTS = [
  { code: 'CARD', nameZh: '心血管内科', nameEn: 'Cardiology' },
  { code: 'ORTH', nameZh: '骨科', nameEn: 'Orthopaedics' },
  { code: 'EMER', nameZh: '急诊科', nameEn: 'Emergency' },
  { code: 'CHKU', nameZh: '健康管理中心', nameEn: null },
] as const;

const encounter = (n: number, person: Person, cls: string, department: string, status: string, started: string, ended: string | null, more = {}) =>
  plant('encounter', started, {
    ...{ record_key: record(person), encounter_key: key('encounter', n), class: cls, status, department_code: department, staff_code: `D-${department}` },
    ...{ started_at: at(started), ended_at: ended === null ? null : at(ended), discharge_disposition: cls === 'inpatient' ? 'home' : null, ...more },
  });
const of = (person: Person, visit: number) => ({ record_key: record(person), encounter_key: key('encounter', visit) });
const charge = (when: string, person: Person, visit: number | null, department: string, category: string, fen: number) =>
  plant('charge', when, {
    ...{ record_key: record(person), encounter_key: visit === null ? null : key('encounter', visit), department_code: department },
    ...{ category, amount_fen: fen, payment_type: 'self' },
  });
const answer = (
  when: string,
  person: Person,
  visit: number,
  invitation: number,
  survey: string,
  mode: string,
  department: string,
  scores: Record<string, number>,
) =>
  Object.entries(scores).map(([question, score]) =>
    plant('survey_answer', when, {
      ...{ ...of(person, visit), source: 'loop', survey, invitation_key: key('invitation', invitation), mode, question, score, department_code: department },
      ...{ score_max: question === 'nps' || question === 'recommend' ? 10 : 5, is_overall: question === 'overall' },
    }),
  );
const step = (when: string, caseNumber: number, name: string, more = {}) =>
  plant('case_event', when, { source: 'loop', case_key: key('case', caseNumber), origin: 'survey', step: name, department_code: 'ORTH', ...more });
const followup = (person: Person, visit: number, name: string, due: string, status: string, done: string | null, more = {}) =>
  plant('followup', done ?? due, {
    ...{ ...of(person, visit), source: 'loop', plan_template: 'general-discharge@1', step: name, due_at: at(due), done_at: done === null ? null : at(done) },
    ...{ status, mode: 'phone', finding: 'none', department_code: visit === 7 ? 'ORTH' : 'CARD', ...more },
  });
const booking = (
  person: Person,
  department: string,
  status: string,
  channel: string,
  booked: string,
  starts: string,
  arrived: string | null,
  called: string | null,
) =>
  plant('appointment', booked, {
    ...{ source: 'booking', record_key: record(person), department_code: department, status, channel, booked_at: at(booked), starts_at: at(starts) },
    ...{ arrived_at: arrived === null ? null : at(arrived), called_at: called === null ? null : at(called) },
  });
const result = (code: string, flag: string, more = {}) =>
  plant('observation', '2026-02-10 10:00', {
    ...{ source: 'lis', record_key: LAB_RECORD_OF_A, category: 'laboratory', code, code_system: 'local', abnormal_flag: flag, status: 'final' },
    ...{ value_number: 5.5, unit: 'mmol/L', reference_low: 3.9, reference_high: 6.1, department_code: 'CARD', ...more },
  });
const view = (when: string, visitor: number, kind = 'page', name = 'page@1') =>
  plant('event', when, { source: 'web', anonymous_key: key('visitor', visitor), kind, name, channel: 'h5', page: 'home' });
const person = (who: Person, sex: string, birthMonth: string | null, more = {}) =>
  plant('person_record', '2025-12-01 08:00', { record_key: record(who), sex, birth_month: birthMonth, district: '310101', is_deceased: false, ...more });

export const SMALL_HOSPITAL: readonly Planted[] = [
  person('A', 'male', '1960-05', { insurance_type: 'employee' }),
  person('B', 'female', '1985-02', { district: '310104' }),
  person('C', 'male', '2018-07'),
  person('D', 'female', '1950-01'),
  person('E', 'unknown', null),
  person('F', 'male', '1975-09', { is_deceased: true }),

  encounter(13, 'E', 'outpatient', 'CARD', 'finished', '2025-12-31 23:50', '2026-01-01 00:10', { disease_code: 'J06.900' }), // last year by the clock on the wall
  encounter(1, 'A', 'outpatient', 'CARD', 'finished', '2026-01-05 09:00', '2026-01-05 10:30', { disease_code: 'I10.x00' }),
  encounter(14, 'B', 'inpatient', 'ORTH', 'finished', '2026-01-10 09:00', '2026-01-12 09:00', { discharge_disposition: 'transfer' }),
  encounter(7, 'D', 'inpatient', 'ORTH', 'finished', '2026-02-01 08:00', '2026-02-11 10:00', { disease_code: 'M17.100', surgery_code: '81.5400x001' }),
  encounter(2, 'A', 'outpatient', 'CARD', 'finished', '2026-02-10 09:00', '2026-02-10 09:40', { disease_code: 'I10.x00' }),
  encounter(3, 'B', 'outpatient', 'ORTH', 'finished', '2026-02-10 14:00', '2026-02-10 15:00', { disease_code: 'S83.200' }),
  encounter(4, 'B', 'outpatient', 'ORTH', 'cancelled', '2026-02-11 09:00', null),
  encounter(5, 'C', 'emergency', 'EMER', 'finished', '2026-02-12 23:30', '2026-02-13 01:00', { disease_code: 'J20.900' }),
  encounter(8, 'A', 'inpatient', 'CARD', 'finished', '2026-02-20 10:00', '2026-02-20 18:00', { disease_code: 'I20.000' }), // in and out on one day
  encounter(10, 'F', 'inpatient', 'CARD', 'finished', '2026-02-25 08:00', '2026-03-01 03:00', { discharge_disposition: 'died' }),
  encounter(6, 'D', 'checkup', 'CHKU', 'finished', '2026-03-02 08:00', '2026-03-02 11:00'),
  encounter(9, 'A', 'inpatient', 'CARD', 'finished', '2026-03-10 11:00', '2026-03-15 09:00', { disease_code: 'I20.000' }), // back 18 days later
  encounter(11, 'E', 'inpatient', 'ORTH', 'in-progress', '2026-03-28 15:00', null),
  encounter(12, 'B', 'outpatient', 'ORTH', 'planned', '2026-03-31 16:00', null),

  charge('2026-01-05 10:00', 'A', 1, 'CARD', 'drug', 10_000),
  charge('2026-01-05 10:00', 'A', 1, 'CARD', 'exam', 5_000),
  charge('2026-02-10 09:30', 'A', 2, 'CARD', 'drug', 8_000),
  charge('2026-02-12 09:30', 'A', 2, 'CARD', 'drug', -2_000), // refund
  charge('2026-02-10 14:30', 'B', 3, 'ORTH', 'consumable', 3_000),
  charge('2026-02-10 14:00', 'B', 3, 'ORTH', 'registration', 1_000),
  charge('2026-02-05 12:00', 'D', 7, 'ORTH', 'surgery', 500_000),
  charge('2026-02-05 12:00', 'D', 7, 'ORTH', 'consumable', 200_000),
  charge('2026-02-10 12:00', 'D', 7, 'ORTH', 'drug', 100_000),
  charge('2026-02-11 09:00', 'D', 7, 'ORTH', 'bed', 50_000),
  charge('2026-02-20 12:00', 'A', 8, 'CARD', 'laboratory', 6_000),
  charge('2026-03-03 12:00', 'A', null, 'CARD', 'treatment', 4_000), // names no visit

  // Two operations in one stay, and one only planned.
  plant('procedure', '2026-03-11 10:00', { ...of('A', 9), category: 'surgery', status: 'finished', code: '36.0600', department_code: 'CARD' }),
  plant('procedure', '2026-03-12 10:00', { ...of('A', 9), category: 'surgery', status: 'finished', code: '88.5500', department_code: 'CARD' }),
  plant('procedure', '2026-02-26 10:00', { ...of('F', 10), category: 'surgery', status: 'planned', code: '36.0600', department_code: 'CARD' }),

  result('GLU', 'H'),
  result('K', 'HH', { value_number: 6.9 }),
  result('NA', 'N'),
  result('CRP', 'unknown'),
  result('HGB', 'L', { status: 'preliminary' }),
  result('BP', 'H', { category: 'vital-signs' }),

  booking('A', 'CARD', 'fulfilled', 'wechat', '2026-02-08 10:00', '2026-02-10 09:00', '2026-02-10 08:40:30', '2026-02-10 09:10:10'),
  booking('B', 'ORTH', 'arrived', 'phone', '2026-02-09 10:00', '2026-02-10 14:00', '2026-02-10 14:10', '2026-02-10 14:25'),
  booking('C', 'CARD', 'noshow', 'app', '2026-02-01 10:00', '2026-02-03 09:00', null, null),
  booking('A', 'CARD', 'cancelled', 'web', '2026-01-03 10:00', '2026-01-05 09:00', null, null),
  booking('A', 'CARD', 'fulfilled', 'window', '2026-01-05 08:30', '2026-01-05 09:00', '2026-01-05 08:35', '2026-01-05 08:50'), // registered at the window

  ...answer('2026-02-11 09:00', 'A', 2, 1, 'outpatient@1', 'wechat', 'CARD', { overall: 5, nps: 10, 'doctor-communication': 4 }),
  ...answer('2026-02-11 10:00', 'B', 3, 2, 'outpatient@1', 'wechat', 'ORTH', { overall: 2, nps: 3 }),
  ...answer('2026-02-14 10:00', 'B', 3, 4, 'rerating@1', 'wechat', 'ORTH', { overall: 5 }),
  ...answer('2026-02-15 10:00', 'D', 7, 3, 'inpatient@1', 'phone', 'ORTH', { overall: 4, nps: 8 }),
  ...answer('2026-02-20 10:00', 'C', 5, 5, 'outpatient@1', 'sms', 'CARD', { overall: 3, recommend: 9 }),

  plant('complaint', '2026-02-12 09:00', { ...of('B', 3), source: 'complaint', kind: 'complaint', channel: 'phone', topic: 'wait', department_code: 'ORTH' }),
  plant('complaint', '2026-03-05 09:00', { source: 'complaint', kind: 'complaint', channel: '12345', topic: 'cost', department_code: 'CARD' }),
  plant('complaint', '2026-02-16 09:00', { ...of('D', 7), source: 'complaint', kind: 'praise', channel: 'letter', department_code: 'ORTH' }),
  plant('complaint', '2026-02-17 09:00', { source: 'complaint', kind: 'suggestion', channel: 'web', department_code: 'ORTH' }),

  step('2026-02-11 10:00', 1, 'opened', { due_at: at('2026-02-12 10:00'), score: 2, ...of('B', 3) }),
  step('2026-02-11 20:00', 1, 'contacted'),
  step('2026-02-12 09:00', 1, 'closed'),
  step('2026-02-14 10:00', 1, 'rerated', { score: 5 }),
  step('2026-02-20 12:00', 2, 'opened', { due_at: at('2026-02-21 12:00'), score: 3, department_code: 'CARD' }),
  step('2026-02-22 09:00', 2, 'contacted', { department_code: 'CARD' }),
  step('2026-02-25 09:00', 2, 'closed', { department_code: 'CARD' }),
  step('2026-02-26 09:00', 2, 'rerated', { score: 3, department_code: 'CARD' }),
  step('2026-03-05 09:00', 4, 'opened', { due_at: at('2026-03-06 09:00'), origin: 'complaint' }), // never contacted
  step('2026-03-31 11:00', 3, 'opened', { due_at: at('2026-04-01 11:00'), score: 3 }), // an hour old

  followup('D', 7, 'day-1', '2026-02-12 09:00', 'done', '2026-02-12 15:00', { finding: 'normal' }),
  followup('D', 7, 'day-3', '2026-02-14 09:00', 'done', '2026-02-18 15:00', { finding: 'abnormal' }), // four days late
  followup('D', 7, 'day-47', '2026-03-30 09:00', 'due', null), // still open
  followup('A', 8, 'day-1', '2026-02-21 09:00', 'overdue', null),
  followup('A', 8, 'day-5', '2026-02-25 09:00', 'cancelled', null),
  followup('A', 9, 'day-1', '2026-03-16 09:00', 'done', '2026-03-15 18:00', { finding: 'normal' }), // a day early is in time

  ...(['read', 'delivered', 'sent', 'failed'] as const).map((status) =>
    plant('message', '2026-02-12 08:00', { ...of('A', 2), source: 'loop', channel: 'inbox', purpose: 'followup', template: 'reminder@1', status }),
  ),

  plant('review', '2026-02-13 20:00', { source: 'review', platform: 'weibo', kind: 'mention', sentiment: 'positive', mentions: 10, department_code: 'ORTH' }),
  plant('review', '2026-02-14 20:00', { source: 'review', platform: 'dianping', kind: 'review', sentiment: 'negative', rating: 2, department_code: 'CARD' }),
  plant('review', '2026-02-15 20:00', { source: 'review', platform: 'weibo', kind: 'article', sentiment: 'positive', mentions: 1000, is_paid: true }),
  plant('review', '2026-03-01 20:00', { source: 'review', platform: 'haodf', kind: 'review', sentiment: 'positive', rating: 5, department_code: 'CARD' }),
  plant('review', '2026-03-02 20:00', { source: 'review', platform: 'xiaohongshu', kind: 'mention', sentiment: 'neutral', mentions: 3 }),

  view('2026-03-01 10:00', 1),
  view('2026-03-01 10:05', 1),
  view('2026-03-01 10:06', 1, 'track', 'appointment-booked@1'),
  view('2026-03-01 11:00', 2),
  view('2026-03-02 10:00', 1),
  view('2026-03-02 12:00', 3, 'identify', 'identify@1'),
];
