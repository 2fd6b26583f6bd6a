import { patient as en } from '@xinglin/web-shared/i18n/en.ts';
import { patient as zh } from '@xinglin/web-shared/i18n/zh-CN.ts';
import { isLanguage, type Language, remember, remembered } from '@xinglin/web-shared/language.ts';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Translate, translator } from './translate.ts';

const WORDS: Record<Language, Translate> = { 'zh-CN': translator(zh), en: translator({ ...en }) };

interface Settings {
  readonly t: Translate;
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly isLarge: boolean;
  readonly setLarge: (isLarge: boolean) => void;
}
const SettingsContext = createContext<Settings | null>(null);

/** Language and type size, remembered on this phone. */
export function SettingsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => {
    const saved = remembered('language');
    return isLanguage(saved) ? saved : 'zh-CN';
  });
  const [isLarge, setLarge] = useState(() => remembered('large-type') === 'yes');
  const root = document.documentElement;
  root.lang = language;
  useEffect(() => remember('language', language), [language]);
  useEffect(() => {
    root.dataset['theme'] = isLarge ? 'large' : 'light';
    remember('large-type', isLarge ? 'yes' : 'no');
  }, [isLarge, root]);
  const settings = useMemo(() => ({ t: WORDS[language], language, setLanguage, isLarge, setLarge }), [language, isLarge]);
  return <SettingsContext value={settings}>{children}</SettingsContext>;
}

export function useSettings(): Settings {
  const settings = useContext(SettingsContext);
  if (settings === null) throw new Error('a page was drawn outside its settings');
  return settings;
}
