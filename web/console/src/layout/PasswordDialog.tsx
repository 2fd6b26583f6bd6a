import { useMutation, useQueryClient } from '@tanstack/react-query';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { App, Button, Form, Input, Modal } from 'antd';
import { useWords } from '../i18n.ts';
import { useSession } from '../session.tsx';
import { useSentence } from '../ui/States.tsx';

const LENGTH_MIN = 10;
interface Fields {
  current: string;
  next: string;
  again: string;
}

export function PasswordDialog({ isRequired, onClose }: { isRequired: boolean; onClose: () => void }) {
  const { t } = useWords();
  const { username } = useSession();
  const say = useSentence();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: ({ current, next }: Fields) => staffApi.changePassword(current, next),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['session'] });
      void message.success(t('password.done'));
      onClose();
    },
  });
  return (
    <Modal
      open
      title={isRequired ? t('password.mustTitle') : t('password.title')}
      closable={!isRequired}
      mask={{ closable: false }}
      keyboard={!isRequired}
      onCancel={onClose}
      footer={null}
    >
      {isRequired && <p className="note">{t('password.mustHint')}</p>}
      <Form<Fields> layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)}>
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <Form.Item name="current" label={t('password.current')} rules={[{ required: true, message: t('signIn.required', { field: t('password.current') }) }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="next"
          label={t('password.next')}
          extra={t('password.rule')}
          rules={[{ required: true, min: LENGTH_MIN, message: t('password.tooShort') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('password.again')}
          dependencies={['next']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value) => (value === getFieldValue('next') ? Promise.resolve() : Promise.reject(new Error(t('password.differs')))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {save.error !== null && (
          <p className="line-notice bad" role="alert">
            {say(save.error)}
          </p>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending} block>
          {t('password.submit')}
        </Button>
      </Form>
    </Modal>
  );
}
