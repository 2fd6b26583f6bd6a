/**
 * How a model does on pairs people decided. One act is one label, however many records it touched, and only acts that stand count. No model is
 * trained on them, so they may judge it.
 */
import type { LabelFigures } from '@xinglin/contracts/api.ts';
import type { Platform } from '../../../platform/index.ts';
import { compareRecords, type LinkModel } from '../linkage/index.ts';
import type { Matcher } from '../matcher.ts';
import { THRESHOLDS } from './measure-model.ts';
import { type Interval, wilson } from './statistics.ts';

/** The newest; with these any share is known within 2 %. */
const LABELS_MAX = 5_000;
/** Below this a share says nothing worth acting on. */
export const LABELS_FEW = 30;
const PAIRS_TOGETHER = 1_000;

interface LabelRow {
  readonly record_a: string;
  readonly record_b: string;
  readonly is_same: boolean;
}
interface Scored {
  readonly probability: number;
  readonly isJoined: boolean;
  readonly isSame: boolean;
}

export async function measureLabels(platform: Platform, matcher: Matcher, model: LinkModel): Promise<LabelFigures> {
  const rows = await platform.db.query<LabelRow>(
    `select d.record_a, d.record_b, d.decision = 'same' as is_same
     from govern.manual_act a
     join govern.decision_in_force d on d.act_id = a.act_id and d.record_a = a.record_a and d.record_b = a.record_b
     where a.revoked_at is null and a.kind in ('match', 'no-match', 'merge', 'split')
     order by a.act_number desc limit $1`,
    [LABELS_MAX],
  );
  const scored: Scored[] = [];
  for (let at = 0; at < rows.length; at += PAIRS_TOGETHER) {
    const batch = rows.slice(at, at + PAIRS_TOGETHER);
    const opened = await matcher.open(platform.db, [...new Set(batch.flatMap((row) => [row.record_a, row.record_b]))]);
    for (const row of batch) {
      const [x, y] = [opened.get(row.record_a), opened.get(row.record_b)];
      if (x === undefined || y === undefined) continue;
      const { probability, verdict } = compareRecords(x, y, model);
      scored.push({ probability, isJoined: verdict === 'match', isSame: row.is_same });
    }
  }
  return figuresOf(scored);
}

/** Pure: labelled pairs to figures. */
export function figuresOf(scored: readonly Scored[]): LabelFigures {
  const same = scored.filter((each) => each.isSame).length;
  const joined = scored.filter((each) => each.isJoined);
  return {
    n: scored.length,
    same,
    different: scored.length - same,
    few: LABELS_FEW,
    joined: joined.length,
    joinedWrong: joined.filter((each) => !each.isSame).length,
    curve: THRESHOLDS.map((threshold) => {
      const above = scored.filter((each) => each.probability >= threshold);
      const right = above.filter((each) => each.isSame).length;
      return { threshold, precision: shareOf(right, above.length), recall: shareOf(right, same) };
    }),
  };
}

const shareOf = (hits: number, n: number): LabelFigures['curve'][number]['precision'] => {
  const interval: Interval | null = wilson(hits, n);
  return { value: n === 0 ? null : hits / n, lower: interval?.lower ?? null, upper: interval?.upper ?? null, n };
};
