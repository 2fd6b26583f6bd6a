import { BellOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { instant } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Badge, Button, Popover } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { useWords } from '../i18n.ts';
import { paths } from '../paths.ts';

/** A case given to somebody should not wait for their next look at the list. */
const REFRESH_MS = 60_000;

/** What is new for this person: cases given to them, reopened or escalated. Opening one marks it read. */
export function Notices() {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const notices = useQuery({ queryKey: ['notices'], queryFn: ({ signal }) => staffApi.notices(signal), refetchInterval: REFRESH_MS });
  const read = useMutation({ mutationFn: staffApi.readNotice, onSettled: () => queries.invalidateQueries({ queryKey: ['notices'] }) });
  const rows = notices.data?.rows ?? [];
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={isOpen}
      onOpenChange={setOpen}
      title={t('notices.label')}
      content={
        <div className="notices">
          {rows.length === 0 ? (
            <p className="note">{t('notices.empty')}</p>
          ) : (
            <ul className="history">
              {rows.map((notice) => (
                <li key={notice.noticeId}>
                  <time dateTime={notice.at}>{instant(notice.at).slice(5)}</time>
                  <Link
                    to={paths.cases({ open: notice.caseId })}
                    onClick={() => {
                      read.mutate(notice.noticeId);
                      setOpen(false);
                    }}
                  >
                    {pick(notice.words, language)}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </div>
      }
    >
      <Button
        type="text"
        size="small"
        aria-label={rows.length === 0 ? t('notices.label') : t('notices.unread', { count: rows.length })}
        icon={
          <Badge count={rows.length} size="small" offset={[2, -2]}>
            <BellOutlined aria-hidden />
          </Badge>
        }
      />
    </Popover>
  );
}
