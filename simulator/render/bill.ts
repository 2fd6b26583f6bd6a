import { controlOf, evn, ft1, msh } from '../doors/hl7.ts';
import { chargesOf } from '../health/charges.ts';
import type { Context } from './context.ts';
import { sayPastCharge } from './history.ts';
import { type Scene, seenAs } from './scene.ts';

/** Up to this many FT1 in one DFT, as the till sends them. */
const CHARGES_PER_MESSAGE = 12;
export function renderBill(context: Context, scene: Scene, from: number, to: number): void {
  const { world } = context;
  const { visit } = scene;
  const charges = chargesOf(world, visit, scene.work, from, to);
  const dft = (at: number, serial: number, list: typeof charges, first: number): void => {
    if (context.historyEnd !== null) {
      list.forEach((each, i) => {
        sayPastCharge(context, scene, each, `${scene.number}-${first + i + 1}`, i + 1, at);
      });
      return;
    }
    const v = seenAs(scene, from);
    const lines = list.map((each, i) => ft1(i + 1, each, `${scene.number}-${first + i + 1}`, scene.department, scene.doctor)).join('');
    context.say(
      'his',
      at,
      msh('HIS', 'DFT', 'P03^DFT_P03', at, controlOf(world, at, visit.person.id, visit.ordinal * 32 + serial)) + evn('P03', at) + scene.pid + v + lines,
    );
  };
  const refund = charges.at(-1);
  const paid = refund !== undefined && refund.fen < 0 ? charges.slice(0, -1) : charges;
  for (let i = 0; i < paid.length; i += CHARGES_PER_MESSAGE) dft(to + 600, 16 + i / CHARGES_PER_MESSAGE, paid.slice(i, i + CHARGES_PER_MESSAGE), i);
  if (paid !== charges && refund !== undefined) dft(refund.at, 24, [refund], paid.length);
}
