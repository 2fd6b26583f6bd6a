import { UserAddOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ROLES, type Role } from '@xinglin/contracts/viewer.ts';
import { type Account, type NewAccount, staffApi } from '@xinglin/web-shared/api/staff.ts';
import { App, Button, Form, Input, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { useWords } from '../i18n.ts';
import { useSession } from '../session.tsx';
import { Badge } from '../ui/Badge.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { Page } from '../ui/Page.tsx';
import { SidePanel } from '../ui/SidePanel.tsx';
import { Blocks, Empty, Loaded, useSentence } from '../ui/States.tsx';

const PASSWORD_LENGTH_MIN = 10;

export default function AccountsPage() {
  const { t } = useWords();
  const say = useSentence();
  const { message } = App.useApp();
  const { userId } = useSession();
  const queries = useQueryClient();
  const [isCreating, setCreating] = useState(false);
  const accounts = useQuery({ queryKey: ['accounts'], queryFn: ({ signal }) => staffApi.accounts(signal) });
  const change = useMutation({
    mutationFn: ({ account, to }: { account: string; to: 'unlock' | 'disable' }) => staffApi.changeAccount(account, to),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
    onError: (error) => void message.error(say(error)),
  });

  const columns: TableColumn<Account>[] = [
    { key: 'username', title: t('accounts.username'), isFixed: true, width: 160, render: (row) => <strong>{row.username}</strong> },
    { key: 'displayName', title: t('accounts.displayName'), width: 140, render: (row) => row.displayName },
    { key: 'role', title: t('accounts.role'), width: 150, render: (row) => t(`role.${row.role}`) },
    {
      key: 'departments',
      title: t('accounts.departments'),
      render: (row) => (row.departments === null ? t('account.allDepartments') : row.departments.join(' · ')),
    },
    {
      key: 'status',
      title: t('accounts.status'),
      width: 110,
      render: (row) =>
        row.isLocked ? (
          <Badge tone="bad">{t('accounts.locked')}</Badge>
        ) : row.status === 'active' ? (
          <Badge tone="good">{t('accounts.active')}</Badge>
        ) : (
          <Badge tone="none">{t('accounts.disabled')}</Badge>
        ),
    },
    {
      key: 'actions',
      title: t('accounts.actions'),
      width: 150,
      align: 'right',
      render: (row) =>
        row.userId === userId ? (
          <span className="zero">{t('accounts.self')}</span>
        ) : (
          <>
            {row.isLocked && (
              <Button size="small" type="link" onClick={() => change.mutate({ account: row.userId, to: 'unlock' })}>
                {t('accounts.unlock')}
              </Button>
            )}
            {row.status === 'active' && (
              <Popconfirm
                title={t('accounts.disableConfirm')}
                okText={t('accounts.disable')}
                onConfirm={() => change.mutate({ account: row.userId, to: 'disable' })}
              >
                <Button size="small" type="link">
                  {t('accounts.disable')}
                </Button>
              </Popconfirm>
            )}
          </>
        ),
    },
  ];

  const rows = accounts.data?.rows ?? [];
  const locked = rows.filter((row) => row.isLocked).length;
  return (
    <Page
      title={t('accounts.title')}
      answer={
        accounts.data === undefined
          ? accounts.error === null
            ? null
            : ''
          : t(locked === 0 ? 'accounts.answer' : 'accounts.answerLocked', { count: rows.length, locked })
      }
      action={
        <Button type="primary" icon={<UserAddOutlined aria-hidden />} onClick={() => setCreating(true)}>
          {t('accounts.create')}
        </Button>
      }
    >
      <Loaded query={accounts} skeleton={<Blocks heights={[44, 400]} />}>
        {() => (
          <DataTable
            id="accounts"
            caption={t('accounts.caption')}
            columns={columns}
            rows={rows}
            total={rows.length}
            keyOf={(row) => row.userId}
            empty={<Empty>{t('accounts.empty')}</Empty>}
          />
        )}
      </Loaded>
      <SidePanel title={t('accounts.createTitle')} isOpen={isCreating} onClose={() => setCreating(false)}>
        <CreateForm onDone={() => setCreating(false)} />
      </SidePanel>
    </Page>
  );
}

interface Fields {
  username: string;
  displayName: string;
  role: Role;
  departments?: string;
  password: string;
}

function CreateForm({ onDone }: { onDone: () => void }) {
  const { t } = useWords();
  const say = useSentence();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (fields: Fields) => staffApi.createAccount(accountOf(fields)),
    onSuccess: async () => {
      void message.success(t('accounts.created'));
      await queries.invalidateQueries({ queryKey: ['accounts'] });
      onDone();
    },
  });
  const required = (field: string) => ({ required: true, message: t('signIn.required', { field }) });
  return (
    <Form<Fields> layout="vertical" requiredMark={false} autoComplete="off" onFinish={(fields) => create.mutate(fields)}>
      <Form.Item
        name="username"
        label={t('accounts.username')}
        extra={t('accounts.usernameHint')}
        rules={[required(t('accounts.username')), { pattern: /^[A-Za-z0-9._-]{2,64}$/, message: t('accounts.usernameHint') }]}
      >
        <Input />
      </Form.Item>
      <Form.Item name="displayName" label={t('accounts.displayName')} rules={[required(t('accounts.displayName'))]}>
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item name="role" label={t('accounts.role')} rules={[required(t('accounts.role'))]}>
        <Select options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))} />
      </Form.Item>
      <Form.Item name="departments" label={t('accounts.departments')} extra={t('accounts.departmentsHint')}>
        <Input />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('accounts.password')}
        extra={t('accounts.passwordHint')}
        rules={[required(t('accounts.password')), { min: PASSWORD_LENGTH_MIN, message: t('password.tooShort') }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {create.error !== null && (
        <p className="line-notice bad" role="alert">
          {say(create.error)}
        </p>
      )}
      <div className="form-footer">
        <Button onClick={onDone}>{t('state.cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t('accounts.submit')}
        </Button>
      </div>
    </Form>
  );
}

function accountOf({ departments = '', ...rest }: Fields): NewAccount {
  const codes = departments.split(/[,，\s]+/).filter(Boolean);
  return { ...rest, departments: codes.length === 0 ? null : codes };
}
