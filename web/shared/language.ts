/** Chinese first, English second. Both travel in answers (`Bilingual`); the page picks. */
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const isLanguage = (text: string | null): text is Language => LANGUAGES.some((language) => language === text);

/** The text of a bilingual value; English falls back to Chinese where a hospital has not translated a name. */
export const pick = (text: { readonly zh: string; readonly en: string }, language: Language): string =>
  language === 'en' && text.en !== '' ? text.en : text.zh;

/** A dimension name: `nameEn` is optional. */
export const pickName = (named: { readonly nameZh: string; readonly nameEn: string | null }, language: Language): string =>
  language === 'en' ? (named.nameEn ?? named.nameZh) : named.nameZh;

/** Remembered choices live in local storage; a browser that refuses storage simply forgets. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`xinglin.${key}`);
  } catch {
    return null;
  }
}
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`xinglin.${key}`, value);
  } catch {
    // Private browsing without storage: the choice lasts until the page is closed.
  }
}
