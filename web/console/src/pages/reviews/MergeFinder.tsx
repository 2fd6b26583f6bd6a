import { useMutation } from '@tanstack/react-query';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { ABSENT, masked } from '@xinglin/web-shared/format.ts';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n.ts';
import { useMay } from '../../session.tsx';
import { useSentence } from '../../ui/States.tsx';
import { useAgeName } from '../patient/names.ts';

/** Finds the other person by a full number or name; what is typed goes nowhere but the question. */
export function MergeFinder({ personId, onPick }: { personId: string; onPick: (personId: string) => void }) {
  const { t } = useWords();
  const ageName = useAgeName();
  const may = useMay();
  const say = useSentence();
  const [text, setText] = useState('');
  const find = useMutation({ mutationFn: () => staffApi.searchPatients(text.trim()) });
  if (!may('patient.list')) return null;
  const found = (find.data?.rows ?? []).filter((row) => row.personId !== personId);
  return (
    <section className="card todo">
      <h2 className="section-title">{t('desk.person.merge')}</h2>
      <form
        className="merge-finder"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') find.mutate();
        }}
      >
        <Input
          aria-label={t('desk.person.mergeFind')}
          placeholder={t('desk.person.mergeHint')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoComplete="off"
        />
        <Button htmlType="submit" loading={find.isPending}>
          {t('desk.person.find')}
        </Button>
      </form>
      {find.error !== null && (
        <p className="line-notice bad" role="alert">
          {say(find.error)}
        </p>
      )}
      {find.data !== undefined && found.length === 0 && <p className="note">{t('desk.person.findNone')}</p>}
      <ul className="history found">
        {found.map((row) => (
          <li key={row.personId}>
            <span>
              <strong>{row.name}</strong>
              <span className="sub">
                {t(`patients.${row.sex}`)} · {row.age === null ? ABSENT : ageName(row.age)} · {masked(row.phone)}
              </span>
            </span>
            <Button size="small" onClick={() => onPick(row.personId)} aria-label={`${t('desk.preview.merge')} ${row.name}`}>
              {t('desk.preview.merge')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
