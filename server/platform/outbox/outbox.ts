/**
 * Messages to people: queued → claimed → sent | failed | unknown, queued → skipped, unknown → sent | failed | queued.
 *
 * - A message is queued in the transaction of the change that wants it, under a deterministic key: the same intention is sent once.
 * - It is claimed durably before the channel is called. A claim found after a restart, an exception and the answer `unknown` all
 *   mean that nobody here knows; it is tried again only when the provider honours our key, else it waits for a receipt or a person.
 * - Quiet hours delay, everything else that speaks against a contact skips, with its reason.
 * - Listeners are told of every outcome, again after a restart until they have heard it.
 */
import type { ChannelPort } from '@xinglin/contracts';
import { type Clock, type Config, invariant, type Logger } from '../../kernel/index.ts';
import type { Audit, Db, Due, Outbox, OutboxMessage, Signals, Tx } from '../types.ts';
import { type ContactParts, type ContactPorts, contactPoint } from './contact-point.ts';
import { refuse } from './errors.ts';
import * as sql from './outbox.sql.ts';
import { ATTEMPTS_MAX, type ContactRules, retryAt } from './rules.ts';
import { contactRules } from './settings.ts';

const BATCH_MAX = 100;
/** Records served at a time; messages of one record go one after another, so that its budget is counted right. */
const PARALLEL_MAX = 4;
const READY = 'platform.outbox-ready';
/** A listener that failed is told again, and a database that was away is asked again, after this. */
const LISTENER_RETRY_MS = 60_000;
const AWAY_MS = 2_000;

export interface OutboxParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly due: Due;
  readonly signals?: Signals;
  readonly audit?: Audit;
  readonly config: Pick<Config, 'timeZone' | 'orgId'>;
}
export interface RunningOutbox extends Outbox {
  start(): void;
  stop(): Promise<void>;
}
type Render = Parameters<Outbox['setRenderer']>[0];
type Listener = Parameters<Outbox['onStatus']>[0];

export const createOutbox = (parts: OutboxParts): RunningOutbox => new Sender(parts);

