import type { FactName } from '@xinglin/contracts';
import type { Bilingual, TimelineEntry } from '@xinglin/contracts/api.ts';
import { localDay } from '../../kernel/index.ts';
import { labelOf } from '../labels.ts';
import type { Line } from './timeline.sql.ts';

/** Dictionary look-ups; a code without a name stands for itself. */
export interface Names {
  readonly department: (code: string | null) => Bilingual;
  readonly item: (code: string | null, line: Line) => Bilingual;
  readonly disease: (code: string | null, line: Line) => Bilingual;
}
type Tone = TimelineEntry['tone'];
interface Told {
  readonly title: Bilingual;
  readonly detail: Bilingual | null;
  readonly tone: Tone;
}

/** A fact as one line: what, how much, and whether it calls for attention. */
export function timelineEntry(line: Line, names: Names, timeZone: string): TimelineEntry {
  const told = (TELL[line.fact] ?? plain)(line, names, timeZone);
  return {
    factKey: line.fact_key,
    fact: line.fact,
    occurredAt: line.occurred_at.toISOString(),
    day: line.day,
    precision: line.time_precision ?? 'second',
    ...told,
    department: line.department === null ? null : names.department(line.department),
    source: line.source,
    hasText: line.has_text,
  };
}

const both = (text: string): Bilingual => ({ zh: text, en: text });
/** Parts that are there, joined; null when none is. */
function joined(parts: readonly (Bilingual | null)[], between: Bilingual = { zh: ' · ', en: ' · ' }): Bilingual | null {
  const there = parts.filter((part) => part !== null);
  return there.length === 0 ? null : { zh: there.map((part) => part.zh).join(between.zh), en: there.map((part) => part.en).join(between.en) };
}
const named = (prefix: Bilingual, name: Bilingual): Bilingual => ({ zh: `${prefix.zh}：${name.zh}`, en: `${prefix.en}: ${name.en}` });
const word = (code: string | null): Bilingual | null => (code === null || code === 'unknown' || code === 'none' ? null : labelOf(code));
const capital = ({ zh, en }: Bilingual): Bilingual => ({ zh, en: en.charAt(0).toUpperCase() + en.slice(1) });
const figure = (value: number): string => String(Math.round(value * 1e6) / 1e6);

const FLAGS: Readonly<Record<string, { word: Bilingual; tone: Tone }>> = {
  LL: { word: { zh: '危急低值', en: 'critically low' }, tone: 'bad' },
  HH: { word: { zh: '危急高值', en: 'critically high' }, tone: 'bad' },
  AA: { word: { zh: '严重异常', en: 'very abnormal' }, tone: 'bad' },
  L: { word: { zh: '偏低', en: 'low' }, tone: 'watch' },
  H: { word: { zh: '偏高', en: 'high' }, tone: 'watch' },
  A: { word: { zh: '异常', en: 'abnormal' }, tone: 'watch' },
};

/** Below 4 of 5 (4.0 is not), 6 or less of 10: what opens a call-back. */
export const isLowScore = (score: number, scoreMax: number): boolean => (scoreMax === 10 ? score <= 6 : score * 5 < 4 * scoreMax);

function range({ low, high }: Line): Bilingual | null {
  if (low === null && high === null) return null;
  const text = low === null ? `≤ ${figure(high ?? 0)}` : high === null ? `≥ ${figure(low)}` : `${figure(low)}–${figure(high)}`;
  return { zh: `参考 ${text}`, en: `reference ${text}` };
}
/** Units of UCUM as people print them; the others are printed as they are written. */
const PRINTED: Readonly<Record<string, Bilingual>> = {
  Cel: both('℃'),
  'mm[Hg]': both('mmHg'),
  'kg/m2': both('kg/m²'),
  '/min': { zh: '次/分', en: '/min' },
  '{beats}/min': { zh: '次/分', en: '/min' },
  '10*9/L': both('×10⁹/L'),
  '10*12/L': both('×10¹²/L'),
  d: { zh: '天', en: 'd' },
  h: { zh: '小时', en: 'h' },
};
function quantity({ amount, unit }: Line): Bilingual | null {
  if (amount === null) return null;
  const { zh, en } = unit === null ? both('') : (PRINTED[unit] ?? both(unit));
  return { zh: `${figure(amount)} ${zh}`.trimEnd(), en: `${figure(amount)} ${en}`.trimEnd() };
}
const dayOf = (at: Date | null, timeZone: string): string | null => (at === null ? null : localDay(at, timeZone));

const plain = (line: Line): Told => ({ title: both(line.fact), detail: null, tone: 'none' });

