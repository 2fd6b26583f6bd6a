import { percent } from '@xinglin/web-shared/format.ts';
import i18next from 'i18next';
import { useWords } from '../../i18n.ts';

/** Words for codes that arrive in data. A code may hold a dot, which i18next reads as a path, so the bundle is read itself; one without a word shows as itself. */
export function useCodeWord(): (group: readonly string[], code: string) => string {
  const { language } = useWords();
  return (group, code) => {
    let words: unknown = i18next.getResource(language, 'staff', group[0] ?? '');
    for (const part of group.slice(1)) words = typeof words === 'object' && words !== null ? (words as Record<string, unknown>)[part] : undefined; // a tree of words
    const word = typeof words === 'object' && words !== null ? (words as Record<string, unknown>)[code] : undefined; // as above
    return typeof word === 'string' ? word : code;
  };
}

/** A score never is a certainty: its ends are said as ends. */
const CHANCE_MAX = 0.999;
export function useChance(): (probability: number) => string {
  const { t, language } = useWords();
  return (probability) => {
    if (probability > CHANCE_MAX) return t('desk.nearlyAll', { share: percent(CHANCE_MAX, language, 1) });
    if (probability < 1 - CHANCE_MAX) return t('desk.nearlyNone', { share: percent(1 - CHANCE_MAX, language, 1) });
    return percent(probability, language, probability > 0.99 || probability < 0.01 ? 1 : 0);
  };
}

/** Facts and rows as people call them. */
export function useWhatWord(): (what: string) => string {
  const word = useCodeWord();
  return (what) => (what.startsWith('fact.') ? word(['fact'], what.slice('fact.'.length)) : word(['desk', 'what'], what));
}
