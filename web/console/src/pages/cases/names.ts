import type { CaseRow } from '@xinglin/contracts/api.ts';
import i18next from 'i18next';
import { useWords } from '../../i18n.ts';
import type { Tone } from '../../ui/Badge.tsx';

const ORIGINS: Readonly<Record<string, 'cases.originSurvey' | 'cases.originComplaint' | 'cases.originAlert' | 'cases.originManual' | 'cases.originFollowup'>> =
  {
    survey: 'cases.originSurvey',
    complaint: 'cases.originComplaint',
    alert: 'cases.originAlert',
    manual: 'cases.originManual',
    followup: 'cases.originFollowup',
    'follow-up': 'cases.originFollowup',
  };

export function useOriginName(): (origin: string) => string {
  const { t } = useWords();
  return (origin) => {
    const key = ORIGINS[origin];
    return key === undefined ? origin : t(key);
  };
}

/** Steps arrive as codes; one without a word shows as itself. */
export function useStepName(): (step: string) => string {
  const { t } = useWords();
  return (step) => (i18next.exists(`cases.step.${step}`, { ns: 'staff' }) ? t(`cases.step.${step}` as 'cases.step.opened') : step); // checked at run time
}

export const TONE_OF_STATE: Record<CaseRow['state'], Tone> = {
  new: 'bad',
  assigned: 'watch',
  contacted: 'info',
  working: 'info',
  resolved: 'watch',
  closed: 'good',
};
