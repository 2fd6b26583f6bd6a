/**
 * One person's details against another's: the online side of the engine, with the model the bulk side trains. Pure functions; the caller keeps
 * details sealed and decides what to do with a verdict.
 */
import { DOCUMENT_TYPES, type DocumentType } from '../identifiers.ts';
import { DATE_OTHER, EXACT, GRADES, type Grade, isClose, levelOfWords, MISSING, NAME_LOOK } from './compare.ts';
import { type LinkField, type LinkModel, weightOf } from './link-model.ts';
import type { LinkName, LinkRecord } from './link-record.ts';
import { chanceOf } from './model.ts';
import { type Ground, judge, type Reason, type Verdict } from './rules.ts';
import { type Kind, makeWord, type Word } from './word.ts';

export interface FieldWeight {
  readonly field: LinkField;
  readonly grade: Grade;
  /** log2(m/u); what the field says for (above 0) or against one person. */
  readonly weight: number;
}
export interface Comparison {
  /** log2 odds: the model's prior and all weights. Rules do not change it. */
  readonly weight: number;
  /** 0…1 */
  readonly probability: number;
  /** The waterfall: prior aside, these add up to `weight`. Fields that say nothing are left out. */
  readonly fields: readonly FieldWeight[];
  readonly verdict: Verdict;
  readonly reason: Reason;
}

/** Symmetric, and a function of the two records and the model alone. */
export function compareRecords(a: LinkRecord, b: LinkRecord, model: LinkModel): Comparison {
  // In the order of LINK_FIELDS.
  const fields: FieldWeight[] = [];
  const say = (field: LinkField, grade: Grade, value: string | null = null): void => {
    if (grade !== 'missing') fields.push({ field, grade, weight: weightOf(model, field, grade, value) });
  };
  const name = bestName(a, b, model);
  for (const each of name.fields) fields.push(each);
  const birth = gradeOf('date', a.birth, b.birth);
  say('birth-date', birth, a.birth?.value);
  const sex = gradeOf('category', a.sex, b.sex);
  say('sex', sex);
  const id = compareIds(a, b);
  say('id-number', id.resident);
  say('document', id.other);
  const mrn = compareMrns(a.mrns, b.mrns);
  say('mrn', mrn);
  const insurance = sameOrNot(a.insurances, b.insurances);
  say('insurance', insurance);
  const phone = comparePhones(a, b);
  // A shared number says that they know one another at best.
  if (phone.grade !== 'missing') fields.push({ field: 'phone', grade: phone.grade, weight: phone.isShared ? 0 : weightOf(model, 'phone', phone.grade) });
  const address = best(a.addresses, b.addresses, 'text');
  say('address', address);
  const weight = fields.reduce((sum, each) => sum + each.weight, model.prior);
  const probability = chanceOf(weight);
  const ground: Ground = {
    id: id.ground,
    mrn: known(mrn),
    insurance: known(insurance),
    phone: phone.grade === 'missing' ? 'unknown' : phone.grade !== 'same' ? 'differ' : phone.isShared ? 'shared' : 'same',
    name: name.name,
    surname: name.surname,
    birth: birth === 'missing' ? 'unknown' : birth === 'same' ? 'same' : (GRADES.date as readonly Grade[]).indexOf(birth) < DATE_OTHER ? 'near' : 'differ',
    sex: known(sex),
    isChinese: name.isChinese,
    isUnnamed: a.isUnnamed || b.isUnnamed,
    isSuspect: a.isSuspect || b.isSuspect,
  };
  return {
    weight,
    probability,
    fields,
    ...judge(ground, probability, model.thresholds),
  };
}

const known = (grade: Grade): 'same' | 'differ' | 'unknown' => (grade === 'missing' ? 'unknown' : grade === 'same' ? 'same' : 'differ');

function gradeOf(kind: Kind, x: Word | null, y: Word | null): Grade {
  return GRADES[kind][x === null || y === null ? MISSING : levelOfWords(kind, x, y)] ?? 'missing';
}

function best(a: readonly Word[], b: readonly Word[], kind: Kind): Grade {
  let least = Number.POSITIVE_INFINITY;
  for (const x of a) for (const y of b) least = Math.min(least, levelOfWords(kind, x, y));
  return GRADES[kind][Number.isFinite(least) ? least : MISSING] ?? 'missing';
}

const sameOrNot = (a: readonly string[], b: readonly string[]): Grade =>
  a.length === 0 || b.length === 0 ? 'missing' : a.some((value) => b.includes(value)) ? 'same' : 'different';

/** Numbers of different authorities say nothing of one another. */
function compareMrns(a: readonly string[], b: readonly string[]): Grade {
  if (a.some((value) => b.includes(value))) return 'same';
  const authority = (value: string): string => value.slice(0, value.indexOf('|'));
  const authorities = new Set(a.map(authority));
  return b.some((value) => authorities.has(authority(value))) ? 'different' : 'missing';
}

