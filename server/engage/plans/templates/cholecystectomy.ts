import { number, type PlanStep, type PlanTemplate, type Question, words, yesNo } from './types.ts';

const alarm: readonly Question[] = [
  yesNo(
    'emergency-signs',
    {
      zh: '有没有胸痛、喘不上气、呕血、便血，或肚子剧烈疼痛、硬得像板？',
      en: 'Any chest pain, breathlessness, vomiting or passing blood, or a belly that hurts terribly and feels hard as a board?',
    },
    '= yes',
    'emergency',
  ),
  yesNo('jaundice', { zh: '眼白或皮肤有没有发黄，小便像浓茶？', en: 'Have the eyes or skin turned yellow, or is the urine dark as tea?' }, '= yes', 'same-day'),
  number(
    'temperature',
    { zh: '今天量过的最高体温是多少？（℃）', en: 'The highest temperature today? (°C)' },
    { min: 34, max: 43, unit: '℃' },
    '>= 38.5',
    'same-day',
  ),
  yesNo('wound-signs', { zh: '伤口有没有渗液、流脓，或越来越红肿？', en: 'Is a wound leaking or growing redder and swollen?' }, '= yes', 'within-24h'),
];
const eating = yesNo('eating', { zh: '吃东西、喝水顺利吗？', en: 'Can you eat and drink without trouble?' }, '= no', 'within-24h');
const other = words('other', { zh: '还有什么想问或想说的？', en: 'Is there anything you would like to ask or tell us?' });
const script = {
  zh: '您好，我是{hospital}{department}的随访护士，想了解一下您胆囊手术后回家的情况，大约三分钟，现在方便吗？',
  en: 'Hello, I am a follow-up nurse of {department}, {hospital}. I would like to know how you are at home after your gallbladder operation; it takes about three minutes. Is now a good time?',
};
const call = (day: number, windowDays: number, questions: readonly Question[]): PlanStep => ({
  id: `day-${day}`,
  name: { zh: `出院第 ${day} 天电话随访`, en: `Call on day ${day} after discharge` },
  day,
  windowDays,
  mode: 'phone',
  script,
  questions: [...alarm, ...questions, other],
  message: null,
});

export const cholecystectomy: PlanTemplate = {
  id: 'cholecystectomy',
  edition: 1,
  name: { zh: '胆囊切除术后随访', en: 'Follow-up after gallbladder removal' },
  source: {
    zh: '病区常用做法：出院后第 1、3、7 天；报警症状参照出院告知，须本院核准',
    en: 'Common ward practice: days 1, 3 and 7 after discharge; alarm signs as in the discharge notes; needs local approval',
  },
  approver: { zh: '普外科（肝胆）', en: 'General surgery (hepatobiliary)' },
  fits: { surgery: ['51.22', '51.23'], disease: null, department: null },
  priority: 100,
  anchor: 'discharge',
  startWindowDays: 3,
  steps: [
    call(1, 1, [eating]),
    call(3, 2, [eating]),
    call(7, 2, [
      eating,
      yesNo('pathology-known', { zh: '病理报告的结果知道了吗？', en: 'Do you know the result of the tissue report?' }, '= no', 'within-24h'),
    ]),
  ],
};
