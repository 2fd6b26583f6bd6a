import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DecisionReason, ReviewDetail, ReviewRow, ReviewSummary } from '@xinglin/contracts/api.ts';
import { REVIEW_AGES } from '@xinglin/contracts/identity.ts';
import { idempotencyKey } from '@xinglin/web-shared/api/http.ts';
import { identityApi } from '@xinglin/web-shared/api/identity.ts';
import { count } from '@xinglin/web-shared/format.ts';
import { remember, remembered } from '@xinglin/web-shared/language.ts';
import { App, Button, Select, Switch, Tooltip } from 'antd';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n.ts';
import { oneOf, type ReviewsAddress, useAddress } from '../paths.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded } from '../ui/States.tsx';
import { useCursorList } from '../ui/use-cursor-list.ts';
import { ActHistory } from './reviews/ActHistory.tsx';
import { DECISIONS, Decide, type Decision, USUAL_REASON } from './reviews/Decide.tsx';
import { Sides } from './reviews/Sides.tsx';
import { useKeys } from './reviews/use-keys.ts';
import { Waterfall } from './reviews/Waterfall.tsx';
import { useChance, useCodeWord } from './reviews/words.ts';

const STATES = ['pending', 'later'] as const;
const REFRESH_MS = 60_000;
const DAY_MS = 86_400_000;
const TONE_OF_STATE: Record<ReviewDetail['state'], Tone> = { pending: 'watch', later: 'none', together: 'good', apart: 'info', none: 'none' };

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

interface FiltersProps {
  readonly summary: ReviewSummary | undefined;
  readonly state: (typeof STATES)[number];
  readonly address: Partial<ReviewsAddress>;
  readonly patch: ReturnType<typeof useAddress<ReviewsAddress>>[1];
  readonly hasKeys: boolean;
  readonly onKeys: (isOn: boolean) => void;
}
function Filters({ summary, state, address, patch, hasKeys, onKeys }: FiltersProps) {
  const { t, language } = useWords();
  const word = useCodeWord();
  const counted = (rows: ReviewSummary['byReason'], name: (code: string) => string) =>
    rows.map(({ code, count: many }) => ({ value: code, label: `${name(code)} ${count(many, language)}` }));
  const choice = (label: string, value: string | undefined, options: { value: string; label: string }[], set: (value: string | undefined) => void) => (
    <Select
      aria-label={label}
      placeholder={label}
      style={{ minWidth: 170 }}
      allowClear
      value={value ?? null}
      onChange={(next: string | null) => set(next ?? undefined)}
      options={options}
      popupMatchSelectWidth={false}
    />
  );
  return (
    <>
      <Select
        aria-label={t('desk.state.label')}
        style={{ minWidth: 110 }}
        value={state}
        onChange={(next) => patch({ state: next, review: undefined })}
        options={STATES.map((value) => ({ value, label: t(`desk.state.${value}`) }))}
      />
      {choice(
        t('desk.reasonLabel'),
        address.reason,
        counted(summary?.byReason ?? [], (code) => word(['desk', 'reason'], code)),
        (reason) => patch({ reason, review: undefined }),
      )}
      {choice(
        t('desk.source'),
        address.source,
        counted(summary?.bySource ?? [], (code) => code),
        (source) => patch({ source, review: undefined }),
      )}
      {choice(
        t('desk.age.label'),
        address.age,
        REVIEW_AGES.map((value) => ({ value, label: `${t(`desk.age.${value}`)} ${count(summary?.byAge.find((each) => each.code === value)?.count ?? 0, language)}` })), // biome-ignore format: one line
        (age) => patch({ age, review: undefined }),
      )}
      <span className="grow" />
      <Tooltip title={t('desk.keys.hint')}>
        <span className="keys-switch">
          <Switch
            size="small"
            checked={hasKeys}
            aria-label={`${t('desk.keys.label')} – ${t('desk.keys.hint')}`}
            onChange={(isOn) => {
              onKeys(isOn);
              remember('review.keys', isOn ? 'on' : 'off');
            }}
          />{' '}
          {t('desk.keys.label')} <kbd>J</kbd> <kbd>K</kbd> <kbd>M</kbd> <kbd>N</kbd> <kbd>L</kbd>
        </span>
      </Tooltip>
    </>
  );
}

