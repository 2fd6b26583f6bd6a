import { DownOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { listed } from '@xinglin/web-shared/format.ts';
import { pickName } from '@xinglin/web-shared/language.ts';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useWords } from '../i18n.ts';
import { useSession } from '../session.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';

export function AccountMenu() {
  const { t, language } = useWords();
  const { displayName, role, departments, mustChangePassword } = useSession();
  const queries = useQueryClient();
  const [isChanging, setChanging] = useState(false);
  const signOut = useMutation({
    mutationFn: staffApi.signOut,
    onSettled: () => {
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      queries.setQueryData(['session'], null);
    },
  });
  const scope =
    departments === null
      ? t('account.allDepartments')
      : listed(
          departments.map((department) => pickName(department, language)),
          language,
        );
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'scope', disabled: true, label: t('account.departments', { names: scope }) },
            { type: 'divider' },
            { key: 'password', label: t('account.changePassword'), onClick: () => setChanging(true) },
            { key: 'out', label: t('account.signOut'), onClick: () => signOut.mutate() },
          ],
        }}
      >
        <Button type="text" style={{ height: 44 }} aria-label={`${displayName} ${t(`role.${role}`)} ${t('account.menu')}`} aria-haspopup="menu">
          <span className="who">
            <span>{displayName}</span>
            <small>{t(`role.${role}`)}</small>
          </span>
          <DownOutlined aria-hidden style={{ fontSize: 10 }} />
        </Button>
      </Dropdown>
      {(isChanging || mustChangePassword) && <PasswordDialog isRequired={mustChangePassword} onClose={() => setChanging(false)} />}
    </>
  );
}
