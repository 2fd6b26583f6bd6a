import { choice, number, type PlanStep, type PlanTemplate, type Question, words, yesNo } from './types.ts';

/** Asked at every call. Order matters: what cannot wait comes first (DOMAIN E6, emergency line). */
const alarm: readonly Question[] = [
  yesNo('lung-signs', { zh: '有没有胸痛、突然喘不上气，或咳出血？', en: 'Any chest pain, sudden breathlessness, or coughing up blood?' }, '= yes', 'emergency'),
  yesNo(
    'fall-deformity',
    { zh: '有没有摔倒后腿变形、不能站？', en: 'Any fall after which the leg looks out of shape or cannot bear you?' },
    '= yes',
    'emergency',
  ),
  yesNo('calf-signs', { zh: '有没有一侧小腿又胀又痛、明显肿起来？', en: 'Is one calf tight, painful and clearly swollen?' }, '= yes', 'same-day'),
  yesNo('extension-lost', { zh: '有没有突然伸不直膝盖？', en: 'Has the knee suddenly stopped straightening?' }, '= yes', 'same-day'),
  number(
    'temperature',
    { zh: '这两天量过的最高体温是多少？（℃）', en: 'The highest temperature in the last two days? (°C)' },
    { min: 34, max: 43, unit: '℃' },
    '>= 38.5',
    'within-24h',
  ),
  yesNo(
    'wound-signs',
    {
      zh: '伤口有没有渗液、流脓，或红肿疼痛一天比一天重？',
      en: 'Is the wound leaking, or are redness, swelling or pain growing day by day?',
    },
    '= yes',
    'within-24h',
  ),
];

const pain = number(
  'pain',
  { zh: '现在走动时有多痛？0 分不痛，10 分最痛。', en: 'How strong is the pain when you move? 0 is none, 10 the worst.' },
  { min: 0, max: 10, unit: '/10' },
  '>= 7',
  'within-24h',
);
/** A range to look at, not a mark to pass: sources disagree on when 120° is reached. Only the review line at six weeks is a rule. */
const flexion = (expected: { zh: string; en: string }, abnormalWhen: string | null): Question =>
  number(
    'flexion',
    {
      zh: `膝盖最多能弯到多少度？（${expected.zh}；每个人快慢不同）`,
      en: `How far does the knee bend, in degrees? (${expected.en}; everyone has their own pace)`,
    },
    { min: 0, max: 160, unit: '°' },
    abnormalWhen,
    'within-24h',
  );
const walking = choice(
  'walking',
  { zh: '现在走路靠什么？', en: 'What do you walk with now?' },
  [
    { zh: '不用辅助', en: 'nothing' },
    { zh: '拐杖', en: 'a cane' },
    { zh: '助行器', en: 'a walker' },
    { zh: '还不能下地', en: 'not out of bed yet' },
  ],
  'in 3',
  'within-24h',
);
const givingWay = yesNo(
  'giving-way',
  { zh: '走路时膝盖有没有突然发软、打软腿？', en: 'Does the knee suddenly give way when you walk?' },
  '= yes',
  'within-24h',
);
const other = words('other', { zh: '还有什么想问或想说的？', en: 'Is there anything you would like to ask or tell us?' });

const script = (stage: { zh: string; en: string }) => ({
  zh: `您好，我是{hospital}{department}的随访护士，想了解一下您膝关节手术后的恢复情况，大约五分钟，现在方便吗？\n本阶段要点：${stage.zh}`,
  en: `Hello, I am a follow-up nurse of {department}, {hospital}. I would like to know how you are after your knee operation; it takes about five minutes. Is now a good time?\nIn this stage: ${stage.en}`,
});
const call = (
  id: string,
  day: number,
  windowDays: number,
  name: PlanStep['name'],
  stage: { zh: string; en: string },
  questions: readonly Question[],
): PlanStep => ({
  id,
  name,
  day,
  windowDays,
  mode: 'phone',
  script: script(stage),
  questions: [...alarm, ...questions, other],
  message: null,
});

