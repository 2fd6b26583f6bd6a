import { DeleteOutlined, InboxOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { IngestReport } from '@xinglin/contracts';
import type { SourceRow } from '@xinglin/contracts/api.ts';
import { CODE_PATTERN } from '@xinglin/contracts/organisation.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { ABSENT, count } from '@xinglin/web-shared/format.ts';
import { pickName } from '@xinglin/web-shared/language.ts';
import { AutoComplete, Button, Form, Input, Progress, Upload } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n.ts';
import { SidePanel } from '../../ui/SidePanel.tsx';
import { useSentence } from '../../ui/States.tsx';

/** Reasons listed on the page; the report itself may hold more. */
const REASONS_SHOWN_MAX = 200;
interface Fields {
  source: string;
  mapping?: string;
}

export function UploadPanel({ isOpen, sources, onClose }: { isOpen: boolean; sources: readonly SourceRow[]; onClose: () => void }) {
  const { t } = useWords();
  return (
    <SidePanel title={t('sources.uploadTitle')} isOpen={isOpen} onClose={onClose} width={640}>
      <Body sources={sources} />
    </SidePanel>
  );
}

function Body({ sources }: { sources: readonly SourceRow[] }) {
  const { t, language } = useWords();
  const say = useSentence();
  const queries = useQueryClient();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [share, setShare] = useState(0);
  const [isMissing, setMissing] = useState(false);
  const upload = useMutation({
    mutationFn: (fields: Fields) => staffApi.upload(files, { source: fields.source.trim(), mapping: fields.mapping?.trim() }, setShare),
    onMutate: () => setShare(0),
    onSettled: () => queries.invalidateQueries({ predicate: ({ queryKey }) => ['sources', 'deliveries', 'rejections'].includes(String(queryKey[0])) }),
  });
  const restart = (): void => {
    upload.reset();
    setFiles([]);
  };
  if (upload.data !== undefined) return <Report report={upload.data} onAgain={restart} />;
  return (
    <Form<Fields>
      layout="vertical"
      requiredMark={false}
      onFinish={(fields) => {
        setMissing(files.length === 0);
        if (files.length > 0) upload.mutate(fields);
      }}
    >
      <Form.Item
        name="source"
        label={t('sources.uploadSource')}
        extra={t('sources.uploadSourceHint')}
        rules={[{ required: true, pattern: new RegExp(CODE_PATTERN), message: t('sources.uploadSourceBad') }]}
      >
        <AutoComplete
          style={{ width: 280 }}
          options={sources.map((source) => ({ value: source.source, label: `${source.source} · ${pickName(source, language)}` }))}
        />
      </Form.Item>
      <Form.Item name="mapping" label={t('sources.uploadMapping')} extra={t('sources.uploadMappingHint')}>
        <Input style={{ width: 280 }} maxLength={80} />
      </Form.Item>
      <Upload.Dragger
        multiple
        showUploadList={false}
        fileList={[]}
        disabled={upload.isPending}
        beforeUpload={(file) => {
          setMissing(false);
          setFiles((before) => [...before, file]);
          return false;
        }}
      >
        <p style={{ margin: 0, fontSize: 28 }} className="tone-none">
          <InboxOutlined aria-hidden />
        </p>
        <p style={{ margin: 0, fontWeight: 500 }}>{t('sources.uploadHint')}</p>
        <p className="note">{t('sources.uploadFormats')}</p>
      </Upload.Dragger>
      {files.length > 0 && (
        <ul className="history" aria-label={t('sources.files')} style={{ marginTop: 12 }}>
          {files.map((file, i) => (
            <li key={`${file.name}-${file.size}-${file.lastModified}-${String(i)}`} style={{ gridTemplateColumns: '1fr auto auto', alignItems: 'center' }}>
              <span>{file.name}</span>
              <span className="num zero">{size(file.size, language)}</span>
              <Button
                type="text"
                size="small"
                aria-label={t('sources.remove', { file: file.name })}
                icon={<DeleteOutlined aria-hidden />}
                onClick={() => setFiles(files.filter((_, j) => j !== i))}
              />
            </li>
          ))}
        </ul>
      )}
      {isMissing && (
        <p className="line-notice watch" role="alert">
          {t('sources.uploadNone')}
        </p>
      )}
      {upload.error !== null && (
        <p className="line-notice bad" role="alert" style={{ marginTop: 12 }}>
          {say(upload.error)}
        </p>
      )}
      {upload.isPending && (
        <div role="status" style={{ marginTop: 12 }}>
          <span className="note">{share < 1 ? t('sources.uploading') : t('sources.uploadChecking')}</span>
          <Progress percent={Math.round(share * 100)} aria-label={t('sources.uploading')} />
        </div>
      )}
      <p style={{ textAlign: 'right', margin: '16px 0 0' }}>
        <Button type="primary" htmlType="submit" loading={upload.isPending}>
          {t('sources.uploadSubmit')}
        </Button>
      </p>
    </Form>
  );
}

/** What became of every file: the sentence first, the reasons line by line below. */
function Report({ report, onAgain }: { report: IngestReport; onAgain: () => void }) {
  const { t, language } = useWords();
  const { accepted, duplicate, rejected } = report;
  const words = { accepted: count(accepted, language), duplicate: count(duplicate, language), rejected: count(rejected, language) };
  const title =
    rejected === 0
      ? accepted === 0
        ? t('sources.reportTitleSame')
        : t('sources.reportTitleGood', words)
      : accepted === 0
        ? t('sources.reportTitleBad', words)
        : t('sources.reportTitleSome', words);
  const shown = report.rejections.slice(0, REASONS_SHOWN_MAX);
  return (
    <section aria-live="polite">
      <p className={`line-notice ${rejected === 0 ? 'good' : accepted === 0 ? 'bad' : 'watch'}`} style={{ fontSize: 14, fontWeight: 600 }}>
        {title}
      </p>
      <p className="note">{t('sources.reportCounts', words)}</p>
      {shown.length > 0 && (
        <table className="plain-table" style={{ marginTop: 12 }}>
          <caption className="sr-only">{t('sources.reportCaption')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('sources.file')}</th>
              <th scope="col">{t('sources.line')}</th>
              <th scope="col">{t('sources.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((rejection, i) => (
              <tr key={`${rejection.file}-${rejection.line ?? ''}-${String(i)}`}>
                <td>{rejection.file}</td>
                <td className="num">{rejection.line ?? ABSENT}</td>
                <td>
                  {language === 'en' ? rejection.reason : rejection.reasonZh}
                  <span className="sub">{rejection.code}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rejected > shown.length && <p className="note">{t('sources.reportMore', { count: shown.length })}</p>}
      <p style={{ textAlign: 'right', marginTop: 16 }}>
        <Button onClick={onAgain}>{t('sources.again')}</Button>
      </p>
    </section>
  );
}

const size = (bytes: number, language: string): string => {
  const [unit, value] =
    bytes < 1024 ? (['byte', bytes] as const) : bytes < 1024 * 1024 ? (['kilobyte', bytes / 1024] as const) : (['megabyte', bytes / 1024 / 1024] as const);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value);
};
