import { controlOf, msh, obr, obx, pid } from '../doors/hl7.ts';
import { EFFECTS } from '../effects.ts';
import { PANELS } from '../health/items.ts';
import { labResult, type Result } from '../health/results.ts';
import { recordOf } from '../people/records.ts';
import { Random, STREAM } from '../random.ts';
import type { Context } from './context.ts';
import { sayPastResult } from './history.ts';
import { type Scene, seenAs } from './scene.ts';

const random = new Random();

/** Share of reports later corrected, and of results later taken back. */
const CORRECTED_SHARE = 0.008;
const DELETED_SHARE = 0.002;

/** One ORU with a group per panel. `round` numbers repeats within a stay; `recovery` falls as the illness passes. */
export function renderLabs(context: Context, scene: Scene, collected: number, round: number, recovery: number): void {
  const { world } = context;
  const { visit, work } = scene;
  if (work.panels.length === 0 || !context.happens(collected)) return;
  random.at(world.seed, STREAM.labs, visit.person.id, visit.ordinal * 16 + round);
  const record = recordOf(world, visit.person, 'lis');
  const minutes = EFFECTS.labBottleneck.minutes;
  let groups = '';
  let reported = collected;
  let set = 0;
  let first: { result: Result; order: string; panel: (typeof PANELS)[keyof typeof PANELS] } | null = null;
  const past: { order: string; result: Result }[] = [];
  for (const name of work.panels) {
    const panel = PANELS[name];
    set++;
    const at = Math.round(collected + minutes[panel.bench] * 60 * Math.exp(random.normal() * 0.3));
    context.say('truth-lab', at, `${scene.number},${panel.bench},${Math.round((at - collected) / 60)}\n`);
    const order = `${scene.number}L${round}${set}`;
    if (context.historyEnd === null) groups += obr(set, order, panel.code, panel.nameZh, Math.round(collected), at, scene.department, scene.doctor);
    panel.items.forEach((item, i) => {
      const result = labResult(world, random, visit.person, visit.path, item, visit.day, at, recovery);
      first ??= { result, order, panel };
      if (context.historyEnd === null) groups += obx(i + 1, result, 'F');
      else past.push({ order, result });
    });
    reported = Math.max(reported, at);
  }
  if (context.historyEnd !== null) {
    sayPast(context, scene, past, reported, random.unit());
    return;
  }
  const seen = seenAs(scene, collected);
  const lisPid = pid(visit.person, scene.identity, { ...record, mrn: scene.mrn });
  const oru = (at: number, serial: number, body: string): void =>
    context.say(
      'lis',
      at,
      msh('LIS', 'ORU', 'R01^ORU_R01', at, controlOf(world, at, visit.person.id, visit.ordinal * 512 + round * 16 + serial)) + lisPid + seen + body,
    );
  oru(reported, 1, groups);
  const amended = random.unit();
  if (amended < CORRECTED_SHARE + DELETED_SHARE && first !== null) {
    const { result, order, panel } = first as { result: Result; order: string; panel: (typeof PANELS)[keyof typeof PANELS] };
    const isDeleted = amended < DELETED_SHARE;
    const at = reported + 5400;
    const again = correctionOf(result);
    oru(at, 2, obr(1, order, panel.code, panel.nameZh, Math.round(collected), at, scene.department, scene.doctor) + obx(1, again, isDeleted ? 'D' : 'C'));
  }
}

const correctionOf = (result: Result): Result => ({ ...result, value: Number((result.value * 1.12).toFixed(result.item.digits)) });

/** The table shows what became of each result: the one that was corrected as corrected, the one taken back as void. */
function sayPast(context: Context, scene: Scene, past: readonly { order: string; result: Result }[], reported: number, amended: number): void {
  past.forEach(({ order, result }, i) => {
    const isAmended = i === 0 && amended < CORRECTED_SHARE + DELETED_SHARE;
    if (!isAmended) sayPastResult(context, scene, order, result, '已审核', reported);
    else sayPastResult(context, scene, order, correctionOf(result), amended < DELETED_SHARE ? '已作废' : '已修正', reported + 5400);
  });
}
