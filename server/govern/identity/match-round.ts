/**
 * A round compares everyone again: after a new model, or when keys are made in another way. It goes through the records in small steps, each
 * one transaction under the pen, so that live messages pass in between; killed, it goes on where it was. Links follow step by step; when the
 * round is over they are what linking everything at once with the new model gives.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Db, Platform, Tx } from '../../platform/index.ts';
import { type LinkContext, linkRecords, stir } from './link-records.ts';
import { KEYS_EDITION, type Matcher } from './matcher.ts';

/** Some 100 ms of the pen, less than a bulk chunk. */
const RECORDS_PER_STEP = 400;
const RETRY_DELAY_MS = 2_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

export interface RoundParts {
  readonly platform: Platform;
  readonly engine: LinkContext['engine'];
  readonly matcher: Matcher;
  /** Runs work while nobody else files anything. */
  readonly hold: <T>(work: () => Promise<T>) => Promise<T>;
  /** A rebuild decides links at its end. */
  readonly isRebuilding: () => boolean;
  /** Links changed. */
  readonly onLinks: () => void;
}

export interface MatchRound {
  /** Goes on with a round under way, or begins one when keys or model are not those the pairs were made with. */
  start(): void;
  /** Begins anew, with the model now in force; resolves at its end. */
  again(): Promise<void>;
  stop(): Promise<void>;
}

export async function createMatchRound(parts: RoundParts): Promise<MatchRound> {
  const { platform, matcher } = parts;
  // A database without details yet is up to date; one of an earlier release is not.
  await isDone(platform.db, matcher);
  let isStopped = true;
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      try {
        if (await isDone(platform.db, matcher)) return;
        await parts.hold(() => platform.db.tx((tx) => step(tx, parts)));
      } catch (error) {
        platform.log.warn('govern.match-round-retry', { error });
        await pause(RETRY_DELAY_MS);
      }
    }
  };
  const round: MatchRound = {
    start() {
      isStopped = false;
      running ??= run().finally(() => {
        running = null;
      });
    },
    async again() {
      await platform.db.query('update govern.match_round set after = $1, model = $2, keys_edition = $3', [BEFORE_ALL, matcher.edition, KEYS_EDITION]);
      const before = isStopped;
      round.start();
      await running;
      isStopped = before;
    },
    async stop() {
      isStopped = true;
      await running;
    },
  };
  return round;
}

/** Also notes what a database without a note begins with: nothing to do when it holds no details. */
async function isDone(db: Db, matcher: Matcher): Promise<boolean> {
  const known = await db.maybe<{ keys_edition: string; model: string; after: string | null }>('select keys_edition, model, after from govern.match_round');
  if (known?.keys_edition === KEYS_EDITION && known.model === matcher.edition) return known.after === null;
  const { any } = await db.one<{ any: boolean }>('select exists (select from govern.vault_record) as any');
  await db.query(
    `insert into govern.match_round (keys_edition, model, after) values ($1, $2, $3)
     on conflict (is_only) do update set keys_edition = excluded.keys_edition, model = excluded.model, after = excluded.after`,
    [KEYS_EDITION, matcher.edition, any ? BEFORE_ALL : null],
  );
  return !any;
}

async function step(tx: Tx, { platform, engine, matcher, isRebuilding, onLinks }: RoundParts): Promise<void> {
  const { after } = await tx.one<{ after: string | null }>('select after from govern.match_round for update');
  const rows = await tx.query<{ record_key: string }>('select record_key from govern.vault_record where record_key > $1 order by record_key limit $2', [
    after ?? BEFORE_ALL,
    RECORDS_PER_STEP,
  ]);
  const described = rows.map((row) => row.record_key);
  await tx.query('update govern.match_round set after = $1', [described.at(-1) ?? null]);
  if (described.length === 0) return;
  const { number } = await tx.one<{ number: number }>('update govern.turn set number = number + 1 returning number');
  const context = { engine, matcher, orgId: platform.config.orgId, turn: number, now: platform.clock.now() };
  const touched = { records: new Set<string>(), identifiers: [], described };
  if (isRebuilding()) await stir(tx, touched, context);
  else if ((await linkRecords(tx, touched, context)) > 0) tx.afterCommit(onLinks);
}
