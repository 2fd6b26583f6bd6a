import type { StaffViewer } from '@xinglin/contracts';
import type { Bilingual, NoticeList } from '@xinglin/contracts/api.ts';
import type { Platform } from '../../platform/index.ts';
import { refuse } from '../errors.ts';

const NOTICES_SHOWN = 50;

const WORDS: Readonly<Record<string, Bilingual>> = {
  assigned: { zh: '新工单指派给您', en: 'A case was assigned to you' },
  reopened: { zh: '您的工单重新打开', en: 'Your case was reopened' },
  'still-unhappy': { zh: '患者多次复评仍不满意，请科室出面', en: 'The patient is still unhappy after several ratings; please step in' },
  'escalated-1': { zh: '工单时限已过半', en: 'Half of the limit of a case has passed' },
  'escalated-2': { zh: '工单时限已用八成', en: 'Four fifths of the limit of a case have passed' },
  'escalated-3': { zh: '工单已超时', en: 'A case is past its limit' },
};

/** Each member of staff reads only their own. */
export function createNotices({ db, clock }: Platform) {
  return {
    async list({ userId }: StaffViewer): Promise<NoticeList> {
      const rows = await db.query<{ notice_id: string; case_id: string; number: number; kind: string; at: Date }>(
        `select n.notice_id, n.case_id, c.number, n.kind, n.at from improve.notice n join improve.case c using (case_id)
         where n.user_id = $1 and n.read_at is null order by n.at desc, n.notice_id limit $2`,
        [userId, NOTICES_SHOWN],
      );
      return {
        rows: rows.map((row) => ({
          noticeId: row.notice_id,
          caseId: row.case_id,
          caseNumber: row.number,
          kind: row.kind,
          words: WORDS[row.kind] ?? { zh: row.kind, en: row.kind },
          at: row.at.toISOString(),
        })),
      };
    },
    async markRead({ userId }: StaffViewer, noticeId: string): Promise<void> {
      const done = await db.query('update improve.notice set read_at = coalesce(read_at, $3) where notice_id = $1 and user_id = $2 returning notice_id', [
        noticeId,
        userId,
        clock.now(),
      ]);
      if (done.length === 0) throw refuse('not-found');
    },
  };
}
