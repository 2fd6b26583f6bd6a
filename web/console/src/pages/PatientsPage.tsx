import type { PatientRow } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { ABSENT, count, instant, masked } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useWords } from '../i18n.ts';
import { type PatientsAddress, paths, useAddress } from '../paths.ts';
import { useMay } from '../session.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded } from '../ui/States.tsx';
import { useCursorList } from '../ui/use-cursor-list.ts';
import { useAgeName } from './patient/names.ts';

export default function PatientsPage() {
  const { t, language } = useWords();
  const ageName = useAgeName();
  const may = useMay();
  const [{ department }] = useAddress<PatientsAddress>();
  // A number or a name is not kept in the address bar: it would stay in the history of a shared computer.
  const [q, setQ] = useState<string>();
  const navigate = useNavigate();
  const list = useCursorList(['patients', q, department], (cursor, signal) =>
    q === undefined || q === '' ? staffApi.patients({ department }, cursor, signal) : staffApi.searchPatients(q, signal),
  );

  const columns: TableColumn<PatientRow>[] = [
    { key: 'name', title: t('patients.name'), isFixed: true, width: 130, render: (row) => <strong className="nowrap">{row.name}</strong> },
    { key: 'sex', title: t('patients.sex'), width: 60, render: (row) => t(`patients.${row.sex}`) },
    {
      key: 'age',
      title: t('patients.age'),
      width: 76,
      align: 'right',
      render: (row) => (row.age === null ? ABSENT : ageName(row.age)),
    },
    { key: 'phone', title: t('patients.phone'), width: 130, render: (row) => <span className="num">{masked(row.phone)}</span> },
    { key: 'residentId', title: t('patients.residentId'), width: 176, render: (row) => <span className="num">{masked(row.residentId)}</span> },
    {
      key: 'lastDepartment',
      title: t('patients.lastDepartment'),
      render: (row) => (row.lastDepartment === null ? t('state.unmapped') : pick(row.lastDepartment, language)),
    },
    { key: 'lastSeen', title: t('patients.lastSeen'), width: 150, render: (row) => <span className="num">{instant(row.lastSeenAt)}</span> },
    { key: 'encounters', title: t('patients.encounters'), width: 90, align: 'right', render: (row) => count(row.encounters, language) },
    { key: 'records', title: t('patients.records'), width: 90, align: 'right', render: (row) => count(row.records, language) },
  ];

  const isSearch = q !== undefined && q !== '';
  const answer = !isSearch
    ? t('patients.answerList')
    : list.rows.length === 0
      ? t('patients.answerNone')
      : t('patients.answerFound', { count: list.total ?? list.rows.length });
  return (
    <Page
      title={t('patients.title')}
      answer={list.query.data === undefined ? (list.query.error === null ? null : '') : answer}
      asOf={list.asOf}
      filters={
        <Form<{ q?: string }> layout="inline" onFinish={(fields) => setQ(fields.q?.trim())} role="search" style={{ rowGap: 4 }}>
          <Form.Item name="q" style={{ margin: 0, marginInlineEnd: 8 }}>
            <Input
              allowClear
              autoComplete="off"
              style={{ width: 420 }}
              aria-label={t('patients.search')}
              placeholder={t('patients.search')}
              aria-describedby="search-hint"
              maxLength={64}
            />
          </Form.Item>
          <Button type="primary" htmlType="submit">
            {t('patients.submit')}
          </Button>
          <p className="note" id="search-hint" style={{ flexBasis: '100%' }}>
            {t('patients.searchHint')}
          </p>
        </Form>
      }
    >
      <Loaded query={list.query} skeleton={<Blocks heights={[44, 640]} />}>
        {() => (
          <DataTable
            id="patients"
            caption={t('patients.caption')}
            columns={columns}
            rows={list.rows}
            total={list.total}
            keyOf={(row) => row.personId}
            onOpen={may('patient.read') ? (row) => void navigate(paths.patient(row.personId)) : undefined}
            empty={<Empty>{isSearch ? t('patients.notFound') : t('patients.empty')}</Empty>}
            onMore={list.onMore}
            isLoadingMore={list.isLoadingMore}
          />
        )}
      </Loaded>
    </Page>
  );
}