function compareIds(a: LinkRecord, b: LinkRecord): { resident: Grade; other: Grade; ground: Ground['id'] } {
  let [resident, other]: [Grade, Grade] = ['missing', 'missing'];
  let ground: Ground['id'] = 'unknown';
  for (const type of DOCUMENT_TYPES) {
    const grade = sameIds(type, a.ids, b.ids);
    if (grade === 'missing') continue;
    if (type === 'resident-id') resident = grade;
    else if (grade === 'same' || (other === 'missing' && type !== 'passport')) other = grade;
    // A passport is issued again under another number.
    if (grade === 'different' && type !== 'passport') ground = 'differ';
    else if (grade === 'same' && ground === 'unknown') ground = 'same';
  }
  if (resident === 'missing' && (a.brokenIds.length > 0 || b.brokenIds.length > 0)) {
    const written = (record: LinkRecord): Word[] => [
      ...record.brokenIds,
      ...record.ids.filter(([type]) => type === 'resident-id').map(([, value]) => makeWord(value, 'code', null)),
    ];
    resident = best(written(a), written(b), 'code');
  }
  return { resident, other, ground };
}

/** Most pairs have none of a type: nothing is made then. */
function sameIds(type: DocumentType, a: LinkRecord['ids'], b: LinkRecord['ids']): Grade {
  let grade: Grade = 'missing';
  for (const [kind, mine] of a) {
    if (kind !== type) continue;
    for (const [other, theirs] of b) {
      if (other !== type) continue;
      if (mine === theirs) return 'same';
      grade = 'different';
    }
  }
  return grade;
}

function comparePhones(a: LinkRecord, b: LinkRecord): { grade: Grade; isShared: boolean } {
  let isShared = false;
  for (const x of a.phones) {
    for (const y of b.phones) {
      if (x.word.value !== y.word.value) continue;
      if (!x.isShared && !y.isShared) return { grade: 'same', isShared: false };
      isShared = true;
    }
  }
  if (isShared) return { grade: 'same', isShared };
  return {
    grade: best(
      a.phones.map(({ word }) => word),
      b.phones.map(({ word }) => word),
      'code',
    ),
    isShared: false,
  };
}

interface NameGround {
  readonly fields: readonly FieldWeight[];
  readonly name: Ground['name'];
  readonly surname: Ground['surname'];
  readonly isChinese: boolean;
}

/** The two names that speak most for one person. A nickname tells nothing against. */
function bestName(a: LinkRecord, b: LinkRecord, model: LinkModel): NameGround {
  let found: NameGround = { fields: [], name: 'unknown', surname: 'unknown', isChinese: false };
  if (a.isNickname || b.isNickname) return found;
  let most = Number.NEGATIVE_INFINITY;
  for (const x of a.names) {
    for (const y of b.names) {
      const ground = compareNames(x, y, model);
      const weight = ground.fields.reduce((sum, each) => sum + each.weight, 0);
      if (weight > most) [most, found] = [weight, ground];
    }
  }
  return found;
}

function compareNames(x: LinkName, y: LinkName, model: LinkModel): NameGround {
  const grade = (part: 'surname' | 'given'): Grade => {
    const level = gradeOf('name', x[part], y[part]);
    if (level !== 'different' && level !== 'short-form') return level;
    const other = part === 'surname' ? 'given' : 'surname';
    return isClose(x[part] ?? undefined, y[other] ?? undefined) || isClose(y[part] ?? undefined, x[other] ?? undefined) ? 'exchanged' : level;
  };
  const [surname, given] = [grade('surname'), grade('given')];
  const fields: FieldWeight[] = [];
  if (surname !== 'missing') fields.push({ field: 'surname', grade: surname, weight: weightOf(model, 'surname', surname, x.surname?.value) });
  if (given !== 'missing') fields.push({ field: 'given-name', grade: given, weight: weightOf(model, 'given-name', given, x.given?.value) });
  const isNear = (each: Grade): boolean => GRADES.name.indexOf(each as 'same') <= NAME_LOOK || each === 'exchanged';
  const grades = [surname, given].filter((each) => each !== 'missing');
  const name =
    grades.length === 0
      ? 'unknown'
      : grades.every((each) => each === GRADES.name[EXACT])
        ? 'same'
        : grades.every(isNear)
          ? 'near'
          : given === 'short-form'
            ? 'short'
            : 'differ';
  return { fields, name, surname: surname === 'missing' ? 'unknown' : isNear(surname) ? 'same' : 'differ', isChinese: (x.given ?? x.surname)?.isHan === true };
}
