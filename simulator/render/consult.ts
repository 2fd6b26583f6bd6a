/** Questions asked online and the doctor's answer, with the intent known. About one account in thirty asks in a month. */
import { civil, DAY, hourAt, localText } from '../calendar.ts';
import { departmentIndex } from '../city/departments.ts';
import { csvLine } from '../doors/parts.ts';
import { EFFECTS } from '../effects.ts';
import { DRUGS } from '../health/items.ts';
import { ACUTE, acuteIndex, acuteShares, ageBand, type Path, SURGERY } from '../health/paths.ts';
import type { PersonPlan } from '../health/plan.ts';
import { identityOf } from '../people/identity.ts';
import { ageAt, type Person } from '../people/person.ts';
import { recordOf } from '../people/records.ts';
import { cumulate, Random, STREAM } from '../random.ts';
import { ANSWERS, type Intent, QUESTIONS } from '../voice/consult-phrases.ts';
import { Grammar } from '../voice/grammar.ts';
import { LAY, layDepartment } from '../voice/lay.ts';
import type { Context } from './context.ts';

const grammar = new Grammar({ ...QUESTIONS, ...ANSWERS });
const random = new Random();

const PER_MONTH = 0.034;
const CHANNELS = ['小程序图文', '小程序图文', 'APP图文', '电话转写'];
/** What people with a recent visit ask about, and the others. */
const AFTER: readonly (readonly [Intent, number])[] = [
  ['recheck', 26],
  ['report', 24],
  ['drug', 24],
  ['grievance', 7],
  ['cost', 7],
  ['symptom', 12],
];
const BEFORE: readonly (readonly [Intent, number])[] = [
  ['symptom', 50],
  ['booking', 22],
  ['cost', 8],
  ['admission', 8],
  ['drug', 8],
  ['urgent', 4],
];
const [after, before] = [AFTER, BEFORE].map((each) => cumulate(each.map(([, weight]) => weight))) as [Float64Array, Float64Array];
/** Places of emergencies are the emergency department's to answer. */
const EMERGENCY = departmentIndex('EMER');
const PAEDIATRICS = departmentIndex('PEDI');
const RECENT_DAYS = 25;

export function sayConsults(context: Context, person: Person, plan: PersonPlan, firstDay: number, lastDay: number): void {
  if (!person.hasApp || !context.wants('consult') || firstDay > plan.lostDay) return;
  const { world } = context;
  random.at(world.seed, STREAM.consult, person.id, firstDay);
  const count = random.poisson(PER_MONTH);
  for (let i = 0; i < count; i++) {
    random.at(world.seed, STREAM.consult, person.id, firstDay * 8 + 1 + i);
    const day = firstDay + random.int(lastDay - firstDay + 1);
    const askedAt = day * DAY + Math.round((7 + random.unit() * 16) * 3600);
    if (day < person.firstDay || !context.happens(askedAt)) continue;
    sayConsult(context, person, plan, day, askedAt, `${person.id.toString(36)}${day.toString(36)}${i}`.toUpperCase());
  }
}

function sayConsult(context: Context, person: Person, plan: PersonPlan, day: number, askedAt: number, number: string): void {
  const { world } = context;
  const recent = plan.visits.findLast((each) => each.day < day && each.day > day - RECENT_DAYS);
  const isParent = person.household.members.some((each) => ageAt(each, day) > 0.5 && ageAt(each, day) < 12);
  const intent = intentOf(isParent, recent !== undefined, (day - world.startDay) / Math.max(1, world.spanEnd - world.startDay));
  const band = ageBand(ageAt(person, day));
  const path = recent?.path ?? (ACUTE[random.weighted(acuteShares[acuteIndex(band, person.isMale, civil(day).month - 1)] as Float64Array)] as Path);
  const department = intent === 'urgent' ? EMERGENCY : intent === 'child-allergy' ? PAEDIATRICS : band < 2 ? path.childDepartment : path.department;
  const { code, nameZh } = world.hospital.departments[department] as (typeof world.hospital.departments)[number];
  const doctors = (world.hospital.doctorsOf[department] as readonly number[]).filter((each) => day < (world.hospital.doctors[each]?.leftDay ?? 0));
  const drug = path.drugs[0];
  const slots = {
    illness: random.pick(complaintsOf(path)),
    drug: drug === undefined ? '药' : DRUGS[drug].nameZh,
    dept: layDepartment(nameZh),
    n: String(2 + random.int(7)),
  };
  const question = grammar.say(`ask-${intent}`, random, slots).replace(/，{2,}/g, '，');
  const answer = grammar.say(`reply-${intent}`, random, { ...slots, illness: SURGERY.has(path) ? '术后恢复' : slots.illness });
  const answeredAt = Math.round(askedAt + (hourAt(askedAt) >= 22 ? 9 * 3600 : 0) + random.exponential(intent === 'urgent' ? 240 : 5400) + 60);
  const isAnswered = random.chance(0.94) && context.happens(answeredAt);
  const account = recordOf(world, person, 'app');
  const { account: user } = identityOf(world, person);
  const asked = [`C${number}`, random.pick(CHANNELS), user, account.name, account.mrn, code, nameZh, question, localText(askedAt)];
  const doctor = world.hospital.doctors[random.pick(doctors)]?.code;
  const reply = isAnswered ? [doctor, answer, localText(answeredAt), '已回复'] : ['', '', '', '待回复'];
  context.say('consult', askedAt, csvLine([...asked, ...reply]));
  context.say('truth-voice', askedAt, `C${number},consult,${person.id},${intent},,${path.code}\n`);
}

/** Parents ask for the allergy clinic nobody has, more and more (effects: `unmetDemand`). */
function intentOf(isParent: boolean, isRecent: boolean, share: number): Intent {
  const { searchShareFirst, searchShareLast } = EFFECTS.unmetDemand;
  if (isParent && random.chance((searchShareFirst + (searchShareLast - searchShareFirst) * share) * 0.6)) return 'child-allergy';
  const [list, sums] = isRecent && random.chance(0.75) ? [AFTER, after] : [BEFORE, before];
  return (list[random.weighted(sums)] as readonly [Intent, number])[0];
}

/** Lay words that name what is done, not what is felt, do not fit into a question about symptoms. */
const DONE = /^(?:补|换|剖|生孩子|顺产|产|体检|年度|单位|宝宝体检|儿保|控糖|打疫苗)/;
const felt = new Map<Path, readonly string[]>();
function complaintsOf(path: Path): readonly string[] {
  let words = felt.get(path);
  if (words === undefined) {
    const all = LAY[path.code] ?? [path.nameZh];
    const own = all.filter((each) => !DONE.test(each));
    words = own.length > 0 ? own : all;
    felt.set(path, words);
  }
  return words;
}
