/** What radiologists and ward doctors write. Short, plain, and drawn from the illness, so that text says nothing the codes do not. */
import type { Exam } from '../health/items.ts';
import type { Visit } from '../health/plan.ts';
import type { Random } from '../random.ts';
import { Grammar } from './grammar.ts';

const grammar = new Grammar({
  CT: [
    '{where}平扫：{place}。{finding}。[未见明确异常密度影|其余未见特殊|纵隔居中，结构清楚]。',
    '扫描[范围内|所见]{place}，{finding}。建议[结合临床|随诊复查|必要时增强扫描]。',
  ],
  MR: ['{where}磁共振：{place}，{finding}。[信号未见明显异常|余结构未见特殊]。', '[多序列扫描|平扫]示{finding}，{place}。[请结合临床|建议对比旧片]。'],
  US: [
    '{where}：{place}，回声[均匀|稍增粗]，{finding}。CDFI：[未见异常血流信号|血流信号正常]。',
    '[切面所见|超声所见]：{finding}。{place}。[建议复查|定期随访]。',
  ],
  DX: ['{where}：{place}。{finding}。[骨质完整|未见明确骨折征象|关节间隙可]。', '{finding}，{place}。请结合[临床|查体]。'],
  ES: ['进镜[顺利|尚顺利]，{place}。{finding}。[未取活检|取活检2块送检]。', '{finding}；{place}。建议[规律用药|三个月后复查]。'],
  normal: ['未见明显异常', '大致正常', '形态、大小正常', '未见占位性病变', '表面光滑'],
  mild: [
    '[可见|见]少许[条索影|慢性炎性改变]',
    '[轻度|局限性]退行性改变',
    '[散在|单发]小结节，直径约[3|4|5|6|8]mm',
    '黏膜[轻度充血|红白相间]',
    '[少量|微量]积液',
  ],
  clear: ['符合{illness}表现', '考虑{illness}', '{illness}，较前[相仿|略有好转|稍进展]'],
  summary: [
    '患者因“{illness}”入院。入院后完善相关检查，予[对症支持|规范]治疗，{course}。{operation}现一般情况[可|良好]，准予出院。出院医嘱：[注意休息|低盐低脂饮食|清淡饮食]；{drug}[按时服用|遵医嘱用药]；[一周|两周|一个月]后{dept}门诊复查；不适随诊。',
    '主诉：{illness}。诊疗经过：[积极治疗后|经治疗]{course}。{operation}出院情况：[生命体征平稳|精神食欲好]，[无特殊不适|伤口愈合可]。嘱：{drug}继续使用，[门诊随访|电话随访]，[避免劳累|适当活动]。',
  ],
  course: ['症状明显缓解', '病情稳定', '恢复顺利', '各项指标[好转|恢复至正常范围]'],
});

export function imagingWords(random: Random, exam: Exam, visit: Visit): string {
  const finding = random.chance(0.35) ? 'clear' : random.chance(0.5) ? 'mild' : 'normal';
  const slots = { where: exam.nameZh.replace(/(平扫|磁共振|彩超|检查)/g, ''), illness: visit.path.nameZh };
  return grammar.say(exam.modality, random, { ...slots, place: grammar.say('normal', random), finding: grammar.say(finding, random, slots) });
}

export function summaryWords(random: Random, visit: Visit, dept: string, operation: string, drug: string): string {
  const done = operation === '' ? '' : `于入院后行${operation}，术程顺利。`;
  return grammar.say('summary', random, { illness: visit.path.nameZh, dept, operation: done, drug });
}
