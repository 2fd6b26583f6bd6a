import { useInfiniteQuery } from '@tanstack/react-query';
import type { MetricAnswer, MetricRows } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { instant, shortKey } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Button } from 'antd';
import { useWords } from '../../i18n.ts';
import { useMay } from '../../session.tsx';
import { ScrollRegion } from '../../ui/ScrollRegion.tsx';
import { SidePanel } from '../../ui/SidePanel.tsx';
import { Blocks, Empty, Forbidden, Loaded } from '../../ui/States.tsx';
import { type Choice, rowsAskOf } from './ask.ts';

const KEY = /^[0-9a-f]{8}-[0-9a-f]{4}-/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T/;

/** The rows behind one figure. `rows` is `period|group` from the address bar. */
export function RowsPanel({ answer, choice, rows, onClose }: { answer: MetricAnswer; choice: Choice; rows: string | undefined; onClose: () => void }) {
  const { t, language } = useWords();
  const may = useMay();
  const { metric } = answer;
  const isOpen = rows !== undefined;
  const [period = '', group = ''] = (rows ?? '').split('|');
  const ask = rowsAskOf(choice, period === '' ? null : period, group === '' ? null : group);
  const query = useInfiniteQuery({
    queryKey: ['metric-rows', metric.id, ask],
    queryFn: ({ pageParam, signal }) => staffApi.metricRows(metric.id, ask, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: MetricRows) => last.next ?? undefined,
    enabled: isOpen && may('metric.rows'),
  });
  const name = pick(metric.name, language);
  const groupName = answer.rows.find((row) => row.group === group && group !== '')?.groupName ?? null;
  return (
    <SidePanel title={t('metric.rowsTitle')} isOpen={isOpen} onClose={onClose} width={680}>
      <p className="note" style={{ marginBottom: 12 }}>
        {name} · {ask.from} – {ask.to} {groupName !== null && `· ${pick(groupName, language)}`} {choice.where !== undefined && `· ${choice.where}`}
        <br />
        {t('metric.rowsHint')}
      </p>
      {!may('metric.rows') ? (
        <Forbidden permission="metric.rows" />
      ) : (
        <Loaded query={query} skeleton={<Blocks heights={Array(8).fill(28) as number[]} />}>
          {({ pages }) => {
            const columns = pages[0]?.columns ?? [];
            const all = pages.flatMap((page) => page.rows);
            if (all.length === 0) return <Empty>{t('metric.rowsEmpty')}</Empty>;
            return (
              <>
                <ScrollRegion label={t('metric.rowsCaption', { name })}>
                  <table className="plain-table">
                    <caption className="sr-only">{t('metric.rowsCaption', { name })}</caption>
                    <thead>
                      <tr>
                        {columns.map((column) => (
                          <th key={column.name} scope="col">
                            {pick(column, language)}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      {all.map((row, i) => (
                        <tr key={`${String(row[0])}-${String(i)}`}>
                          {row.map((cell, j) => (
                            <td key={columns[j]?.name ?? j} className="nowrap" title={typeof cell === 'string' && KEY.test(cell) ? cell : undefined}>
                              {shown(cell, t('state.yes'), t('state.no'))}
                            </td>
                          ))}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </ScrollRegion>
                {query.hasNextPage && (
                  <div className="table-more">
                    <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                      {t('state.loadMore')}
                    </Button>
                  </div>
                )}
              </>
            );
          }}
        </Loaded>
      )}
    </SidePanel>
  );
}

function shown(cell: string | number | boolean | null, yes: string, no: string): string {
  if (cell === null) return '–';
  if (typeof cell === 'boolean') return cell ? yes : no;
  if (typeof cell === 'number') return String(cell);
  return KEY.test(cell) ? shortKey(cell) : INSTANT.test(cell) ? instant(cell) : cell;
}
