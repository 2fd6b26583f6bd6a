import type { PatientViewer } from '@xinglin/contracts';
import type { InboxMessage } from '@xinglin/contracts/api.ts';
import type { Govern } from '../../govern/index.ts';
import type { Platform } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import type { Statements } from '../statements/statements.ts';
import type { MessageParams } from './message-template.ts';
import type { MessageContent, Messages } from './messages.ts';

/** The newest are shown; older ones stay stored. */
const MESSAGES_SHOWN = 100;

interface MessageRow {
  message_id: string;
  org_id: string;
  campus_id: string;
  record_key: string;
  send_key: string;
  purpose: string;
  template: string;
  params: MessageParams;
  content_sealed: Buffer;
  sent_at: Date;
  read_at: Date | null;
}

export function createPatientInbox({
  platform,
  govern,
  messages,
  statements,
}: {
  platform: Platform;
  govern: Govern;
  messages: Messages;
  statements: Statements;
}) {
  const { db, keys, clock, audit } = platform;

  /**
   * Chinese as it was sent; English is written anew from the same template edition and parameters, except words a colleague wrote,
   * which are never translated. Messages whose key was destroyed are gone.
   */
  const list = async (viewer: PatientViewer, language: 'zh' | 'en'): Promise<InboxMessage[]> => {
    const records = await govern.people.recordsOf(viewer.personId);
    const rows = await db.query<MessageRow>(
      'select * from engage.message where record_key = any($1) and sent_at is not null and content_sealed is not null order by sent_at desc, message_id desc limit $2',
      [records, MESSAGES_SHOWN],
    );
    const opened = await keys.subjectKeys(db, [...new Set(rows.map((row) => row.record_key))], false);
    const shown: InboxMessage[] = [];
    for (const row of rows) {
      const key = opened.get(row.record_key);
      if (key === undefined) continue;
      const sent = JSON.parse(keys.open(key, row.content_sealed).toString('utf8')) as MessageContent;
      const rendered = language === 'zh' ? null : await messages.render(row.template, row.params);
      shown.push({
        messageId: row.message_id,
        title: rendered?.title.en ?? sent.title,
        body: rendered?.body.en ?? sent.body,
        link: sent.link,
        sentAt: row.sent_at.toISOString(),
        isRead: row.read_at !== null,
        kind: messages.kindOf(row.template),
      });
    }
    await audit.record({ viewer, action: 'inbox.read', relation: 'engage.message', subject: viewer.personId, outcome: 'allowed', count: shown.length });
    return shown;
  };

  /** The first reading counts; it goes back round the loop as a receipt, like one from any other channel. */
  const markRead = async (viewer: PatientViewer, messageId: string): Promise<void> => {
    const records = await govern.people.recordsOf(viewer.personId);
    await db.tx(async (tx) => {
      const row = await tx.maybe<MessageRow>('select * from engage.message where message_id = $1 and record_key = any($2) and sent_at is not null for update', [
        messageId,
        records,
      ]);
      if (row === undefined) throw refuse('not-found');
      if (row.read_at !== null) return;
      const now = clock.now();
      await tx.query('update engage.message set read_at = $2 where message_id = $1', [messageId, now]);
      await statements.say(tx, { orgId: row.org_id, campusId: row.campus_id }, 'message.status', {
        sendKey: row.send_key,
        recordKey: row.record_key,
        channel: 'inbox',
        purpose: row.purpose,
        template: row.template,
        status: 'read',
        reason: null,
        occurredAt: now.toISOString(),
      });
    });
  };

  const greeting = async (viewer: PatientViewer, language: 'zh' | 'en'): Promise<string> => {
    const [summary] = await govern.people.summaries(viewer, [viewer.personId]);
    const name = summary?.name ?? '';
    return language === 'zh' ? `${name}您好` : `Hello ${name}`.trim();
  };

  return { list, markRead, greeting };
}
export type PatientInboxPages = ReturnType<typeof createPatientInbox>;
