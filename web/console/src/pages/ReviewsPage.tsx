import { useQuery } from '@tanstack/react-query';
import type { ReviewSummary } from '@xinglin/contracts/api.ts';
import { identityApi } from '@xinglin/web-shared/api/identity.ts';
import { count } from '@xinglin/web-shared/format.ts';
import { remembered } from '@xinglin/web-shared/language.ts';
import { Button } from 'antd';
import { useCallback, useRef, useState } from 'react';
import { useWords } from '../i18n.ts';
import { oneOf, type ReviewsAddress, useAddress } from '../paths.ts';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded } from '../ui/States.tsx';
import { useCursorList } from '../ui/use-cursor-list.ts';
import { Filters, STATES } from './reviews/Filters.tsx';
import { Item } from './reviews/Item.tsx';
import { Review } from './reviews/Review.tsx';
import { useKeys } from './reviews/use-keys.ts';

const REFRESH_MS = 60_000;
const DAY_MS = 86_400_000;

export default function ReviewsPage() {
  const { t, language } = useWords();
  const [address, patch] = useAddress<ReviewsAddress>();
  const state = oneOf(address.state, STATES, 'pending');
  const ask = { state, reason: address.reason, source: address.source, age: address.age };
  const list = useCursorList(['identity', 'reviews', ask], (cursor, signal) => identityApi.reviews(ask, cursor, signal), { refetchMs: REFRESH_MS });
  const summary = useQuery({ queryKey: ['identity', 'summary'], queryFn: ({ signal }) => identityApi.summary(signal), refetchInterval: REFRESH_MS });
  const isFiltered = state !== 'pending' || [address.reason, address.source, address.age].some((each) => each !== undefined);

  const open = (reviewId: string | undefined): void => patch({ review: reviewId });
  const at = list.rows.findIndex((row) => row.reviewId === address.review);
  // What was decided leaves the list; whatever stands in its place is next.
  const lastAt = useRef(0);
  if (at >= 0) lastAt.current = at;
  const step = useCallback(
    (by: number) => {
      const from = at >= 0 ? at + by : by > 0 ? Math.min(lastAt.current, list.rows.length - 1) : lastAt.current - 1;
      const next = list.rows[Math.max(0, Math.min(list.rows.length - 1, from))];
      if (next === undefined) return;
      patch({ review: next.reviewId });
      document.getElementById(`review-${next.reviewId}`)?.scrollIntoView({ block: 'nearest' });
    },
    [at, list.rows, patch],
  );
  const [hasKeys, setHasKeys] = useState(() => remembered('review.keys') !== 'off');

  return (
    <Page
      title={t('desk.title')}
      answer={summary.data === undefined ? summary.error === null ? null : '' : <Answer summary={summary.data} />}
      asOf={list.asOf}
      filters={<Filters summary={summary.data} state={state} address={address} patch={patch} hasKeys={hasKeys} onKeys={setHasKeys} />}
    >
      <Loaded query={list.query} skeleton={<Blocks heights={[600]} />}>
        {() =>
          list.rows.length === 0 && address.review === undefined ? (
            <div className="card">
              <Empty>{isFiltered ? t('desk.emptyFilter') : t('desk.empty')}</Empty>
            </div>
          ) : (
            <div className="review-columns">
              <section className="card review-list" aria-label={t('desk.queue')}>
                <p className="note review-place">
                  {at >= 0 ? t('desk.ofTotal', { at: count(at + 1, language), total: count(list.total, language) }) : count(list.total, language)}
                </p>
                <ol>
                  {list.rows.map((row) => (
                    <Item key={row.reviewId} row={row} isOpen={row.reviewId === address.review} onOpen={() => open(row.reviewId)} />
                  ))}
                </ol>
                {list.onMore !== undefined && (
                  <div className="table-more">
                    <Button size="small" onClick={list.onMore} loading={list.isLoadingMore}>
                      {t('desk.more')}
                    </Button>
                  </div>
                )}
              </section>
              {address.review === undefined ? (
                <div className="card">
                  <Empty title={t('desk.queue')}>{t('desk.pick')}</Empty>
                </div>
              ) : (
                <Review key={address.review} reviewId={address.review} hasKeys={hasKeys} onStep={step} />
              )}
            </div>
          )
        }
      </Loaded>
      {address.review === undefined && <StepKeys isOn={hasKeys} onStep={step} />}
    </Page>
  );
}

/** Before anything is open, j and k open the first. */
function StepKeys({ isOn, onStep }: { isOn: boolean; onStep: (by: number) => void }) {
  useKeys(isOn, { j: () => onStep(1), k: () => onStep(-1) });
  return null;
}

function Answer({ summary }: { summary: ReviewSummary }) {
  const { t, language } = useWords();
  const { pending, later, oldestAt, decided } = summary;
  if (pending === 0) return later === 0 ? t('desk.answerNone') : t('desk.answerLater', { later: count(later, language) });
  const days = oldestAt === null ? 0 : Math.max(0, Math.floor((Date.parse(summary.asOf) - Date.parse(oldestAt)) / DAY_MS));
  const figures = { pending, days, match: decided.match, noMatch: decided.noMatch };
  return <strong>{t('desk.answer', Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, count(value, language)])) as Record<keyof typeof figures, string>)}</strong>; // biome-ignore format: one line; the same keys
}
