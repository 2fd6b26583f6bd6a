import { Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';
import { CHARGES, type ChargeName, DRUGS, EXAMS, PANELS, type PanelName } from './items.ts';
import type { Visit } from './plan.ts';
import type { Work } from './work.ts';

export interface Charge {
  readonly code: string;
  readonly nameZh: string;
  readonly category: string;
  readonly quantity: number;
  readonly unitYuan: number;
  /** Fen; refunds negative. */
  readonly fen: number;
  readonly at: number;
}

/** Share of visits with one item paid back: a drug returned, an exam not taken. */
const REFUND_SHARE = 0.018;
const random = new Random();

const charge = (item: { code: string; nameZh: string; yuan: number }, category: string, at: number, quantity = 1): Charge => ({
  code: item.code,
  nameZh: item.nameZh,
  category,
  quantity,
  unitYuan: item.yuan,
  fen: Math.round(item.yuan * 100) * quantity,
  at,
});
const listed = (name: ChargeName, at: number, quantity = 1): Charge => charge(CHARGES[name], CHARGES[name].category, at, quantity);

/** What a visit or stay costs, in the order of the till. `from` is its beginning, `to` its end. */
export function chargesOf(world: World, visit: Visit, work: Work, from: number, to: number): Charge[] {
  random.at(world.seed, STREAM.charges, visit.person.id, visit.ordinal);
  const charges: Charge[] = [];
  const isStay = visit.class === 'inpatient';
  if (!isStay) {
    const senior = world.hospital.doctors[visit.doctor]?.titleZh === '主任医师';
    charges.push(listed(visit.class === 'emergency' ? 'emergency' : visit.class === 'checkup' ? 'checkup' : senior ? 'expert' : 'registration', from));
  } else {
    charges.push(listed('bed', to, visit.nights), listed('nursing', to, visit.nights), listed('infusion', to, Math.ceil(visit.nights * 0.7)));
  }
  if (visit.class !== 'checkup') {
    for (const panel of work.panels) charges.push(charge(PANELS[panel], 'laboratory', to, isStay && repeats(panel) ? 1 + Math.floor(visit.nights / 3) : 1));
    for (const exam of work.exams) charges.push(charge(EXAMS[exam], 'exam', to));
  }
  for (const drug of work.drugs) charges.push(charge(DRUGS[drug], 'drug', to, isStay ? Math.max(1, Math.round(visit.nights / 2)) : 1 + random.int(2)));
  for (const treatment of work.treatments)
    charges.push(listed(treatment, to, treatment === 'rehab' || treatment === 'dressing' ? Math.max(1, Math.round(visit.nights / 2)) : 1));
  if (charges.length > 2 && random.chance(REFUND_SHARE)) {
    const back = charges[1 + random.int(charges.length - 1)] as Charge;
    charges.push({ ...back, quantity: -back.quantity, fen: -back.fen, at: to + 3600 + random.int(80_000) });
  }
  return charges;
}
const repeats = (panel: PanelName): boolean => panel === 'cbc' || panel === 'crp' || panel === 'salts' || panel === 'glucose';
