/**
 * Finds a word by its key and fills its gaps. The console uses i18next for this; here it would be a sixth of the first load,
 * which a phone on a weak network waits for.
 */
import type { patient } from '@xinglin/web-shared/i18n/zh-CN.ts';

type Leaf<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaf<T[K]>}` }[keyof T & string];
type WithoutPlural<K extends string> = K extends `${infer Stem}_other` ? Stem : K;
export type WordKey = WithoutPlural<Leaf<typeof patient>>;
export type Fill = Readonly<Record<string, string | number>>;
export type Translate = (key: WordKey, fill?: Fill) => string;
interface Tree {
  readonly [name: string]: string | Tree;
}

/** English has a singular form (`_one`); Chinese has `_other` alone. */
export function translator(words: Tree): Translate {
  const find = (path: string): string | null => {
    let at: string | Tree | undefined = words;
    for (const name of path.split('.')) at = typeof at === 'object' ? at[name] : undefined;
    return typeof at === 'string' ? at : null;
  };
  return (key, fill = {}) => {
    const plural = fill['count'] === undefined ? null : ((fill['count'] === 1 ? find(`${key}_one`) : null) ?? find(`${key}_other`));
    return (plural ?? find(key) ?? key).replace(/\{\{(\w+)\}\}/g, (gap, name: string) => String(fill[name] ?? gap));
  };
}