class Sender implements RunningOutbox {
  readonly #parts: OutboxParts;
  readonly #contact: ContactParts;
  readonly #channels = new Map<string, ChannelPort>();
  readonly #listeners: Listener[] = [];
  #render: Render | null = null;
  #ports: ContactPorts | null = null;
  #isStarted = false;
  /** A claim may be left from a run, ours or another, that ended in between. */
  #mayHaveLeftClaims = true;
  #isWoken = false;
  #rounds: Promise<number> = Promise.resolve(0);

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#contact = { ...parts, timeZone: parts.config.timeZone, orgId: parts.config.orgId };
    parts.due.on(READY, async (tx) => tx.afterCommit(() => this.#wake()));
    parts.signals?.on('message.receipt', 'platform.outbox', async (tx, { sendKey, status }) => {
      await this.settle(tx, sendKey, status === 'failed' ? 'failed' : 'sent');
    });
  }

  addChannel(channel: ChannelPort): void {
    if (this.#parts.clock.isSimulated && !channel.isSandbox) throw refuse('real-channel-in-simulated-time', { channel: channel.channel });
    if (this.#channels.has(channel.channel)) throw refuse('channel-taken', { channel: channel.channel });
    this.#channels.set(channel.channel, channel);
  }
  setRenderer(render: Render): void {
    this.#render = render;
  }
  setPorts(ports: ContactPorts): void {
    this.#ports = ports;
  }
  onStatus(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async enqueue(tx: Tx, message: OutboxMessage): Promise<'queued' | 'already'> {
    const now = this.#parts.clock.now();
    const readyAt = message.notBefore !== null && message.notBefore > now ? message.notBefore : now;
    if (!(await sql.insertMessage(tx, message, readyAt, now))) return 'already';
    if (readyAt > now) await this.#wakeAt(tx, readyAt);
    else tx.afterCommit(() => this.#wake());
    return 'queued';
  }

  async cancel(tx: Tx, filter: Parameters<Outbox['cancel']>[1]): Promise<number> {
    const cancelled = await sql.cancelMessages(tx, filter, this.#parts.clock.now());
    if (cancelled.length > 0) tx.afterCommit(() => this.#wake());
    return cancelled.length;
  }

  async settle(tx: Tx, sendKey: string, outcome: 'sent' | 'failed' | 'again'): Promise<boolean> {
    const now = this.#parts.clock.now();
    const reason = outcome === 'failed' ? 'channel-refused' : null;
    const wasOpen =
      outcome === 'again'
        ? await sql.requeueMessage(tx, sendKey, 'unknown', now)
        : await sql.settleMessage(tx, sendKey, 'unknown', { status: outcome, reason, at: now });
    if (wasOpen) tx.afterCommit(() => this.#wake());
    return wasOpen;
  }

  start(): void {
    this.#isStarted = true;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    await this.#rounds.catch(() => 0);
  }

  drain(): Promise<number> {
    this.#rounds = this.#rounds.catch(() => 0).then(() => this.#round());
    return this.#rounds;
  }

  async idle(): Promise<void> {
    for (let last: Promise<number> | null = null; last !== this.#rounds; ) {
      last = this.#rounds;
      await last.catch(() => 0);
    }
  }

  #wake(): void {
    if (!this.#isStarted || this.#isWoken) return;
    this.#isWoken = true;
    void this.drain().catch((error: unknown) => {
      this.#parts.log.warn('platform.outbox-waits', { error });
      setTimeout(() => this.#wake(), AWAY_MS).unref();
    });
  }

  /** One row in the due table per second in which something becomes ready, however many messages that is. */
  async #wakeAt(tx: Tx, at: Date): Promise<void> {
    const second = new Date(Math.ceil(at.getTime() / 1_000) * 1_000);
    await this.#parts.due.schedule(tx, { kind: READY, key: second.toISOString(), dueAt: second, payload: {} });
  }

  async #round(): Promise<number> {
    this.#isWoken = false;
    if (this.#mayHaveLeftClaims) await this.#takeUpClaims();
    this.#mayHaveLeftClaims = true;
    const rules = await contactRules(this.#parts.db);
    let attempted = 0;
    for (;;) {
      const batch = await sql.readyMessages(this.#parts.db, this.#parts.clock.now(), BATCH_MAX);
      if (batch.length === 0) break;
      attempted += await this.#sendBatch(batch, rules);
    }
    this.#mayHaveLeftClaims = false;
    await this.#report();
    return attempted;
  }

  async #takeUpClaims(): Promise<void> {
    for (const row of await sql.claimedMessages(this.#parts.db)) await this.#outcomeUnknown(row, row.attempts);
  }

  async #sendBatch(batch: readonly sql.MessageRow[], rules: ContactRules): Promise<number> {
    const byRecord = new Map<string, sql.MessageRow[]>();
    for (const row of batch) byRecord.set(row.record_key, [...(byRecord.get(row.record_key) ?? []), row]);
    const queue = [...byRecord.values()];
    let attempted = 0;
    const serve = async (): Promise<void> => {
      for (let rows = queue.shift(); rows !== undefined; rows = queue.shift()) {
        for (const row of rows) if (await this.#sendOne(row, rules)) attempted++;
      }
    };
    const served = await Promise.allSettled(Array.from({ length: PARALLEL_MAX }, serve));
    for (const each of served) if (each.status === 'rejected') throw each.reason;
    return attempted;
  }

  /** True when the channel was called. */
  async #sendOne(row: sql.MessageRow, rules: ContactRules): Promise<boolean> {
    const { db, clock } = this.#parts;
    const close = (status: 'skipped' | 'failed', reason: string) => sql.settleMessage(db, row.send_key, 'queued', { status, reason, at: clock.now() });
    const channel = this.#channels.get(row.channel);
    if (channel === undefined) {
      await close('skipped', 'no-channel');
      return false;
    }
    const asked = { recordKey: row.record_key, channel: row.channel, purpose: row.purpose, orgId: row.org_id };
    const point = await contactPoint(this.#contact, this.#ports, rules, asked);
    if (point.is === 'later')
      await db.tx(async (tx) => void ((await sql.requeueMessage(tx, row.send_key, 'queued', point.at)) && (await this.#wakeAt(tx, point.at))));
    if (point.is === 'closed') await close('skipped', point.reason);
    if (point.is !== 'open') return false;
    const words = await this.#words(row);
    if (words === null) {
      await close('failed', 'render-failed');
      return false;
    }
    if (!(await sql.claimMessage(db, row.send_key, clock.now()))) return false;
    const outcome = await channel
      .send({ sendKey: row.send_key, address: point.address, ...words, occurredAt: clock.now() })
      .catch((error: unknown) => this.#noteUnknown(row, error));
    if (outcome === 'unknown') await this.#outcomeUnknown(row, row.attempts + 1);
    else await sql.settleMessage(db, row.send_key, 'claimed', { status: outcome, reason: outcome === 'failed' ? 'channel-refused' : null, at: clock.now() });
    return true;
  }

  async #words(row: sql.MessageRow): Promise<Awaited<ReturnType<Render>> | null> {
    invariant(this.#render !== null, 'the renderer is joined before anything is sent');
    try {
      return await this.#render(row.template, row.params);
    } catch (error) {
      this.#parts.log.error('platform.outbox-render-failed', { template: row.template, error });
      return null;
    }
  }

  #noteUnknown(row: sql.MessageRow, error: unknown): 'unknown' {
    this.#parts.log.warn('platform.outbox-unknown', { channel: row.channel, template: row.template, error });
    return 'unknown';
  }

  async #outcomeUnknown(row: sql.MessageRow, attempts: number): Promise<void> {
    const { db, clock } = this.#parts;
    const now = clock.now();
    if (this.#channels.get(row.channel)?.honoursKey !== true || attempts >= ATTEMPTS_MAX) {
      await sql.settleMessage(db, row.send_key, 'claimed', { status: 'unknown', reason: 'outcome-unknown', at: now });
      return;
    }
    const at = retryAt(now, attempts - 1);
    await db.tx(async (tx) => {
      if (await sql.requeueMessage(tx, row.send_key, 'claimed', at)) await this.#wakeAt(tx, at);
    });
  }

  async #report(): Promise<void> {
    for (let failed = 0; ; ) {
      const rows = await sql.unreportedMessages(this.#parts.db, BATCH_MAX + failed);
      if (rows.length <= failed) return;
      failed = 0;
      for (const row of rows) if (!(await this.#reportOne(row))) failed++;
      if (failed > 0) await this.#parts.db.tx((tx) => this.#wakeAt(tx, new Date(this.#parts.clock.now().getTime() + LISTENER_RETRY_MS)));
      if (failed === rows.length) return;
    }
  }

  async #reportOne(row: sql.MessageRow): Promise<boolean> {
    invariant(row.settled_at !== null && row.status !== 'queued' && row.status !== 'claimed' && row.status !== 'unknown', 'only outcomes are told');
    const status = { message: messageOf(row), status: row.status, reason: row.reason, at: row.settled_at };
    try {
      for (const listener of this.#listeners) await listener(status);
    } catch (error) {
      this.#parts.log.error('platform.outbox-listener-failed', { status: row.status, error });
      return false;
    }
    await sql.markReported(this.#parts.db, row.send_key);
    return true;
  }
}

const messageOf = (row: sql.MessageRow): OutboxMessage => ({
  sendKey: row.send_key,
  orgId: row.org_id,
  campusId: row.campus_id,
  recordKey: row.record_key,
  channel: row.channel,
  purpose: row.purpose,
  template: row.template,
  params: row.params,
  notBefore: null,
});
