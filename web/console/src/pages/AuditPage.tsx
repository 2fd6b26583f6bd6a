import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import type { AuditRow } from '@xinglin/contracts/api.ts';
import { ROLES } from '@xinglin/contracts/viewer.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { ABSENT, count, instant, shortKey } from '@xinglin/web-shared/format.ts';
import { Button, Form, Input } from 'antd';
import { useWords } from '../i18n.ts';
import { type AuditAddress, useAddress } from '../paths.ts';
import { Badge } from '../ui/Badge.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded, useSentence } from '../ui/States.tsx';
import { useCursorList } from '../ui/use-cursor-list.ts';
import { usePurposeName } from './patient/names.ts';

type Fields = Partial<Record<'user' | 'action' | 'subject' | 'from' | 'to', string>>;

export default function AuditPage() {
  const { t, language } = useWords();
  const purposeName = usePurposeName();
  const [address, patch] = useAddress<AuditAddress>();
  const { user, action, subject, from, to } = address;
  const ask = { user, action, subject, from, to };
  const list = useCursorList(['audit', ask], (cursor, signal) => staffApi.audit(ask, cursor, signal));
  const roleName = (role: string | null): string => {
    const known = ROLES.find((each) => each === role);
    return known === undefined ? (role ?? ABSENT) : t(`role.${known}`);
  };

  const columns: TableColumn<AuditRow>[] = [
    {
      key: 'sequence',
      title: t('audit.sequence'),
      width: 84,
      align: 'right',
      render: (row) => <span className="num zero">{count(row.sequence, language)}</span>,
    },
    { key: 'at', title: t('audit.at'), isFixed: true, width: 140, render: (row) => <span className="num">{instant(row.at)}</span> },
    {
      key: 'user',
      title: t('audit.user'),
      isFixed: true,
      width: 150,
      render: (row) => (
        <>
          {row.actor}
          <span className="sub">{roleName(row.role)}</span>
        </>
      ),
    },
    { key: 'action', title: t('audit.action'), isFixed: true, width: 150, render: (row) => <code>{row.action}</code> },
    { key: 'relation', title: t('audit.relation'), render: (row) => row.relation ?? ABSENT },
    {
      key: 'subject',
      title: t('audit.subject'),
      width: 110,
      render: (row) => (row.subject === null ? ABSENT : <code title={row.subject}>{shortKey(row.subject)}</code>),
    },
    { key: 'purpose', title: t('audit.purpose'), width: 110, render: (row) => (row.purpose === null ? ABSENT : purposeName(row.purpose)) },
    { key: 'count', title: t('audit.count'), width: 70, align: 'right', render: (row) => <span className="num">{count(row.count, language)}</span> },
    {
      key: 'outcome',
      title: t('audit.outcome'),
      width: 84,
      render: (row) => <Badge tone={row.outcome === 'allowed' ? 'none' : 'bad'}>{t(`audit.${row.outcome}`)}</Badge>,
    },
    { key: 'detail', title: t('audit.detail'), isHidden: true, render: (row) => row.detail ?? ABSENT },
    { key: 'ip', title: t('audit.ip'), width: 120, isHidden: true, render: (row) => row.ip ?? ABSENT },
  ];

  const isFiltered = Object.values(ask).some((value) => value !== undefined);
  return (
    <Page
      title={t('audit.title')}
      answer={t('audit.answer')}
      asOf={list.asOf}
      action={<Verification />}
      filters={
        <Form<Fields>
          layout="inline"
          initialValues={ask}
          key={JSON.stringify(ask)}
          role="search"
          style={{ rowGap: 8 }}
          onFinish={(fields) => patch(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value?.trim()])))}
        >
          {(['user', 'action', 'subject'] as const).map((name) => (
            <Form.Item key={name} name={name} label={t(`audit.${name}`)}>
              <Input allowClear style={{ width: name === 'subject' ? 200 : 130 }} />
            </Form.Item>
          ))}
          <Form.Item name="from" label={t('audit.from')}>
            <Input type="date" style={{ width: 140 }} />
          </Form.Item>
          <Form.Item name="to" label={t('audit.to')}>
            <Input type="date" style={{ width: 140 }} />
          </Form.Item>
          <Button htmlType="submit">{t('audit.search')}</Button>
          {isFiltered && (
            <Button type="link" onClick={() => patch({ user: undefined, action: undefined, subject: undefined, from: undefined, to: undefined })}>
              {t('state.reset')}
            </Button>
          )}
        </Form>
      }
    >
      <Loaded query={list.query} skeleton={<Blocks heights={[44, 640]} />}>
        {() => (
          <DataTable
            id="audit"
            caption={t('audit.caption')}
            columns={columns}
            rows={list.rows}
            total={list.total}
            keyOf={(row) => String(row.sequence)}
            empty={<Empty>{t('audit.empty')}</Empty>}
            onMore={list.onMore}
            isLoadingMore={list.isLoadingMore}
          />
        )}
      </Loaded>
    </Page>
  );
}

/** Recounts the chain of hashes from its first entry. */
function Verification() {
  const { t, language } = useWords();
  const say = useSentence();
  const verify = useMutation({ mutationFn: staffApi.verifyAudit });
  const found = verify.data;
  return (
    <span style={{ display: 'inline-flex', gap: 12, alignItems: 'center' }}>
      <span role="status">
        {verify.error !== null && <span className="line-notice bad">{say(verify.error)}</span>}
        {found !== undefined && (
          <span className={`line-notice ${found.isIntact ? 'good' : 'bad'}`}>
            {found.isIntact
              ? t('audit.intact', { checked: count(found.checked, language), at: instant(found.checkedAt) })
              : t('audit.broken', { first: count(found.firstBroken, language), checked: count(found.checked, language) })}
          </span>
        )}
      </span>
      <Button type="primary" icon={<SafetyCertificateOutlined aria-hidden />} loading={verify.isPending} onClick={() => verify.mutate()}>
        {verify.isPending ? t('audit.verifying') : t('audit.verify')}
      </Button>
    </span>
  );
}
