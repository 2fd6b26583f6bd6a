import type { Bilingual } from '@xinglin/contracts/api.ts';
import { stepOf } from '../plans/templates/index.ts';
import type { TaskRow } from './task.sql.ts';

const WORDS: Readonly<Record<string, Bilingual>> = {
  due: { zh: '到应访日', en: 'due' },
  overdue: { zh: '已逾期', en: 'overdue' },
  sent: { zh: '消息已发出', en: 'message sent' },
  failed: { zh: '消息未能发出', en: 'message could not be sent' },
  skipped: { zh: '消息未发', en: 'message not sent' },
  read: { zh: '患者已阅读', en: 'read by the patient' },
  'no-answer': { zh: '电话未接通', en: 'no answer' },
  'no-answer-too-soon': { zh: '电话未接通（距上次不足 2 小时，不计次数）', en: 'no answer (less than two hours after the last call, not counted)' },
  unreachable: { zh: '不同时间三次未接通，登记为未接通', en: 'three calls at different times without an answer' },
  refused: { zh: '患者不接受随访', en: 'follow-up refused' },
  cancelled: { zh: '已取消', en: 'cancelled' },
  done: { zh: '已完成', en: 'done' },
};

const REASONS: Readonly<Record<string, Bilingual>> = {
  'discharge-taken-back': { zh: '出院已撤回', en: 'the discharge was taken back' },
  died: { zh: '患者已故', en: 'the patient has died' },
  deceased: { zh: '患者已故', en: 'the patient has died' },
  'no-consent': { zh: '没有随访授权', en: 'no consent for follow-up' },
  withdrawn: { zh: '患者撤回了随访授权', en: 'consent for follow-up was withdrawn' },
  'minor-without-guardian': { zh: '不满 14 岁，缺监护人授权', en: 'under 14 without a guardian’s consent' },
  restricted: { zh: '档案已限制使用', en: 'the record is restricted' },
  'unknown-person': { zh: '找不到对应的患者', en: 'no person for this record' },
};

const FINDINGS: Readonly<Record<string, Bilingual>> = {
  normal: { zh: '结果正常', en: 'normal' },
  abnormal: { zh: '结果异常', en: 'abnormal' },
};

/** One line of a task's history in both languages. */
export function historyWords(task: TaskRow, what: string, detail: Record<string, unknown>): Bilingual {
  const parts = [WORDS[what] ?? { zh: what, en: what }, REASONS[String(detail['why'] ?? '')], FINDINGS[String(detail['finding'] ?? '')]].filter(
    (part) => part !== undefined,
  );
  const abnormal = questionWords(task.template, task.step, (detail['questions'] ?? []) as string[]);
  return {
    zh: parts.map((part) => part.zh).join('，') + (abnormal.length > 0 ? `：${abnormal.map((text) => text.zh).join('；')}` : ''),
    en: parts.map((part) => part.en).join(', ') + (abnormal.length > 0 ? `: ${abnormal.map((text) => text.en).join('; ')}` : ''),
  };
}

/** The questions named, in the words of their template. */
export const questionWords = (template: string, step: string, ids: readonly string[]): Bilingual[] =>
  stepOf(template, step)
    .questions.filter((question) => ids.includes(question.id))
    .map((question) => question.text);
