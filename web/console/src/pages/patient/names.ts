import i18next from 'i18next';
import { useWords } from '../../i18n.ts';

/** Words for codes that arrive in data; a code without a word shows as itself. */
export function useFactName(): (fact: string) => string {
  const { t } = useWords();
  return (fact) => (i18next.exists(`fact.${fact}`, { ns: 'staff' }) ? t(`fact.${fact}` as 'fact.encounter') : fact); // checked at run time
}

export function usePurposeName(): (purpose: string) => string {
  const { t } = useWords();
  return (purpose) => (i18next.exists(`purpose.${purpose}`, { ns: 'staff' }) ? t(`purpose.${purpose}` as 'purpose.care') : purpose); // checked at run time
}
