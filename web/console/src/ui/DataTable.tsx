import { SettingOutlined } from '@ant-design/icons';
import { remember, remembered } from '@xinglin/web-shared/language.ts';
import { Button, Checkbox, Popover, Table } from 'antd';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useWords } from '../i18n.ts';

export interface TableColumn<Row> {
  readonly key: string;
  readonly title: string;
  /** What a hover over the head explains. */
  readonly hint?: string;
  readonly width?: number | undefined;
  readonly align?: 'left' | 'right';
  /** Always shown; others can be put away. */
  readonly isFixed?: boolean;
  /** Put away until asked for. */
  readonly isHidden?: boolean;
  readonly render: (row: Row) => ReactNode;
}

export interface DataTableProps<Row> {
  /** Names the table for assistive technology and its remembered columns. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly selected?: string | undefined;
  readonly onOpen?: ((row: Row) => void) | undefined;
  readonly empty: ReactNode;
  readonly total?: number | null | undefined;
  /** Present when there is more to load. */
  readonly onMore?: (() => void) | undefined;
  readonly isLoadingMore?: boolean;
  readonly toolbar?: ReactNode;
}

/** A table with a sticky head, a choice of columns, and rows that arrow keys walk and Enter opens. */
export function DataTable<Row extends object>({
  id,
  caption,
  columns,
  rows,
  keyOf,
  selected,
  onOpen,
  empty,
  total,
  onMore,
  isLoadingMore = false,
  toolbar,
}: DataTableProps<Row>) {
  const { t, language } = useWords();
  const body = useRef<HTMLDivElement>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => {
    const saved = remembered(`columns.${id}`);
    return new Set(saved === null ? columns.filter((column) => column.isHidden === true).map((column) => column.key) : saved.split(',').filter(Boolean));
  });
  const shownColumns = columns.filter((column) => !hidden.has(column.key));
  const number = new Intl.NumberFormat(language);

  const choose = (key: string, isShown: boolean): void => {
    const next = new Set(hidden);
    if (isShown) next.delete(key);
    else next.add(key);
    setHidden(next);
    remember(`columns.${id}`, [...next].join(','));
  };

  /** Arrow keys move, Home and End jump, Enter and space open. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, row: Row): void => {
    if (event.target !== event.currentTarget) return;
    const all = [...(body.current?.querySelectorAll<HTMLElement>('tbody tr[data-row-key]') ?? [])];
    const at = all.indexOf(event.currentTarget);
    const goals: Record<string, number> = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: all.length - 1 };
    const goal = goals[event.key];
    if (goal !== undefined) {
      event.preventDefault();
      all[Math.max(0, Math.min(all.length - 1, goal))]?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen?.(row);
    }
  };

  if (rows.length === 0) return <div className="card">{empty}</div>;
  return (
    <div className="card table-card" ref={body}>
      <div className="table-tools">
        <span className="note">
          {total === null || total === undefined
            ? t('state.shown', { shown: number.format(rows.length) })
            : onMore === undefined
              ? t('state.allShown', { total: number.format(Math.max(total, rows.length)) })
              : t('state.shownOf', { shown: number.format(rows.length), total: number.format(total) })}
          {onOpen !== undefined && <span className="keys-hint"> · {t('state.keyboard')}</span>}
        </span>
        <span className="table-tools-right">
          {toolbar}
          <Popover
            trigger="click"
            placement="bottomRight"
            content={
              <div className="column-choice">
                {columns.map((column) => (
                  <Checkbox
                    key={column.key}
                    disabled={column.isFixed === true}
                    checked={!hidden.has(column.key)}
                    onChange={(event) => choose(column.key, event.target.checked)}
                  >
                    {column.title}
                  </Checkbox>
                ))}
              </div>
            }
          >
            <Button size="small" type="text" icon={<SettingOutlined aria-hidden />}>
              {t('state.columns')}
            </Button>
          </Popover>
        </span>
      </div>
      <div className="table-scroll">
        <Table<Row>
          caption={<span className="sr-only">{caption}</span>}
          size="middle"
          pagination={false}
          rowKey={keyOf}
          dataSource={[...rows]}
          columns={shownColumns.map((column, at) => ({
            key: column.key,
            ...(column.align !== 'right' && shownColumns[at - 1]?.align === 'right' ? { className: 'after-number' } : {}),
            title: column.hint === undefined ? column.title : <abbr title={column.hint}>{column.title}</abbr>,
            ...(column.width === undefined ? {} : { width: column.width }),
            align: column.align ?? 'left',
            render: (_: unknown, row: Row) => column.render(row),
          }))}
          rowClassName={(row) => `${onOpen === undefined ? '' : 'openable'} ${selected === keyOf(row) ? 'is-open' : ''}`}
          onRow={(row, index) =>
            onOpen === undefined
              ? {}
              : {
                  tabIndex: (selected === undefined ? index === 0 : selected === keyOf(row)) ? 0 : -1,
                  'aria-selected': selected === keyOf(row),
                  onClick: (event) => {
                    if (!(event.target instanceof Element && event.target.closest('a, button') !== null)) onOpen(row);
                  },
                  onKeyDown: (event) => onKeyDown(event, row),
                }
          }
        />
      </div>
      {onMore !== undefined && (
        <div className="table-more">
          <Button onClick={onMore} loading={isLoadingMore}>
            {t('state.loadMore')}
          </Button>
        </div>
      )}
    </div>
  );
}