function Item({ row, isOpen, onOpen }: { row: ReviewRow; isOpen: boolean; onOpen: () => void }) {
  const { t } = useWords();
  const word = useCodeWord();
  const chance = useChance();
  return (
    <li>
      <button type="button" id={`review-${row.reviewId}`} className="review-item" aria-current={isOpen} onClick={onOpen}>
        <span className="review-names">
          <strong>{row.a.name}</strong> · <strong>{row.b.name}</strong>
        </span>
        <span className="review-chance num">{row.probability === null ? t('desk.conflict') : chance(row.probability)}</span>
        <span className="sub">
          {word(['desk', 'reason'], row.reason)}
          {row.pairs > 1 && ` · ${t('desk.pairs', { count: row.pairs })}`}
        </span>
        <span className="sub">
          {[...new Set([...row.a.sources, ...row.b.sources])].join(' · ')} · {row.ageDays === 0 ? t('desk.today') : t('desk.ageDays', { count: row.ageDays })}
        </span>
      </button>
    </li>
  );
}

function Review({ reviewId, hasKeys, onStep }: { reviewId: string; hasKeys: boolean; onStep: (by: number) => void }) {
  const { t } = useWords();
  const word = useCodeWord();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [reason, setReason] = useState<DecisionReason>();
  const [keys] = useState(() => new Map<string, string>());
  const detail = useQuery({
    queryKey: ['identity', 'review', reviewId],
    queryFn: ({ signal }) => identityApi.review(reviewId, signal),
    refetchOnWindowFocus: false,
  });
  const decide = useMutation({
    mutationFn: (decision: Decision) => {
      const body = { decision, reason: reason ?? USUAL_REASON[decision] };
      // Pressing again after a lost answer is the same act; another decision or reason is another, and so is deciding anew after an undo.
      const name = `${decision} ${body.reason} ${detail.data?.acts.length ?? 0}`;
      const key = keys.get(name) ?? idempotencyKey();
      keys.set(name, key);
      return identityApi.decide(reviewId, body, key);
    },
    onSuccess: async (next, decision) => {
      queries.setQueryData(['identity', 'review', reviewId], next);
      void message.success(t(`desk.decide.done.${decision}`));
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['identity', 'reviews'] }),
        queries.invalidateQueries({ queryKey: ['identity', 'summary'] }),
        queries.invalidateQueries({ queryKey: ['identity', 'person'] }),
      ]);
    },
  });
  const press = (decision: Decision): void => {
    if (!decide.isPending && detail.data !== undefined) decide.mutate(decision);
  };
  useKeys(hasKeys, {
    j: () => onStep(1),
    k: () => onStep(-1),
    ...Object.fromEntries(DECISIONS.map(({ decision, key }) => [key, () => press(decision)])),
  });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);

  return (
    <div className="stack">
      <Loaded query={detail} skeleton={<Blocks heights={[56, 320, 300]} />}>
        {(loaded) => (
          <>
            <section className="card review-head">
              <div className="review-title">
                <h2 ref={heading} tabIndex={-1}>
                  {loaded.a.name} · {loaded.b.name}
                </h2>
                <Badge tone={TONE_OF_STATE[loaded.state]}>{t(`desk.status.${loaded.state}`)}</Badge>
                {loaded.reason !== null && <span className="note">{word(['desk', 'reason'], loaded.reason)}</span>}
              </div>
              <Decide
                detail={loaded}
                reason={reason}
                onReason={setReason}
                onDecide={press}
                pending={decide.isPending ? decide.variables : null}
                error={decide.error}
              />
              <Sides detail={loaded} />
            </section>
            <Waterfall detail={loaded} />
            <section className="card todo">
              <h2 className="section-title">{t('desk.history')}</h2>
              <ActHistory acts={loaded.acts} />
            </section>
          </>
        )}
      </Loaded>
    </div>
  );
}
