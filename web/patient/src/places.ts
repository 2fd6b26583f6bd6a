export type Place = { readonly page: 'survey' | 'link'; readonly token: string } | { readonly page: 'inbox' };

/** `/p/s/TOKEN` is one survey, `/p/i/TOKEN` a link that signs in, anything else the inbox. */
export function placeOf(path: string): Place {
  const [, kind, token] = /^\/p\/([si])\/([^/]+)\/?$/.exec(path) ?? [];
  if (token === undefined) return { page: 'inbox' };
  return { page: kind === 's' ? 'survey' : 'link', token: decodeURIComponent(token) };
}
