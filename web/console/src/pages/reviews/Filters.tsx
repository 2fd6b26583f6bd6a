import type { ReviewSummary } from '@xinglin/contracts/api.ts';
import { REVIEW_AGES } from '@xinglin/contracts/identity.ts';
import { count } from '@xinglin/web-shared/format.ts';
import { remember } from '@xinglin/web-shared/language.ts';
import { Select, Switch, Tooltip } from 'antd';
import { useWords } from '../../i18n.ts';
import type { ReviewsAddress, useAddress } from '../../paths.ts';
import { useSourceName } from '../../ui/use-source-name.ts';
import { useCodeWord } from './words.ts';

export const STATES = ['pending', 'later'] as const;

interface FiltersProps {
  readonly summary: ReviewSummary | undefined;
  readonly state: (typeof STATES)[number];
  readonly address: Partial<ReviewsAddress>;
  readonly patch: ReturnType<typeof useAddress<ReviewsAddress>>[1];
  readonly hasKeys: boolean;
  readonly onKeys: (isOn: boolean) => void;
}
/** What the queue is cut by, with how many wait behind each choice, and whether keys decide. */
export function Filters({ summary, state, address, patch, hasKeys, onKeys }: FiltersProps) {
  const { t, language } = useWords();
  const word = useCodeWord();
  const sourceName = useSourceName();
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
      {choice(t('desk.source'), address.source, counted(summary?.bySource ?? [], sourceName), (source) => patch({ source, review: undefined }))}
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