const TELL: Partial<Record<FactName, (line: Line, names: Names, timeZone: string) => Told>> = {
  encounter: (line, names, timeZone) => {
    const until = dayOf(line.until, timeZone);
    return {
      title: capital(word(line.kind) ?? { zh: '就诊', en: 'encounter' }),
      detail: joined([
        line.code === null ? null : names.disease(line.code, line),
        line.extra === null ? null : named({ zh: '手术', en: 'surgery' }, names.item(line.extra, line)),
        line.status === 'finished' ? null : word(line.status),
        until === null || until === line.day ? null : { zh: `至 ${until}`, en: `until ${until}` },
        line.flag === null || line.flag === 'home' ? null : word(line.flag),
      ]),
      tone: line.flag === 'died' ? 'bad' : 'none',
    };
  },
  condition: (line, names) => ({
    title: named({ zh: '诊断', en: 'Diagnosis' }, names.disease(line.code, line)),
    detail: joined([line.amount === 1 ? { zh: '主要诊断', en: 'principal' } : null, line.code === null ? null : both(line.code)]),
    tone: 'none',
  }),
  observation: (line, names) => {
    const flag = line.flag === null ? undefined : FLAGS[line.flag];
    return {
      title: line.code === null ? capital(word(line.kind) ?? { zh: '检查检验', en: 'observation' }) : names.item(line.code, line),
      detail: joined([
        quantity(line) ?? (line.extra === null ? null : names.item(line.extra, line)),
        flag?.word ?? null,
        range(line),
        line.status === 'cancelled' || line.status === 'preliminary' || line.status === 'corrected' ? STATUS_OF_RESULT[line.status] : null,
      ]),
      tone: flag?.tone ?? 'none',
    };
  },
  procedure: (line, names) => ({
    title: named(capital(word(line.kind) ?? { zh: '操作', en: 'procedure' }), names.item(line.code, line)),
    detail: word(line.status),
    tone: 'none',
  }),
  medication: (line, names) => ({
    title: named(capital(word(line.kind) ?? { zh: '用药', en: 'medication' }), names.item(line.code, line)),
    detail: joined([quantity(line), word(line.status)]),
    tone: 'none',
  }),
  charge: (line, names) => ({
    title: named({ zh: '费用', en: 'Charge' }, line.code === null ? (word(line.kind) ?? NOT_NAMED) : names.item(line.code, line)),
    detail: joined([word(line.kind), line.amount === null ? null : both(`¥${(line.amount / 100).toFixed(2)}`)]),
    tone: 'none',
  }),
  appointment: (line, _names, timeZone) => {
    const slot = dayOf(line.until, timeZone);
    return {
      title: { zh: '预约', en: 'Booking' },
      detail: joined([word(line.status), slot === null ? null : { zh: `就诊日 ${slot}`, en: `for ${slot}` }, word(line.kind)]),
      tone: line.status === 'noshow' ? 'watch' : 'none',
    };
  },
  event: (line) => ({
    title: line.kind === 'track' && line.code !== null ? both(line.code) : capital(word(line.kind) ?? { zh: '线上行为', en: 'online event' }),
    detail: joined([line.extra === null ? null : both(line.extra), line.flag === null ? null : labelOf(line.flag)]),
    tone: 'none',
  }),
  survey_answer: (line) => ({
    title: line.extra?.startsWith('rerating@') === true ? { zh: '问卷复评', en: 'Re-rating' } : { zh: '满意度问卷', en: 'Survey answer' },
    detail: joined([
      line.flag === 'overall' ? { zh: '总体满意度', en: 'overall' } : line.code === null ? null : both(line.code),
      line.amount === null ? null : both(`${figure(line.amount)}/${figure(line.high ?? 5)}`),
      word(line.kind),
    ]),
    tone: line.amount !== null && isLowScore(line.amount, line.high ?? 5) ? 'bad' : 'none',
  }),
  review: (line) => ({
    title: named({ zh: '网络评价', en: 'Review' }, word(line.kind) ?? NOT_NAMED),
    detail: joined([word(line.status), line.amount === null ? null : both(`${figure(line.amount)}/5`)]),
    tone: line.status === 'negative' ? 'bad' : line.status === 'positive' ? 'good' : 'none',
  }),
  complaint: (line) => ({
    title: capital(word(line.kind) ?? { zh: '投诉', en: 'complaint' }),
    detail: joined([
      line.code === null ? null : labelOf(line.code),
      line.kind === 'complaint' ? word(line.status) : null,
      line.kind === 'complaint' && line.until !== null ? { zh: '已办结', en: 'closed' } : null,
    ]),
    tone: line.kind === 'complaint' ? 'bad' : line.kind === 'praise' ? 'good' : 'none',
  }),
  message: (line) => ({
    title: named({ zh: '消息', en: 'Message' }, word(line.extra) ?? both(line.code ?? '')),
    detail: joined([word(line.kind), word(line.status)]),
    tone: line.status === 'failed' ? 'watch' : 'none',
  }),
  followup: (line, _names, timeZone) => {
    const due = dayOf(line.until, timeZone);
    return {
      title: named({ zh: '随访', en: 'Follow-up' }, both(line.extra ?? line.code ?? '')),
      detail: joined([
        word(line.status),
        due === null ? null : { zh: `应访 ${due}`, en: `due ${due}` },
        word(line.kind),
        line.status === 'done' && line.flag === 'abnormal' ? { zh: '发现异常', en: 'abnormal finding' } : null,
      ]),
      tone: line.flag === 'abnormal' ? 'bad' : line.status === 'overdue' || line.status === 'unreachable' ? 'watch' : 'none',
    };
  },
  case_event: (line) => ({
    title: named({ zh: '回访工单', en: 'Case' }, word(line.status) ?? NOT_NAMED),
    detail: joined([word(line.kind), line.amount === null ? null : { zh: `评分 ${figure(line.amount)}`, en: `score ${figure(line.amount)}` }]),
    tone: line.status === 'escalated' ? 'bad' : 'none',
  }),
};

const NOT_NAMED: Bilingual = { zh: '未注明', en: 'not named' };
const STATUS_OF_RESULT = {
  preliminary: { zh: '初步报告', en: 'preliminary' },
  corrected: { zh: '已更正', en: 'corrected' },
  cancelled: { zh: '已撤销', en: 'cancelled' },
} as const;
