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

/** Facts and rows as people call them. */
export function useWhatWord(): (what: string) => string {
  const word = useCodeWord();
  return (what) => (what.startsWith('fact.') ? word(['fact'], what.slice('fact.'.length)) : word(['desk', 'what'], what));
}
