import { isLanguage, type Language, remember, remembered } from '@xinglin/web-shared/language.ts';
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

/** Only the words of the language in use are loaded; the other comes when asked for. */
async function load(language: Language): Promise<void> {
  const { staff } = language === 'en' ? await import('@xinglin/web-shared/i18n/en.ts') : await import('@xinglin/web-shared/i18n/zh-CN.ts');
  i18next.addResourceBundle(language, 'staff', staff);
}

export async function startLanguage(): Promise<void> {
  const saved = remembered('language');
  const language: Language = isLanguage(saved) ? saved : 'zh-CN';
  await i18next.use(initReactI18next).init({ lng: language, ns: ['staff'], defaultNS: 'staff', resources: {}, interpolation: { escapeValue: false } });
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function switchLanguage(language: Language): Promise<void> {
  await load(language);
  remember('language', language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** The words and the language of the reader. */
export function useWords() {
  const { t, i18n } = useTranslation('staff');
  const language: Language = i18n.language === 'en' ? 'en' : 'zh-CN';
  return { t, language };
}
