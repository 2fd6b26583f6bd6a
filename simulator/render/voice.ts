import { dayDashed, localText } from '../calendar.ts';
import { csvLine } from '../doors/parts.ts';
import { recordOf } from '../people/records.ts';
import { shiftOf, type Voice, wardOf } from '../voice/feedback.ts';
import type { Platform } from '../voice/speak.ts';
import type { Context } from './context.ts';
import type { Scene } from './scene.ts';

const PLATFORM_NAMES: Record<Platform, string> = { weibo: '微博', douyin: '抖音', xiaohongshu: '小红书', dianping: '大众点评', haodf: '好大夫在线' };
const TOPICS: Record<string, string> = {
  registration: '挂号预约',
  wait: '候诊时间',
  doctor: '医生态度',
  skill: '诊疗效果',
  nurse: '护理服务',
  response: '响应不及时',
  environment: '环境卫生',
  signs: '指引标识',
  parking: '停车',
  cost: '收费',
  privacy: '隐私保护',
  food: '餐饮',
  exam: '检查检验',
  pharmacy: '取药',
  night: '夜间护理',
  discharge: '出院手续',
  app: '线上服务',
};

/** Survey answers, complaints and praise, and reviews, each by its own export. */
/** One line of truth per visit: what it was, and what was felt whether or not anybody was asked. */
export function sayTruth(
  context: Context,
  scene: Scene,
  at: number,
  came: { attendance: string; waitMinutes: number; ahead: number; isNamedShift: boolean },
  voice: Voice | null,
): void {
  const { visit, number } = scene;
  const ward = visit.class === 'inpatient' ? wardOf(context.world, visit) : null;
  const response = voice?.experience.scores.find(([question]) => question === 'response')?.[2] ?? '';
  const flag = (is: boolean): number => (is ? 1 : 0);
  context.say(
    'truth-visit',
    at,
    `${number},${visit.person.id},${visit.class},${scene.department},${scene.doctor},${ward?.code ?? ''},${visit.path.code},${dayDashed(visit.day)},${came.attendance},${came.waitMinutes},${came.ahead},${flag(came.isNamedShift)},${flag(ward !== null && ward.nightAnswerMinutes > 10)},${voice?.experience.overall ?? ''},${response},${flag(voice?.complaint?.kind === '投诉')}\n`,
  );
}

export function sayVoice(context: Context, scene: Scene, voice: Voice, ended: number): void {
  const { visit, number, department, departmentName, doctor } = scene;
  const { answered, complaint, review, experience } = voice;
  const aspects = experience.opinions.map(({ aspect, isGood }) => `${aspect}${isGood ? '+' : '-'}`).join(';');
  const truth = (id: string, door: string, at: number, kind: string): void =>
    context.say('truth-voice', at, `${id},${door},${visit.person.id},${kind},${experience.overall},${aspects}\n`);
  if (answered !== null && context.happens(answered.at)) {
    const who = recordOf(context.world, visit.person, 'survey');
    const survey = visit.class === 'inpatient' ? 'inpatient@1' : 'outpatient@1';
    const row = (question: string, title: string, score: number, max: number, isOverall: boolean, words: string): string =>
      csvLine([
        `Q${number.slice(1)}`,
        survey,
        answered.mode,
        who.mrn,
        who.name,
        who.phone,
        who.mrn === null ? '' : number,
        department,
        departmentName,
        doctor,
        question,
        title,
        score,
        max,
        isOverall ? '是' : '否',
        words,
        localText(answered.at),
      ]);
    let rows = '';
    for (const [question, title, score] of experience.scores) rows += row(question, title, score, 5, false, '');
    rows += row('overall', '总体满意度', experience.overall, 5, true, answered.words);
    rows += row('recommend', '推荐意愿', experience.recommend, 10, false, '');
    context.say('survey', answered.at, rows, experience.scores.length + 2);
    if (answered.words !== '') truth(`Q${number.slice(1)}`, 'survey', answered.at, 'answer');
  }
  if (complaint !== null) {
    truth(`T${number.slice(1)}`, 'complaint', complaint.at, complaint.kind);
    const who = recordOf(context.world, visit.person, 'survey');
    const closed = complaint.closedAt !== null && complaint.closedAt < context.world.cut ? localText(complaint.closedAt) : '';
    context.say(
      'complaint',
      complaint.at,
      csvLine([
        `T${number.slice(1)}`,
        complaint.kind,
        complaint.channel,
        who.mrn,
        who.name,
        who.phone,
        department,
        departmentName,
        doctor,
        TOPICS[complaint.aspect] ?? '其他',
        complaint.severity,
        shiftOf(ended).shift === 'night' ? '夜班' : '白班',
        complaint.words,
        localText(complaint.at),
        closed,
      ]),
    );
  }
  if (review !== null) {
    truth(`W${number.slice(1)}`, 'review', review.at, review.platform);
    const tone = review.rating >= 4 ? '正面' : review.rating <= 2 ? '负面' : '中性';
    context.say(
      'review',
      review.at,
      csvLine([
        `W${number.slice(1)}`,
        PLATFORM_NAMES[review.platform],
        '评价',
        scene.identity.nickname,
        department,
        departmentName,
        review.platform === 'haodf' ? doctor : '',
        review.rating,
        tone,
        1,
        '否',
        review.words,
        localText(review.at),
      ]),
    );
  }
}
