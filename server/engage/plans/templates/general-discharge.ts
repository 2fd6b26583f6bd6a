import { choice, number, type PlanTemplate, words, yesNo } from './types.ts';

const alarm = [
  yesNo(
    'emergency-signs',
    {
      zh: '现在有没有胸痛、喘不上气、大量出血、神志不清，或一侧手脚突然没力气？',
      en: 'Right now, any chest pain, trouble breathing, heavy bleeding, confusion, or sudden weakness of one arm or leg?',
    },
    '= yes',
    'emergency',
  ),
  number(
    'temperature',
    { zh: '这两天量过的最高体温是多少？（℃）', en: 'The highest temperature in the last two days? (°C)' },
    { min: 34, max: 43, unit: '℃' },
    '>= 38.5',
    'within-24h',
  ),
];
const change = choice(
  'compared',
  { zh: '和出院那天比，现在觉得怎么样？', en: 'Compared with the day of discharge, how is it now?' },
  [
    { zh: '好多了', en: 'much better' },
    { zh: '好一些', en: 'a little better' },
    { zh: '差不多', en: 'about the same' },
    { zh: '更差了', en: 'worse' },
  ],
  'in 3',
  'same-day',
);

const opening = {
  zh: '您好，我是{hospital}{department}的随访护士。您出院后我们想了解一下恢复情况，大约三分钟，现在方便吗？',
  en: 'Hello, I am a follow-up nurse of {department}, {hospital}. We would like to know how you are since you went home. It takes about three minutes; is now a good time?',
};

export const generalDischarge: PlanTemplate = {
  id: 'general-discharge',
  edition: 1,
  name: { zh: '出院常规随访', en: 'General follow-up after discharge' },
  source: {
    zh: '医院常规：出院一周内首访，一个月内再访（改善就医感受评估指标“出院患者随访比例”的口径）',
    en: 'Hospital practice: first contact within a week of discharge, again within a month (as counted by the national patient-experience indicators)',
  },
  approver: { zh: '护理部', en: 'Nursing department' },
  fits: { surgery: null, disease: null, department: null },
  priority: 0,
  anchor: 'discharge',
  startWindowDays: 7,
  steps: [
    {
      id: 'day-3',
      name: { zh: '出院第 3 天电话随访', en: 'Call on day 3 after discharge' },
      day: 3,
      windowDays: 2,
      mode: 'phone',
      script: opening,
      questions: [
        ...alarm,
        change,
        yesNo('medicine-taken', { zh: '医生交代的药有没有按时用？', en: 'Are you taking the medicines as the doctor told you?' }, '= no', 'within-24h'),
        yesNo('instructions-clear', { zh: '出院时交代的注意事项都清楚吗？', en: 'Were the instructions at discharge clear to you?' }, '= no', 'within-24h'),
        words('other', { zh: '还有什么想问或想说的？', en: 'Is there anything you would like to ask or tell us?' }),
      ],
      message: null,
    },
    {
      id: 'day-7',
      name: { zh: '出院一周提醒', en: 'Reminder a week after discharge' },
      day: 7,
      windowDays: 5,
      mode: 'inbox',
      script: {
        zh: '这一步由患者在消息中阅读。逾期未读的，请电话确认对方是否收到，并询问恢复情况。',
        en: 'The patient reads this one in the inbox. When it stays unread, please call, ask whether it arrived and how they are.',
      },
      questions: [...alarm, change],
      message: {
        zh: '您出院一周了。请按出院时交代的时间复诊，按时用药，不要自己停药。如果出现胸痛、喘不上气、大量出血、神志不清，请立即拨打 120；如果发热到 38.5℃ 以上，或比出院时更难受，请当天联系我们或到医院就诊。',
        en: 'It is a week since you went home. Please keep the return visit you were given and take your medicines as told; do not stop them by yourself. With chest pain, trouble breathing, heavy bleeding or confusion, call 120 at once. With a fever of 38.5 °C or more, or if you feel worse than at discharge, contact us or come in the same day.',
      },
    },
    {
      id: 'day-30',
      name: { zh: '出院满月电话随访', en: 'Call a month after discharge' },
      day: 30,
      windowDays: 5,
      mode: 'phone',
      script: opening,
      questions: [
        ...alarm,
        change,
        yesNo('revisit-done', { zh: '医生约的复诊去了吗？', en: 'Did you keep the return visit you were given?' }, '= no', 'within-24h'),
        yesNo(
          'readmitted',
          { zh: '这一个月有没有因为同样的问题再去住院？', en: 'In this month, were you in hospital again for the same problem?' },
          '= yes',
          'within-24h',
        ),
        words('other', { zh: '还有什么想问或想说的？', en: 'Is there anything you would like to ask or tell us?' }),
      ],
      message: null,
    },
  ],
};
