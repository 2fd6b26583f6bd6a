/** OBX → observations. Results are amended by key: order, item and sub-id name the same one for ever. */
import type { Canonical, CanonicalValue, SourceCode } from '@xinglin/contracts';
import { Memo } from '../../kernel/index.ts';
import { isVitalSign, type ObservationCategory, readNumber, readRange, type ValueRead } from '../observation.ts';
import { sourceCode } from '../statement.ts';
import { unitOf } from '../units.ts';
import { systemOf } from './codes.ts';
import { type Context, codedOf, coding, keyOf, said, timeOf } from './context.ts';
import type { Segment } from './message.ts';

/** What the OBX lines of one order share. */
export interface ObservationGroup {
  readonly key: string;
  readonly category: ObservationCategory | null;
  readonly staff: SourceCode | null;
  readonly at: { readonly iso: string; readonly precision: Canonical['precision'] } | null;
}

/** OBX-11, table 0085. `D`: delete; `W`: was never this patient's. */
const STATUS: Readonly<Record<string, 'preliminary' | 'final' | 'corrected' | 'cancelled' | 'unknown'>> = {
  F: 'final',
  U: 'final',
  V: 'final',
  '': 'final',
  C: 'corrected',
  P: 'preliminary',
  R: 'preliminary',
  S: 'preliminary',
  I: 'preliminary',
  X: 'cancelled',
  D: 'cancelled',
  W: 'cancelled',
};

const FLAGS: readonly [RegExp, string][] = [
  [/^(HH|UU|↑↑|>)$/, 'HH'],
  [/^(LL|DD|↓↓|<)$/, 'LL'],
  [/^(H|HU|U|↑|高)$/, 'H'],
  [/^(L|LU|↓|低)$/, 'L'],
  [/^(AA)$/, 'AA'],
  [/^(A|POS|异常|阳性)$/, 'A'],
  [/^(N|NEG|正常)$/, 'N'],
];
export const flagOf = (text: string): string | null => (text === '' ? null : flags.of(text));
const flags = new Memo(100, (text) => FLAGS.find(([pattern]) => pattern.test(text.toUpperCase()))?.[1] ?? 'unknown');

const TEXTUAL = /^(TX|FT|ST|)$/;
/** Documents and images: kept in the raw zone, no observation. */
const UNREAD = /^(ED|RP|HD|EI)$/;

/** The lines of one report share item and sub-id; they are one text. */
export function readObservations(lines: readonly Segment[], group: ObservationGroup, context: Context): void {
  for (let at = 0; at < lines.length; at += 1) {
    const obx = lines[at];
    if (obx === undefined || UNREAD.test(obx.get(2))) continue;
    const more: Segment[] = [];
    if (isProse(obx)) {
      for (let next = lines[at + 1]; next !== undefined && isProse(next) && sameItem(obx, next); next = lines[at + 1]) {
        more.push(next);
        at += 1;
      }
    }
    readOne(obx, more, group, context);
  }
}
const isProse = (obx: Segment): boolean => TEXTUAL.test(obx.get(2)) && obx.get(6) === '' && readNumber(textOf(obx)) === null;
const sameItem = (a: Segment, b: Segment): boolean => a.raw(3) === b.raw(3) && a.raw(4) === b.raw(4) && a.raw(11) === b.raw(11);
const textOf = (obx: Segment): string => {
  const parts = obx.repetitions(5);
  return parts.length === 1 ? (parts[0]?.text ?? '') : parts.map((each) => each.text).join('\n');
};

function readOne(obx: Segment, more: readonly Segment[], group: ObservationGroup, { envelope, patient, draft }: Context): void {
  const code = codedOf(obx, 3);
  if (code === null) return;
  const status = STATUS[obx.get(11)] ?? 'unknown';
  const at = timeOf(obx, 14, envelope.zone) ?? group.at ?? envelope.at;
  const value = resultOf(obx, more);
  const range = readRange(obx.get(7));
  draft.add({
    fact: 'observation',
    subject: patient.subject,
    localId: keyOf('obx', group.key, code.code, obx.get(4)),
    encounterLocalId: patient.encounterLocalId,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: envelope.versionAt,
    deleted: /^[DW]$/.test(obx.get(11)),
    values: said({
      ...coding(code),
      department_code: patient.department,
      staff_code: group.staff ?? patient.staff,
      category: isVitalSign(code) ? 'vital-signs' : (group.category ?? 'other'),
      value_number: value.number,
      value_code: value.code,
      unit: value.number === null ? null : unitOf(unitText(obx)),
      reference_low: range.low,
      reference_high: range.high,
      abnormal_flag: flagOf(obx.get(8)),
      status,
    } satisfies Record<string, CanonicalValue>),
    text: value.text,
  });
}

/** `10^9/L` and `kg/m^2` are often sent unescaped: what looks like code and name is one unit then. */
function unitText(obx: Segment): string {
  const [code, name] = [obx.get(6), obx.get(6, 2)];
  return /^\d{1,2}(\/|$)/.test(name) ? `${code}^${name}` : code || name;
}

function resultOf(obx: Segment, more: readonly Segment[]): ValueRead {
  const kind = obx.get(2);
  const nothing = { number: null, code: null, text: null };
  if (kind === 'NM') {
    const number = readNumber(obx.get(5));
    return number === null
      ? { ...nothing, text: textOf(obx) || null }
      : { ...nothing, number: number.value, text: number.comparator === '' ? null : textOf(obx) };
  }
  if (kind === 'SN') {
    const [comparator, number, sign, second] = [obx.get(5, 1), readNumber(obx.get(5, 2)), obx.get(5, 3), obx.get(5, 4)];
    const text = `${comparator}${obx.get(5, 2)}${sign}${second}`;
    return { ...nothing, number: number?.value ?? null, text: comparator === '' && sign === '' && number !== null ? null : text || null };
  }
  if (/^(CE|CWE|CNE|CF|IS|ID)$/.test(kind)) {
    const coded = obx.repetitions(5)[0];
    return coded === undefined ? nothing : { ...nothing, code: sourceCode(coded.at(1), coded.at(2), systemOf(coded.at(3))) };
  }
  const text = [obx, ...more].map(textOf).join('\n').trim();
  const number = more.length === 0 && TEXTUAL.test(kind) ? readNumber(text) : null;
  return { ...nothing, number: number?.value ?? null, text: number !== null && number.comparator === '' ? null : text || null };
}
