import { dayDashed, localText } from '../calendar.ts';
import { csvLine } from '../doors/parts.ts';
import { xlsxLine } from '../doors/xlsx.ts';
import { recordOf } from '../people/records.ts';
import { shiftOf, type Voice, wardOf } from '../voice/feedback.ts';
import type { Context } from './context.ts';
import type { Scene } from './scene.ts';

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
      xlsxLine([
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
    context.say(review.platform, review.at, reviewLine(scene, review, tone));
  }
}

const HAODF: Readonly<Record<number, string>> = { 1: '很不满意', 2: '不满意', 3: '一般', 4: '满意', 5: '很满意' };
const PURPOSES = ['诊断', '治疗', '复查', '咨询问题'];
const PLACES = ['浙江', '江苏', '上海', '安徽', '江西'];

/** A review in the columns of the platform it stands on (doors/desk-headers.ts). Counts of likes follow from its number. */
function reviewLine(scene: Scene, { platform, rating, words, at }: NonNullable<Voice['review']>, tone: string): string {
  const { department, departmentName, doctor, doctorName, identity, visit } = scene;
  const id = `W${scene.number.slice(1)}`;
  const likes = (visit.person.id * 7919 + visit.ordinal * 104_729) % 61;
  const about = [tone, department, departmentName];
  const title = words.replace(/^[^\p{L}]+/u, '').slice(0, 12);
  switch (platform) {
    case 'weibo':
      return csvLine([id, identity.nickname, words, likes % 5, likes % 9, likes, ...about, localText(at)]);
    case 'douyin':
      return csvLine([id, `${departmentName}科普`, identity.nickname, words, likes, PLACES[likes % PLACES.length], ...about, localText(at)]);
    case 'xiaohongshu':
      return csvLine([id, title, identity.nickname, words, likes, likes % 17, ...about, localText(at)]);
    case 'dianping':
      return csvLine([id, identity.nickname, rating.toFixed(1), rating, rating, words, department, departmentName, '', localText(at)]);
    case 'haodf':
      return csvLine([
        id,
        `${identity.name.full.slice(0, 1)}**`,
        visit.path.nameZh,
        department,
        departmentName,
        doctor,
        doctorName,
        PURPOSES[likes % PURPOSES.length],
        HAODF[rating],
        HAODF[Math.min(5, rating + (likes % 2))],
        words,
        localText(at),
      ]);
  }
}
