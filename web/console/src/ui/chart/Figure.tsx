import { DownloadOutlined, LineChartOutlined, TableOutlined } from '@ant-design/icons';
import { Button, Segmented, Tooltip } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../../i18n.ts';
import { type Cell, downloadCsv } from '../csv.ts';
import { ScrollRegion } from '../ScrollRegion.tsx';

export interface FigureProps {
  /** The finding in one sentence. */
  readonly title: string;
  /** What is drawn, its unit and its time. */
  readonly note?: ReactNode;
  readonly head: readonly string[];
  /** Raw values for the export; numbers stay numbers. */
  readonly rows: readonly (readonly Cell[])[];
  /** The same rows as people read them; defaults to the raw ones. */
  readonly shown?: readonly (readonly Cell[])[];
  readonly height: number;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

/** A chart with its finding as title, a table that says the same, and an export. */
export function Figure({ title, note, head, rows, shown = rows, height, extra, children }: FigureProps) {
  const { t } = useWords();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  return (
    <figure className="card figure">
      <figcaption className="figure-head">
        <div>
          <h2 className="figure-title">{title}</h2>
          {note !== undefined && <p className="note">{note}</p>}
        </div>
        <div className="figure-tools">
          {extra}
          <Segmented
            size="small"
            aria-label={t('chart.view')}
            value={view}
            onChange={setView}
            options={[
              { value: 'chart', icon: <LineChartOutlined aria-hidden />, label: t('chart.chart') },
              { value: 'table', icon: <TableOutlined aria-hidden />, label: t('chart.table') },
            ]}
          />
          <Tooltip title={t('chart.export')}>
            <Button size="small" icon={<DownloadOutlined aria-hidden />} aria-label={t('chart.export')} onClick={() => downloadCsv(title, head, rows)} />
          </Tooltip>
        </div>
      </figcaption>
      {rows.length === 0 ? (
        <div className="figure-empty" style={{ height }}>
          {t('chart.noData')}
        </div>
      ) : view === 'chart' ? (
        children
      ) : (
        <ScrollRegion label={title} style={{ height }}>
          <table className="plain-table">
            <caption className="sr-only">{title}</caption>
            <thead>
              <tr>
                {head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row, i) => (
                <tr key={String(row[0]) + String(row[1]) + String(i)}>
                  {row.map((cell, j) => (
                    <td key={head[j]}>{cell === null ? '–' : String(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </figure>
  );
}
