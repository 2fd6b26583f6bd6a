/** The queue as reviewers see it: pairs of persons that wait for a decision, most likely first, masked, within scope, audited. */
import type { StaffViewer } from '@xinglin/contracts';
import { REVIEW_AGES, REVIEW_REASONS, type ReviewDetail, type ReviewReason, type ReviewRow, type ReviewSummary } from '@xinglin/contracts/api.ts';
import { type Platform, readCursor, writeCursor } from '../../../platform/index.ts';
import { refuse } from '../../errors.ts';
import type { Matcher } from '../matcher.ts';
import { openRecords } from '../people.ts';
import { personsInScope } from '../person-view.sql.ts';
import { actsAbout, pairsApart, personsOf } from './acts.sql.ts';
import { compareFields, explain, sideOf } from './compare.ts';
import { countDecided, type QueueFilter, type QueueRow, selectCounts, selectItemOf, selectItems } from './queue.sql.ts';
import { shownActs } from './shown-acts.ts';

export interface QueueAsk {
  readonly state?: 'pending' | 'later';
  readonly reason?: ReviewReason;
  readonly source?: string;
  readonly age?: (typeof REVIEW_AGES)[number];
  readonly cursor?: string;
  readonly limit?: number;
}
export interface ReviewPageRows {
  readonly rows: ReviewRow[];
  readonly next: string | null;
  readonly total: number;
  readonly asOf: string;
}
export interface ReviewQueue {
  list(viewer: StaffViewer, ask: QueueAsk): Promise<ReviewPageRows>;
  summary(viewer: StaffViewer): Promise<ReviewSummary>;
  detail(viewer: StaffViewer, reviewId: string): Promise<ReviewDetail>;
  /** What waits about one person; neither audited nor scoped again: part of a larger read. */
  about(viewer: StaffViewer, personId: string): Promise<ReviewRow[]>;
}

const PAGE_DEFAULT = 50;
const ACTS_MAX = 50;
/** A month of thirty days: what the summary counts as decided lately. */
const RECENT_DAYS = 30;
const DAY_MS = 86_400_000;
/** From how many days to how many an age reaches. */
const AGE_DAYS: Readonly<Record<(typeof REVIEW_AGES)[number], readonly [number, number]>> = {
  day: [0, 1],
  week: [1, 7],
  month: [7, 30],
  older: [30, Number.POSITIVE_INFINITY],
};

