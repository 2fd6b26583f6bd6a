/**
 * Deciding who is one person, by hand, and taking it back.
 *
 * An act is written with its decisions, the links are decided again and the act is checked to have done what it says, in one transaction under
 * the next turn. A preview is the very same, rolled back: what it shows is what would happen. Undoing an act revokes its decisions and decides
 * the links again; acts before and after it stand, so any of them may be undone, in any order.
 */
import type { StaffViewer } from '@xinglin/contracts';
import type { ActBody, ActDone, ActPreview, PersonCard, PreviewBody, ReviewDecision } from '@xinglin/contracts/api.ts';
import { invariant, uuidv7 } from '../../../kernel/index.ts';
import type { Lake } from '../../../lake/index.ts';
import type { Platform, Queryable, Tx } from '../../../platform/index.ts';
import { refuse } from '../../errors.ts';
import { shownGolden } from '../golden/shown.ts';
import { openRecords } from '../people.ts';
import { livingPersons, personsInScope } from '../person-view.sql.ts';
import * as sql from './acts.sql.ts';
import { countMoves } from './moves.ts';
import { type Party, type Plan, planDifferent, planLater, planSame, planSplit } from './plan.ts';
import { warningsOf } from './warnings.ts';

/** Decides the links of these records again, in the transaction. */
export type Relink = (tx: Tx, records: readonly string[], turn: number) => Promise<unknown>;

export interface ActsDeps {
  readonly platform: Platform;
  readonly lake: Lake;
  readonly relink: Relink;
}
export interface Asked {
  readonly viewer: StaffViewer;
  /** Of the caller: the same key is the same act. */
  readonly requestKey: string;
  readonly ip?: string | null;
}

export interface IdentityActs {
  /** `reviewId` names two records. Answers what is so afterwards, also when the same request was made before. */
  decide(asked: Asked, reviewId: string, body: ReviewDecision): Promise<ActDone>;
  act(asked: Asked, body: ActBody): Promise<ActDone>;
  /** Undone already is done. */
  undo(asked: Asked, actId: string): Promise<ActDone>;
  preview(viewer: StaffViewer, body: PreviewBody): Promise<ActPreview>;
}

interface Effect {
  readonly actId: string;
  /** Everybody concerned, before and after. */
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  readonly moved: readonly string[];
}
class TakenBack extends Error {
  readonly preview: ActPreview;
  constructor(preview: ActPreview) {
    super('a preview is taken back');
    this.preview = preview;
  }
}

