import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DecisionReason, ReviewDetail } from '@xinglin/contracts/api.ts';
import { idempotencyKey } from '@xinglin/web-shared/api/http.ts';
import { identityApi } from '@xinglin/web-shared/api/identity.ts';
import { App } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n.ts';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { Blocks, Loaded } from '../../ui/States.tsx';
import { ActHistory } from './ActHistory.tsx';
import { DECISIONS, Decide, type Decision, USUAL_REASON } from './Decide.tsx';
import { Sides } from './Sides.tsx';
import { useKeys } from './use-keys.ts';
import { Waterfall } from './Waterfall.tsx';
import { useCodeWord } from './words.ts';

const TONE_OF_STATE: Record<ReviewDetail['state'], Tone> = { pending: 'watch', later: 'none', together: 'good', apart: 'info', none: 'none' };

/** One pair: decide, side by side, the score taken apart, what was decided before. */
export function Review({ reviewId, hasKeys, onStep }: { reviewId: string; hasKeys: boolean; onStep: (by: number) => void }) {
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