export function createReviewQueue({ platform, matcher }: { platform: Platform; matcher: Matcher }): ReviewQueue {
  const { db, audit, clock } = platform;
  const filterOf = (viewer: StaffViewer, ask: QueueAsk = {}): QueueFilter => {
    const [young, old] = ask.age === undefined ? [0, Number.POSITIVE_INFINITY] : AGE_DAYS[ask.age];
    const ago = (days: number): Date | undefined => (Number.isFinite(days) && days > 0 ? new Date(clock.now().getTime() - days * DAY_MS) : undefined);
    return {
      orgId: viewer.orgId,
      departments: viewer.departments === 'all' ? null : viewer.departments,
      ...{ state: ask.state, reason: ask.reason, source: ask.source, from: ago(old), until: ago(young) },
    };
  };
  const shown = async (viewer: StaffViewer, rows: readonly QueueRow[]): Promise<ReviewRow[]> => {
    const opened = await openRecords(platform, [...new Set(rows.flatMap((row) => [row.person_a, row.person_b]))]);
    const side = (personId: string) => sideOf(viewer, personId, opened.get(personId) ?? [], clock.now());
    return rows.map((row) => ({
      reviewId: `${row.record_a}.${row.record_b}`,
      ...{ a: side(row.person_a), b: side(row.person_b), reason: reasonOf(row.reason) },
      ...{ probability: row.probability, weight: row.weight, pairs: row.pairs, state: row.state },
      foundAt: row.found_at.toISOString(),
      ageDays: Math.max(0, Math.floor((clock.now().getTime() - row.found_at.getTime()) / DAY_MS)),
    }));
  };

  return {
    async list(viewer, ask) {
      const limit = ask.limit ?? PAGE_DEFAULT;
      const found = await selectItems(db, filterOf(viewer, ask), readCursor(ask.cursor, ['number', 'uuid', 'uuid']), limit + 1);
      const page = found.slice(0, limit);
      const rows = await shown(viewer, page);
      const last = page.at(-1);
      await audit.record({ viewer, action: 'identity.review.list', relation: 'govern.person', subject: null, outcome: 'allowed', count: rows.length });
      return {
        rows,
        next: found.length > limit && last !== undefined ? writeCursor(last.rank, last.person_a, last.person_b) : null,
        // A page behind the last one has no row to carry the count.
        total: found[0]?.total ?? 0,
        asOf: clock.now().toISOString(),
      };
    },

    async summary(viewer) {
      const counts = await selectCounts(db, filterOf(viewer));
      const pending = counts.filter((row) => row.state === 'pending');
      const sum = (rows: readonly { items: number }[]): number => rows.reduce((total, row) => total + row.items, 0);
      const by = (codes: (row: (typeof counts)[number]) => readonly string[]) => {
        const sums = new Map<string, number>();
        for (const row of pending) for (const code of new Set(codes(row))) sums.set(code, (sums.get(code) ?? 0) + row.items);
        return [...sums].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
      };
      const ageOf = (foundAt: Date): string => {
        const days = (clock.now().getTime() - foundAt.getTime()) / DAY_MS;
        return REVIEW_AGES.find((age) => days < AGE_DAYS[age][1]) ?? 'older';
      };
      const ages = by((row) => [ageOf(row.found_at)]);
      const oldest = pending.reduce<Date | null>((first, row) => (first === null || row.found_at < first ? row.found_at : first), null);
      const decided = await countDecided(db, viewer.orgId, new Date(clock.now().getTime() - RECENT_DAYS * DAY_MS));
      return {
        ...{ pending: sum(pending), later: sum(counts) - sum(pending) },
        ...{ byReason: by((row) => [reasonOf(row.reason)]), bySource: by((row) => row.sources) },
        byAge: REVIEW_AGES.map((age) => ages.find((each) => each.code === age) ?? { code: age, count: 0 }),
        oldestAt: oldest?.toISOString() ?? null,
        decided: { match: decided.match, noMatch: decided.no_match },
        asOf: clock.now().toISOString(),
      };
    },

    async detail(viewer, reviewId) {
      const [recordA = '', recordB = ''] = reviewId.split('.');
      const persons = await personsOf(db, [recordA, recordB]);
      const [personA, personB] = [persons.get(recordA), persons.get(recordB)];
      const asked = [...new Set([personA, personB].flatMap((each) => each ?? []))];
      const visible = await personsInScope(db, viewer, asked);
      if (recordA === recordB || personA === undefined || personB === undefined || visible.length < asked.length) {
        await audit.record({ viewer, action: 'identity.review.read', relation: 'govern.person', subject: personA ?? null, outcome: 'refused' });
        throw refuse('not-found');
      }
      const today = clock.now();
      const opened = await openRecords(platform, asked);
      const ownFirst = (personId: string, recordKey: string) =>
        [...(opened.get(personId) ?? [])].sort((x, y) => Number(y.record_key === recordKey) - Number(x.record_key === recordKey));
      // Two records of one person are shown as the two records; two persons with all of theirs.
      const isOne = personA === personB;
      const [left, right] = [ownFirst(personA, recordA), ownFirst(personB, recordB)].map((records) => (isOne ? records.slice(0, 1) : records));
      if (left === undefined || right === undefined) throw refuse('not-found');
      const comparison = await explain(db, matcher, recordA, recordB);
      const item = isOne ? undefined : await selectItemOf(db, filterOf(viewer), personA, personB);
      const apart = await pairsApart(
        db,
        left.map((each) => each.record_key),
        right.map((each) => each.record_key),
      );
      const acts = await actsAbout(db, [recordA, recordB], ACTS_MAX);
      await audit.record({ viewer, action: 'identity.review.read', relation: 'govern.person', subject: personA, outcome: 'allowed', count: 2 });
      return {
        reviewId,
        ...{ a: sideOf(viewer, personA, left, today), b: sideOf(viewer, personB, right, today) },
        state: isOne ? 'together' : apart.length > 0 ? 'apart' : (item?.state ?? 'none'),
        reason: item === undefined ? null : reasonOf(item.reason),
        fields: compareFields(viewer, [left, right], comparison, today),
        steps: comparison.steps,
        ...{ prior: comparison.prior, weight: comparison.weight, probability: comparison.probability },
        ...{ verdict: comparison.verdict, ground: comparison.reason, edition: matcher.edition },
        acts: await shownActs(platform, acts),
        foundAt: item?.found_at.toISOString() ?? null,
        asOf: today.toISOString(),
      };
    },

    about: async (viewer, personId) => shown(viewer, await selectItems(db, { ...filterOf(viewer), personId }, null, PAGE_DEFAULT)),
  };
}

const reasonOf = (reason: string): ReviewReason => REVIEW_REASONS.find((each) => each === reason) ?? 'other';
