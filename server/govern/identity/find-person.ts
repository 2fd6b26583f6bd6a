/**
 * Who somebody described is, among everyone known: the search behind `$match`. Nothing is written. The model and rules are those that link
 * records as they arrive; on top, a person is certain only when all their records agree to it, nobody else fits as well, and the search saw everyone.
 */
import type { MatchGrade, MatchPort, PersonDetails, Viewer } from '@xinglin/contracts';
import type { Db, Platform } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import type { People } from '../types.ts';
import type { Comparison, LinkRecord } from './linkage/index.ts';
import { KEY_HOLDERS_MAX, selectHolders } from './match-keys.ts';
import type { Matcher } from './matcher.ts';
import { personsInScope } from './person-view.sql.ts';

/** Opening and comparing a record takes some 50 µs; with more candidates than this the description is too vague for an answer in time. */
const CANDIDATES_MAX = 400;
/** Records of the persons found, beyond which their remaining records are not looked at. */
const RECORDS_MAX = 1_000;
/** From here on a pair a person should look at counts as probable, and one below it, down to the second, as possible. */
const PROBABLE_MIN = 0.9;
const POSSIBLE_MIN = 0.2;
/** A score never says more than its grade. */
const SCORE_MAX: Readonly<Record<MatchGrade, number>> = { certain: 1, probable: 0.95, possible: 0.65, 'certainly-not': 0.05 };
const RANK: readonly MatchGrade[] = ['certain', 'probable', 'possible', 'certainly-not'];

export interface FoundPerson {
  readonly personId: string;
  readonly grade: MatchGrade;
  /** 0…1 */
  readonly score: number;
  readonly reason: string;
}
export interface Found {
  /** Best first. */
  readonly persons: readonly FoundPerson[];
  /** Someone may have been left out: a key too many share, or too many candidates. */
  readonly isCutShort: boolean;
}

export async function findPersons(db: Db, matcher: Matcher, details: PersonDetails): Promise<Found> {
  const plain = matcher.describe(details);
  const [described, candidates] = await Promise.all([matcher.mark(db, plain), selectCandidates(db, matcher, plain)]);
  const rows = await selectRecords(db, candidates.records);
  const opened = await matcher.open(
    db,
    rows.map((row) => row.record_key),
  );
  const persons = new Map<string, Comparison[]>();
  for (const row of rows) {
    const record = opened.get(row.record_key);
    if (record === undefined) continue;
    const comparisons = persons.get(row.person_id) ?? [];
    persons.set(row.person_id, comparisons);
    comparisons.push(matcher.compare(described, record));
  }
  const isCutShort = candidates.isCutShort || rows.length > RECORDS_MAX;
  const graded = [...persons].flatMap(([personId, comparisons]) => gradePerson(personId, comparisons) ?? []);
  const isUnique = graded.filter((each) => each.grade === 'certain').length < 2;
  const fair = isUnique && !isCutShort ? graded : graded.map(lessThanCertain);
  return { persons: fair.sort((a, b) => RANK.indexOf(a.grade) - RANK.indexOf(b.grade) || b.score - a.score || (a.personId < b.personId ? -1 : 1)), isCutShort };
}

const lessThanCertain = (found: FoundPerson): FoundPerson =>
  found.grade === 'certain' ? { ...found, grade: 'probable', score: Math.min(found.score, SCORE_MAX.probable) } : found;

/** Null: not worth showing. */
function gradePerson(personId: string, comparisons: readonly Comparison[]): FoundPerson | null {
  const best = [...comparisons].sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || b.weight - a.weight)[0];
  if (best === undefined) return null;
  const isOther = comparisons.find((each) => each.reason === 'different-ids');
  // One record with another valid id of the same kind: the person is somebody else, however alike the rest is.
  const isKnown = best.reason === 'same-id' || best.reason === 'same-mrn';
  const grade = isOther !== undefined && !isKnown ? 'certainly-not' : gradeOf(best);
  if (grade === null || (grade === 'certainly-not' && best.probability < POSSIBLE_MIN)) return null;
  const reason = grade === 'certainly-not' ? 'different-ids' : best.reason;
  return { personId, grade, reason, score: Math.min(best.probability, SCORE_MAX[grade]) };
}
const VERDICTS = ['match', 'review', 'no'];

function gradeOf({ verdict, probability, reason }: Comparison): MatchGrade | null {
  if (verdict === 'match') return 'certain';
  // Twins agree in nearly everything.
  if (verdict === 'review') return probability >= PROBABLE_MIN && reason !== 'twins' ? 'probable' : 'possible';
  return probability >= POSSIBLE_MIN ? 'possible' : null;
}

/** Holders of the keys described; a key too many share, and what exceeds the limit, is left out and told. */
async function selectCandidates(db: Db, matcher: Matcher, described: LinkRecord): Promise<{ records: string[]; isCutShort: boolean }> {
  const keys = matcher.keysOf(described);
  if (keys.length === 0) throw refuse('match-nothing');
  const rows = await selectHolders(db, keys);
  const fair = rows.filter((row) => row.holders.length <= KEY_HOLDERS_MAX);
  const records = [...new Set(fair.flatMap((row) => row.holders))];
  return { records: records.slice(0, CANDIDATES_MAX), isCutShort: fair.length < rows.length || records.length > CANDIDATES_MAX };
}

/** Every record of the persons whose records were found: one of them may say what the others do not. */
const selectRecords = (db: Db, found: readonly string[]): Promise<{ person_id: string; record_key: string }[]> =>
  found.length === 0
    ? Promise.resolve([])
    : db.query(
        `select l.person_id, l.record_key from govern.link l
         where l.person_id = any(array(select own.person_id from govern.link own where own.record_key = any($1::uuid[]))) limit $2 + 1`,
        [found, RECORDS_MAX],
      );

export function createMatchPort({ platform, matcher, people }: { platform: Platform; matcher: Matcher; people: People }): MatchPort {
  const { db, audit } = platform;
  return {
    async match(viewer: Viewer, details, { limit, onlyCertain, ip = null }) {
      const found = await findPersons(db, matcher, details);
      const inScope = new Set(
        await personsInScope(
          db,
          viewer,
          found.persons.map((each) => each.personId),
        ),
      );
      const visible = found.persons.filter((each) => inScope.has(each.personId) && (!onlyCertain || each.grade === 'certain')).slice(0, limit);
      const shown = new Map(
        (visible.length === 0
          ? []
          : await people.summaries(
              viewer,
              visible.map((each) => each.personId),
            )
        ).map((each) => [each.personId, each]),
      );
      const candidates = visible.flatMap((each) => {
        const person = shown.get(each.personId);
        return person === undefined ? [] : [{ ...each, person }];
      });
      const [first] = candidates;
      const outcome = first?.grade === 'certain' ? 'released' : candidates.length === 0 ? 'no-match' : 'ambiguous';
      await audit.record({
        ...{ viewer, action: 'patient.match', relation: 'govern.person', subject: first?.grade === 'certain' ? first.personId : null },
        ...{ outcome: 'allowed', count: candidates.length, detail: `${outcome}${found.isCutShort ? ' cut-short' : ''}`, ip },
      });
      return { candidates, isCutShort: found.isCutShort };
    },
  };
}