export const totalKneeReplacement: PlanTemplate = {
  id: 'total-knee-replacement',
  edition: 1,
  name: { zh: '全膝关节置换术后分阶段随访', en: 'Staged follow-up after total knee replacement' },
  source: {
    zh: '《全膝关节置换围手术期康复干预中国专家共识》与 2024 年加速康复共识；各阶段天数为病区常用做法，须本院核准',
    en: 'Chinese expert consensus on rehabilitation around total knee replacement, and the 2024 enhanced-recovery consensus; the day ranges are common ward practice and need local approval',
  },
  approver: { zh: '骨科（关节外科）与康复医学科', en: 'Orthopaedics (joint surgery) and rehabilitation medicine' },
  fits: { surgery: ['81.54'], disease: null, department: null },
  priority: 100,
  anchor: 'surgery',
  startWindowDays: 14,
  steps: [
    call(
      'day-7',
      7,
      2,
      { zh: '术后 1 周电话（4–14 天阶段）', en: 'Call a week after surgery (stage 4–14 days)' },
      {
        zh: '弯曲逐步接近 90°，练直腿抬高，用助行器走；看伤口，两周左右拆线。',
        en: 'bending moves toward 90°, straight-leg raises, walking with a walker; look at the wound, stitches out at about two weeks.',
      },
      [pain, flexion({ zh: '这一阶段多数人逐步接近 90°', en: 'most come near 90° in this stage' }, null), walking],
    ),
    call(
      'day-14',
      14,
      2,
      { zh: '术后 2 周电话（拆线前后）', en: 'Call two weeks after surgery (about stitches)' },
      {
        zh: '伤口和拆线情况，继续练伸直与弯曲。',
        en: 'the wound and the stitches; keep practising both straightening and bending.',
      },
      [pain, flexion({ zh: '多数人在 90° 上下', en: 'about 90° for most' }, null), walking],
    ),
    {
      id: 'day-28',
      name: { zh: '术后 4 周锻炼提醒（2–6 周阶段）', en: 'Exercise reminder four weeks after surgery (stage 2–6 weeks)' },
      day: 28,
      windowDays: 5,
      mode: 'inbox',
      script: {
        zh: '这一步由患者在消息中阅读。逾期未读的，请电话确认对方是否收到，并按上次的问题询问。',
        en: 'The patient reads this one in the inbox. When it stays unread, please call, ask whether it arrived and go through the questions of the last call.',
      },
      questions: [...alarm, pain, walking, other],
      message: {
        zh: '手术后四周了。这段时间多数人从助行器换成拐杖，弯曲从 90° 慢慢增加，每个人快慢不同，不要硬压。请按康复师教的动作每天练。如果胸痛、喘不上气、咳血，或摔倒后腿变形，请立即拨打 120；一侧小腿又胀又痛，请当天到医院；发热到 38.5℃ 以上，或伤口渗液、红肿越来越重，请一天内联系我们。',
        en: 'It is four weeks since your operation. In this time most people change from a walker to a cane and bend a little further than 90°; everyone has their own pace, so do not force it. Please do the exercises you were shown every day. With chest pain, breathlessness, coughing blood, or a fall that leaves the leg out of shape, call 120 at once. If one calf becomes tight and painful, come in the same day. With a fever of 38.5 °C or more, or a wound that leaks or grows redder, contact us within a day.',
      },
    },
    call(
      'day-42',
      42,
      4,
      { zh: '术后 6 周电话（复查评估）', en: 'Call six weeks after surgery (review)' },
      {
        zh: '弯曲多在 90–120° 之间；不到 90° 请安排门诊复查；6 周拍片复查。',
        en: 'bending is between 90 and 120° for most; below 90° please arrange a clinic review; X-ray at six weeks.',
      },
      [
        pain,
        flexion({ zh: '多数人在 90–120° 之间', en: 'between 90 and 120° for most' }, '< 90'),
        walking,
        yesNo('xray-6w', { zh: '6 周的复查拍片做了或约好了吗？', en: 'Is the six-week X-ray done or booked?' }, '= no', 'within-24h'),
      ],
    ),
    call(
      'day-84',
      84,
      7,
      { zh: '术后 12 周电话（6–12 周阶段）', en: 'Call twelve weeks after surgery (stage 6–12 weeks)' },
      { zh: '力量、平衡、上下楼、步态；留意肿胀和打软腿。', en: 'strength, balance, stairs, gait; watch for swelling and giving way.' },
      [
        pain,
        flexion({ zh: '供参考，与 6 周时比较', en: 'for reference; compare with six weeks' }, null),
        givingWay,
        yesNo('xray-3m', { zh: '3 个月的复查拍片做了或约好了吗？', en: 'Is the three-month X-ray done or booked?' }, '= no', 'within-24h'),
      ],
    ),
    {
      id: 'day-180',
      name: { zh: '术后半年提醒（3–12 月阶段）', en: 'Reminder half a year after surgery (stage 3–12 months)' },
      day: 180,
      windowDays: 14,
      mode: 'inbox',
      script: {
        zh: '这一步由患者在消息中阅读。逾期未读的，请电话确认对方是否收到，并询问恢复情况。',
        en: 'The patient reads this one in the inbox. When it stays unread, please call, ask whether it arrived and how they are.',
      },
      questions: [...alarm, pain, givingWay, other],
      message: {
        zh: '手术后半年了。散步、游泳、骑车这类活动对膝盖温和，跑、跳、深蹲跪地请尽量避免。如果膝盖又肿又热、突然伸不直，或发热到 38.5℃ 以上，请尽快联系我们；胸痛、喘不上气请立即拨打 120。满一年时请来院拍片复查。',
        en: 'It is half a year since your operation. Walking, swimming and cycling are gentle on the knee; please avoid running, jumping and deep kneeling. If the knee becomes swollen and hot or suddenly will not straighten, or with a fever of 38.5 °C or more, contact us soon; with chest pain or breathlessness call 120 at once. Please come for an X-ray when the year is full.',
      },
    },
    call(
      'day-365',
      365,
      14,
      { zh: '术后 1 年电话', en: 'Call a year after surgery' },
      { zh: '日常活动、满一年拍片复查。', en: 'daily activities, X-ray at one year.' },
      [pain, givingWay, yesNo('xray-12m', { zh: '满一年的复查拍片做了或约好了吗？', en: 'Is the one-year X-ray done or booked?' }, '= no', 'within-24h')],
    ),
  ],
};
