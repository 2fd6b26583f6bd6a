import type { ChannelPort, Place, Purpose } from '@xinglin/contracts';
import type { Govern } from '../../govern/index.ts';
import { invariant, uuidv7 } from '../../kernel/index.ts';
import type { OutboxMessage, Platform, Tx } from '../../platform/index.ts';
import type { Statements } from '../statements/statements.ts';
import { type MessageParams, type MessageTemplate, type Rendered, renderContext } from './message-template.ts';

export interface MessageToSend {
  /** Deterministic: the same intention has the same key. Begins with the name of who listens to its status (`followup:…`). */
  readonly sendKey: string;
  readonly place: Place;
  readonly recordKey: string;
  readonly purpose: Purpose;
  readonly template: string;
  /** Codes, days and ids; nothing of the person. */
  readonly params: MessageParams;
  /** Words written for this one patient; sealed, never in the outbox. */
  readonly words: string | null;
  readonly notBefore: Date | null;
}
export type MessageStatus = { readonly sendKey: string; readonly status: 'sent' | 'skipped' | 'failed'; readonly reason: string | null; readonly at: Date };

export interface Messages {
  /** Hands a message to the outbox, which asks for consent when it sends. `already`: this intention was stated before. */
  send(tx: Tx, message: MessageToSend): Promise<'queued' | 'already'>;
  addTemplates(templates: readonly MessageTemplate[]): void;
  /** Called in a transaction when a message whose key begins with `PREFIX:` was sent, skipped or has failed. */
  onStatus(prefix: string, handler: (tx: Tx, status: MessageStatus) => Promise<void>): void;
  /** Cancels what still waits for these records and this purpose. */
  cancelWaiting(tx: Tx, recordKeys: readonly string[], purpose: Purpose, channel: string | null, reason: string): Promise<void>;
  render(template: string, params: MessageParams): Promise<Rendered>;
  kindOf(template: string): string;
}

export interface MessageContent {
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
}

export function createMessages({ platform, govern, statements }: { platform: Platform; govern: Govern; statements: Statements }): Messages {
  const { db, keys, outbox, clock } = platform;
  const templates = new Map<string, MessageTemplate>();
  const listeners = new Map<string, (tx: Tx, status: MessageStatus) => Promise<void>>();
  const templateOf = (edition: string): MessageTemplate => {
    const template = templates.get(edition);
    invariant(template !== undefined, `the message template ${edition} exists`);
    return template;
  };

  const wordsOf = async (messageId: string): Promise<string> => {
    const row = await db.maybe<{ record_key: string; words_sealed: Buffer | null }>(
      'select record_key, words_sealed from engage.message where message_id = $1',
      [messageId],
    );
    if (row === undefined || row.words_sealed === null) return '';
    const key = (await keys.subjectKeys(db, [row.record_key], false)).get(row.record_key);
    return key === undefined ? '' : keys.open(key, row.words_sealed).toString('utf8');
  };
  const render = (template: string, params: MessageParams): Promise<Rendered> =>
    templateOf(template).render(
      params,
      renderContext(platform, govern, () => wordsOf(String(params['message'] ?? ''))),
    );

  outbox.setRenderer(async (template, params) => {
    const { title, body, link } = await render(template, params);
    return { title: title.zh, body: body.zh, link };
  });
  outbox.addChannel(createInbox(platform, govern));
  outbox.onStatus(({ message, status, reason: outboxReason, at }) =>
    db.tx(async (tx) => {
      await tx.query(`update engage.message set status = $2, reason = $3 where send_key = $1 and status = 'queued'`, [message.sendKey, status, outboxReason]);
      // Where we cancelled it ourselves we know better why than the outbox does.
      const reason =
        (await tx.maybe<{ reason: string | null }>('select reason from engage.message where send_key = $1', [message.sendKey]))?.reason ?? outboxReason;
      await statements.say(tx, message, 'message.status', statusOf(message, status, reason, at));
      await listeners.get(message.sendKey.split(':')[0] ?? '')?.(tx, { sendKey: message.sendKey, status, reason, at });
    }),
  );

  return {
    render,
    kindOf: (template) => templates.get(template)?.kind ?? 'other',
    addTemplates(added) {
      for (const template of added) templates.set(template.edition, template);
    },
    onStatus(prefix, handler) {
      listeners.set(prefix, handler);
    },
    async send(tx, { sendKey, place, recordKey, purpose, template, params, words, notBefore }) {
      templateOf(template);
      const messageId = uuidv7(clock.now().getTime());
      const key = words === null ? undefined : (await keys.subjectKeys(tx, [recordKey], true)).get(recordKey);
      const all = { ...params, message: messageId };
      const made = await tx.query(
        `insert into engage.message (message_id, org_id, campus_id, record_key, send_key, purpose, template, params, words_sealed, status, queued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10) on conflict (send_key) do nothing returning message_id`,
        [
          messageId,
          place.orgId,
          place.campusId,
          recordKey,
          sendKey,
          purpose,
          template,
          JSON.stringify(all),
          key === undefined ? null : keys.seal(key, Buffer.from(words as string)),
          clock.now(),
        ],
      );
      if (made.length === 0) return 'already';
      return outbox.enqueue(tx, { sendKey, ...place, recordKey, channel: INBOX, purpose, template, params: all, notBefore });
    },
    async cancelWaiting(tx, recordKeys, purpose, channel, reason) {
      for (const recordKey of recordKeys) await outbox.cancel(tx, { recordKey, purpose, ...(channel === null ? {} : { channel }) });
      if (channel !== null && channel !== INBOX) return;
      await tx.query(
        `update engage.message set status = 'skipped', reason = $3 where record_key = any($1) and purpose = $2 and status = 'queued' and sent_at is null`,
        [recordKeys, purpose, reason],
      );
    },
  };
}

const INBOX = 'inbox';

const statusOf = ({ sendKey, recordKey, channel, purpose, template }: OutboxMessage, status: MessageStatus['status'], reason: string | null, at: Date) => ({
  sendKey,
  recordKey,
  channel,
  purpose,
  template,
  status,
  reason,
  occurredAt: at.toISOString(),
});

/** The in-app inbox as a channel: the address is the person, what was written is sealed with the key of the record it was made for. */
function createInbox({ db, keys }: Platform, govern: Govern): ChannelPort {
  return {
    channel: INBOX,
    isSandbox: true,
    honoursKey: true,
    async send({ sendKey, address, title, body, link, occurredAt }) {
      return db.tx(async (tx) => {
        const row = await tx.maybe<{ record_key: string }>('select record_key from engage.message where send_key = $1', [sendKey]);
        // The message must be on its way to the person who holds the record it was made for.
        if (row === undefined || (await govern.people.personOf([row.record_key])).get(row.record_key) !== address) return 'failed';
        const key = (await keys.subjectKeys(tx, [row.record_key], true)).get(row.record_key);
        invariant(key !== undefined, 'a subject key is made when asked for');
        const content: MessageContent = { title, body, link };
        await tx.query('update engage.message set content_sealed = $2, sent_at = $3 where send_key = $1 and sent_at is null', [
          sendKey,
          keys.seal(key, Buffer.from(JSON.stringify(content))),
          occurredAt,
        ]);
        return 'sent';
      });
    },
  };
}
