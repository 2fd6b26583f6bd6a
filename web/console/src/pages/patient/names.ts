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

export function useInsuranceName(): (type: string) => string {
  const { t } = useWords();
  return (type) => (i18next.exists(`insuranceType.${type}`, { ns: 'staff' }) ? t(`insuranceType.${type}` as 'insuranceType.employee') : type); // checked at run time
}

/** The rule that linked a record. Its name holds a colon, which i18next reads as a namespace, so the bundle is read itself. */
export function useLinkName(): (linkedBy: string) => string {
  const { language } = useWords();
  return (linkedBy) => {
    const names: unknown = i18next.getResource(language, 'staff', 'linkedBy');
    const name =
      typeof names === 'object' && names !== null ? (names as Record<string, unknown>)[linkedBy.startsWith('model:') ? 'model' : linkedBy] : undefined; // a record of words
    return typeof name === 'string' ? name : linkedBy;
  };
}

/** Whole years; a child in its first year has none yet. */
export function useAgeName(): (age: number) => string {
  const { t } = useWords();
  return (age) => (age === 0 ? t('patients.ageInfant') : t('patients.ageYears', { age }));
}