export function createIdentityActs({ platform, lake, relink }: ActsDeps): IdentityActs {
  const { db, audit, clock, config } = platform;

  /** Both sides of a pair with all their records, when the viewer may see them. */
  const parties = async (tx: Tx, viewer: StaffViewer, a: string, b: string): Promise<[Party, Party]> => {
    const persons = await sql.personsOf(tx, [a, b]);
    const party = async (record: string): Promise<Party> => {
      const personId = persons.get(record);
      if (personId === undefined) throw refuse('not-found');
      return { personId, record, records: await sql.withNeighbours(tx, [record]) };
    };
    const [x, y] = [await party(a), await party(b)];
    await mustSee(tx, viewer, [x.personId, y.personId]);
    return [x, y];
  };
  const mustSee = async (q: Queryable, viewer: StaffViewer, personIds: readonly string[]): Promise<void> => {
    const asked = [...new Set(personIds)];
    if ((await personsInScope(q, viewer, asked)).length === asked.length) return;
    await audit.record({ viewer, action: 'identity.act', relation: 'govern.person', subject: asked[0] ?? null, outcome: 'refused' });
    throw refuse('not-found');
  };

  const planPair = async (tx: Tx, viewer: StaffViewer, reviewId: string, { decision, reason }: ReviewDecision): Promise<Plan> => {
    const [a = '', b = ''] = reviewId.split('.');
    if (a === b) throw refuse('not-found');
    const [x, y] = await parties(tx, viewer, a, b);
    if (decision === 'later') return planLater(reason, x, y);
    if (decision === 'no-match') return planDifferent(reason, x, y);
    return planSame('match', reason, x, y, await sql.pairsApart(tx, x.records, y.records));
  };

  const planAct = async (tx: Tx, viewer: StaffViewer, body: ActBody): Promise<Plan> => {
    if (body.kind === 'merge') {
      const [one = '', other = ''] = body.personIds;
      const living = await livingPersons(tx, [one, other]);
      const [p, q] = [living.get(one), living.get(other)];
      if (p === undefined || q === undefined) throw refuse('not-found');
      if (p === q) throw refuse('one-already');
      const [a, b] = await Promise.all([firstRecord(tx, p), firstRecord(tx, q)]);
      const [x, y] = await parties(tx, viewer, a, b);
      return planSame('merge', body.reason, x, y, await sql.pairsApart(tx, x.records, y.records));
    }
    const living = (await livingPersons(tx, [body.personId])).get(body.personId);
    if (living === undefined) throw refuse('not-found');
    await mustSee(tx, viewer, [living]);
    const all = await sql.withNeighbours(tx, [await firstRecord(tx, living)]);
    const leaving = new Set(body.recordKeys);
    const plan = planSplit(
      body.reason,
      living,
      all.filter((each) => leaving.has(each)),
      all.filter((each) => !leaving.has(each)),
    );
    if (plan === null || [...leaving].some((each) => !all.includes(each))) throw refuse('split-nothing');
    return plan;
  };

  const turnOf = async (tx: Tx): Promise<number> => {
    const turn = await sql.takeTurn(tx);
    if (turn === null) throw refuse('rebuilding');
    return turn;
  };
  const linkAgain = async (tx: Tx, records: readonly string[], turn: number): Promise<Omit<Effect, 'actId'>> => {
    const concerned = await sql.withNeighbours(tx, records);
    const before = await sql.personsOf(tx, concerned);
    await relink(tx, concerned, turn);
    const after = await sql.personsOf(tx, await sql.withNeighbours(tx, concerned));
    return { before, after, moved: concerned.filter((each) => before.get(each) !== after.get(each)) };
  };

  const doPlan = async (tx: Tx, viewer: StaffViewer, plan: Plan, turn: number, requestKey: string): Promise<Effect> => {
    const actId = uuidv7(clock.now().getTime());
    await sql.insertAct(tx, { actId, plan, turn, requestKey, orgId: config.orgId, by: viewer.userId, at: clock.now() });
    if (plan.kind === 'later') {
      const before = await sql.personsOf(tx, plan.records);
      return { actId, before, after: before, moved: [] };
    }
    const effect = await linkAgain(tx, plan.records, turn);
    const isOne = effect.after.get(plan.a) === effect.after.get(plan.b);
    invariant(isOne === (plan.kind === 'match' || plan.kind === 'merge'), 'links obey what was decided about a pair');
    await sql.setMoved(tx, actId, effect.moved.length);
    return { actId, ...effect };
  };
  const undoAct = async (tx: Tx, viewer: StaffViewer, actId: string, turn: number): Promise<Effect> => {
    const act = await sql.lockAct(tx, actId, viewer.orgId);
    if (act === undefined) throw refuse('not-found');
    const persons = await sql.personsOf(tx, [act.record_a, act.record_b]);
    await mustSee(tx, viewer, [...persons.values()]);
    if (act.revoked_at !== null) return { actId, before: persons, after: persons, moved: [] };
    const records = await sql.revokeAct(tx, actId, viewer.userId, clock.now(), turn);
    return { actId, ...(act.kind === 'later' ? { before: persons, after: persons, moved: [] } : await linkAgain(tx, records, turn)) };
  };

  /** The act the same request made before, or what is done now. */
  const once = async (
    { viewer, requestKey, ip = null }: Asked,
    action: string,
    isSame: (act: sql.ActRow) => boolean,
    plan: (tx: Tx) => Promise<Plan>,
  ): Promise<ActDone> => {
    const key = `${viewer.userId}:${requestKey}`;
    const done = await db.tx(async (tx) => {
      const turn = await turnOf(tx);
      const earlier = await sql.findRequest(tx, key);
      if (earlier !== undefined) {
        if (!isSame(earlier)) throw refuse('request-reused');
        return { actId: earlier.act_id, after: await sql.personsOf(tx, [earlier.record_a, earlier.record_b]), moved: earlier.moved };
      }
      const effect = await doPlan(tx, viewer, await plan(tx), turn, key);
      await record(tx, viewer, action, effect, ip);
      return { ...effect, moved: effect.moved.length };
    });
    if (done.moved > 0) lake.warehouse.changed('link');
    return { actId: done.actId, personIds: [...new Set(done.after.values())].sort(), moved: done.moved };
  };
  const record = (tx: Tx, viewer: StaffViewer, action: string, effect: Effect, ip: string | null): Promise<void> =>
    audit.record({
      ...{ viewer, action, relation: 'govern.person', subject: [...new Set(effect.before.values())].sort()[0] ?? null, outcome: 'allowed' },
      ...{ count: effect.moved.length, detail: `act ${effect.actId}`, ip, q: tx },
    });

  const cards = async (tx: Tx, persons: ReadonlyMap<string, string>): Promise<PersonCard[]> => {
    const personIds = [...new Set(persons.values())].sort();
    const opened = await openRecords(platform, personIds, tx);
    return personIds.map((personId) => {
      const records = opened.get(personId) ?? [];
      return { personId, records: records.length, golden: shownGolden(records, clock.now()) };
    });
  };

  return {
    decide: (asked, reviewId, body) =>
      once(
        asked,
        `identity.${body.decision}`,
        (act) => act.kind === body.decision && `${act.record_a}.${act.record_b}` === reviewId.split('.').sort().join('.'),
        (tx) => planPair(tx, asked.viewer, reviewId, body),
      ),
    act: (asked, body) =>
      once(
        asked,
        `identity.${body.kind}`,
        (act) => act.kind === body.kind,
        (tx) => planAct(tx, asked.viewer, body),
      ),

    async undo({ viewer, ip = null }, actId) {
      const effect = await db.tx(async (tx) => {
        const done = await undoAct(tx, viewer, actId, await turnOf(tx));
        await record(tx, viewer, 'identity.undo', done, ip);
        return done;
      });
      if (effect.moved.length > 0) lake.warehouse.changed('link');
      return { actId, personIds: [...new Set(effect.after.values())].sort(), moved: effect.moved.length };
    },

    async preview(viewer, body) {
      const before: PersonCard[] = [];
      try {
        await db.tx(async (tx) => {
          before.length = 0;
          const turn = await turnOf(tx);
          const plan = body.kind === 'undo' ? null : await planAct(tx, viewer, body);
          const records = plan?.records ?? (await sql.recordsOfAct(tx, body.kind === 'undo' ? body.actId : ''));
          before.push(...(await cards(tx, await sql.personsOf(tx, await sql.withNeighbours(tx, records)))));
          const warnings = plan === null ? [] : await warningsOf(tx, plan, before);
          const effect =
            plan === null ? await undoAct(tx, viewer, body.kind === 'undo' ? body.actId : '', turn) : await doPlan(tx, viewer, plan, turn, uuidv7(turn));
          const after = await cards(tx, effect.after);
          const moves = await countMoves(tx, lake, effect.moved);
          throw new TakenBack({ before, after, moves, recordsMoved: effect.moved.length, warnings });
        });
      } catch (taken) {
        if (!(taken instanceof TakenBack)) throw taken;
        const subject = before[0]?.personId ?? null;
        await audit.record({ viewer, action: 'identity.preview', relation: 'govern.person', subject, outcome: 'allowed', count: before.length });
        return taken.preview;
      }
      throw new Error('a preview always ends by being taken back');
    },
  };
}

/** The record that has been this person longest stands for it: what is merged into it stays with it when others leave. */
const firstRecord = async (q: Queryable, personId: string): Promise<string> =>
  (await q.one<{ record_key: string }>('select record_key from govern.link where person_id = $1 order by since_turn, record_key limit 1', [personId]))
    .record_key;
