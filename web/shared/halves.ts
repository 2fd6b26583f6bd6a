import type { Language } from './language.ts';

/**
 * Notes that carry both languages in one text, an owner followed by ` · ` and its English or the same inside brackets, cut to the
 * language asked for. A text in one language is left alone; references to our own design notes mean nothing to a reader and are dropped.
 */
export function cutTo(text: string, language: Language): string {
  const choose = (first: string, second: string): string => (language === 'en' ? second : first);
  const inner = text
    .replace(/ ?· ?(?:DOMAIN|SPEC) [A-Z]\d+/, '')
    // A remark that only says the reference again, in the other language too.
    .replace(/^(.+)\uFF08\1 · ([^\uFF08\uFF09]*)\uFF09$/, (_, first: string, second: string) => choose(first, second.charAt(0).toUpperCase() + second.slice(1)))
    .replaceAll(/\uFF08([^\uFF08\uFF09]*?) · ([^\uFF08\uFF09]*)\uFF09/g, (_, first: string, second: string) => choose(`\uFF08${first}\uFF09`, ` (${second})`));
  const whole = /^([^·]*\p{Script=Han}[^·]*) · ([^·\p{Script=Han}]+)$/u.exec(inner);
  return whole === null ? inner : choose(whole[1] ?? inner, whole[2] ?? inner);
}
