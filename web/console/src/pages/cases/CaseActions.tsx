import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CaseDetail, CaseStep } from '@xinglin/contracts/api.ts';
import { idempotencyKey } from '@xinglin/web-shared/api/http.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { App, Button, Form, Input, Select, Tooltip } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n.ts';
import { useMay } from '../../session.tsx';
import { useSentence } from '../../ui/States.tsx';

type Action = CaseStep['action'];
const ACTIONS: readonly Action[] = ['assign', 'contact', 'no-answer', 'work', 'resolve', 'close', 'reopen'];
const isAction = (text: string): text is Action => ACTIONS.some((action) => action === text);
/** What usually follows each state; drawn as the primary action when it is allowed. */
const NEXT: Record<CaseDetail['case']['state'], Action> = {
  new: 'assign',
  assigned: 'contact',
  contacted: 'work',
  working: 'resolve',
  resolved: 'close',
  closed: 'reopen',
};
/** A patient told in a few words is told; one told nothing is not. */
const TO_PATIENT_LENGTH_MIN = 4;
interface Fields {
  ownerId?: string;
  note?: string;
  toPatient?: string;
}

/** What may be done next. What may not be done now stays in sight and says why, by the server's own rule. */
export function CaseActions({ detail }: { detail: CaseDetail }) {
  const { t, language } = useWords();
  const may = useMay();
  const [chosen, setChosen] = useState<Action | null>(null);
  if (!may('case.write')) return <p className="line-notice info">{t('cases.forbidden')}</p>;
  const actions = detail.actions.flatMap(({ action, isAllowed, why }) => (isAction(action) ? [{ action, isAllowed, why }] : []));
  const natural = actions.find((each) => each.isAllowed && each.action === NEXT[detail.case.state])?.action;
  const first = natural ?? actions.find((each) => each.isAllowed)?.action;
  const isStillAllowed = actions.some((each) => each.action === chosen && each.isAllowed);
  return (
    <section className="panel-section">
      <h3>{t('cases.next')}</h3>
      <div className="action-row">
        {actions.map(({ action, isAllowed, why }) => {
          const name = t(`cases.action.${action}`);
          const reason = why === null ? undefined : t('cases.notAllowed', { action: name, why: pick(why, language) });
          return (
            <Tooltip key={action} title={isAllowed ? undefined : reason}>
              <Button
                type={chosen === null && action === first ? 'primary' : 'default'}
                aria-pressed={chosen === action}
                aria-disabled={!isAllowed}
                aria-label={isAllowed ? undefined : (reason ?? name)}
                className={isAllowed ? (chosen === action ? 'is-chosen' : '') : 'unavailable'}
                onClick={() => isAllowed && setChosen(chosen === action ? null : action)}
              >
                {name}
              </Button>
            </Tooltip>
          );
        })}
      </div>
      {chosen !== null && isStillAllowed && <StepForm key={chosen} detail={detail} action={chosen} onDone={() => setChosen(null)} />}
    </section>
  );
}

function StepForm({ detail, action, onDone }: { detail: CaseDetail; action: Action; onDone: () => void }) {
  const { t } = useWords();
  const say = useSentence();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [key] = useState(idempotencyKey);
  const { caseId } = detail.case;
  const save = useMutation({
    mutationFn: (fields: Fields) => staffApi.caseStep(caseId, stepOf(action, fields), key),
    onSuccess: async (next) => {
      queries.setQueryData(['case', caseId], next);
      void message.success(t('state.saved'));
      onDone();
      await Promise.all([queries.invalidateQueries({ queryKey: ['cases'] }), queries.invalidateQueries({ queryKey: ['overview'] })]);
    },
  });
  const needsNote = action === 'resolve' || action === 'contact' || action === 'reopen';
  return (
    <Form<Fields> layout="vertical" requiredMark={false} onFinish={(fields) => save.mutate(fields)} initialValues={{ ownerId: detail.case.owner?.userId }}>
      {action === 'assign' && (
        <Form.Item name="ownerId" label={t('cases.ownerLabel')} rules={[{ required: true, message: t('cases.ownerRequired') }]}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={detail.owners.map((owner) => ({ value: owner.userId, label: owner.displayName }))} />
        </Form.Item>
      )}
      {action === 'close' && (
        <Form.Item
          name="toPatient"
          label={t('cases.toPatient')}
          extra={t('cases.toPatientHint')}
          rules={[{ required: true, whitespace: true, min: TO_PATIENT_LENGTH_MIN, message: t('cases.toPatientRequired') }]}
        >
          <Input.TextArea maxLength={500} showCount autoSize={{ minRows: 3, maxRows: 8 }} />
        </Form.Item>
      )}
      <Form.Item name="note" label={t('cases.note')} rules={needsNote ? [{ required: true, whitespace: true, message: t('cases.noteRequired') }] : []}>
        <Input.TextArea maxLength={2000} placeholder={t('cases.noteHint')} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      {save.error !== null && (
        <p className="line-notice bad" role="alert">
          {say(save.error)}
        </p>
      )}
      <div className="form-footer">
        <Button onClick={onDone}>{t('state.cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('cases.submit', { action: t(`cases.action.${action}`) })}
        </Button>
      </div>
    </Form>
  );
}

function stepOf(action: Action, fields: Fields): CaseStep {
  const note = fields.note?.trim() ?? '';
  return {
    action,
    note: note === '' ? null : note,
    ...(action === 'assign' && fields.ownerId !== undefined ? { ownerId: fields.ownerId } : {}),
    ...(action === 'close' && fields.toPatient !== undefined ? { toPatient: fields.toPatient.trim() } : {}),
  };
}
