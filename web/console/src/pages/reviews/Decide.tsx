import type { DecisionReason, ReviewDecision, ReviewDetail } from '@xinglin/contracts/api.ts';
import { DECISION_REASONS } from '@xinglin/contracts/identity.ts';
import { Button, Select } from 'antd';
import { useWords } from '../../i18n.ts';
import { useSentence } from '../../ui/States.tsx';

export type Decision = ReviewDecision['decision'];
export const DECISIONS: readonly { decision: Decision; key: string }[] = [
  { decision: 'match', key: 'm' },
  { decision: 'no-match', key: 'n' },
  { decision: 'later', key: 'l' },
];
/** The reason taken when none was chosen. */
export const USUAL_REASON: Readonly<Record<Decision, DecisionReason>> = { match: 'details-agree', 'no-match': 'twins-or-relatives', later: 'need-more' };

export interface DecideProps {
  readonly detail: ReviewDetail;
  readonly reason: DecisionReason | undefined;
  readonly onReason: (reason: DecisionReason | undefined) => void;
  readonly onDecide: (decision: Decision) => void;
  readonly pending: Decision | null;
  readonly error: unknown;
}

/** Three buttons and a reason. What is so already is marked. */
export function Decide({ detail, reason, onReason, onDecide, pending, error }: DecideProps) {
  const { t } = useWords();
  const say = useSentence();
  const held: Decision | null = detail.state === 'together' ? 'match' : detail.state === 'apart' ? 'no-match' : detail.state === 'later' ? 'later' : null;
  return (
    <section className="decide" aria-label={t('desk.decide.label')}>
      <div className="action-row">
        {DECISIONS.map(({ decision, key }) => (
          <Button
            key={decision}
            type={decision === 'match' && held === null ? 'primary' : 'default'}
            className={held === decision ? 'is-chosen' : ''}
            aria-pressed={held === decision}
            loading={pending === decision}
            disabled={pending !== null && pending !== decision}
            onClick={() => onDecide(decision)}
          >
            {t(`desk.decide.${decision}`)} <kbd>{key.toUpperCase()}</kbd>
          </Button>
        ))}
        <Select<DecisionReason>
          aria-label={t('desk.decide.reason')}
          placeholder={`${t('desk.decide.reason')} – ${t('desk.decide.reasonAuto')}`}
          style={{ minWidth: 220 }}
          allowClear
          value={reason ?? null}
          onChange={(value) => onReason(value ?? undefined)}
          options={DECISION_REASONS.map((value) => ({ value, label: t(`desk.why.${value}`) }))}
        />
      </div>
      {error !== null && (
        <p className="line-notice bad" role="alert">
          {say(error)}
        </p>
      )}
    </section>
  );
}
