import type { Bilingual } from '@xinglin/contracts/api.ts';
import type { Govern } from '../../govern/index.ts';
import type { Platform } from '../../platform/index.ts';

export type MessageParams = Readonly<Record<string, string | number>>;
export interface Rendered {
  readonly title: Bilingual;
  readonly body: Bilingual;
  readonly link: string | null;
}

/** What a template may ask for while it is filled in. */
export interface RenderContext {
  readonly hospital: Bilingual;
  department(code: string): Promise<Bilingual | null>;
  /** What a colleague wrote to this patient with the message; empty when it was erased. */
  words(): Promise<string>;
  /** A signed, expiring link to a single thing. `path` is the patient page's, e.g. `s` for surveys. */
  link(path: string, purpose: string, subject: string, expiresAt: Date): string;
}

/** Words to patients: versioned content. A template in use is never edited, a change is a new edition. */
export interface MessageTemplate {
  /** `name@edition` */
  readonly edition: string;
  /** For the patient's list: `followup`, `survey`, `case`. */
  readonly kind: string;
  render(params: MessageParams, context: RenderContext): Promise<Rendered>;
}

export const textOf = (params: MessageParams, name: string): string => String(params[name] ?? '');

export function renderContext(platform: Platform, govern: Pick<Govern, 'dimensions'>, words: () => Promise<string>): RenderContext {
  return {
    hospital: { zh: platform.hospital.nameZh, en: platform.hospital.nameEn },
    words,
    async department(code) {
      const entry = (await govern.dimensions.entries('department')).get(code);
      return entry === undefined ? null : { zh: entry.nameZh, en: entry.nameEn ?? entry.nameZh };
    },
    link: (path, purpose, subject, expiresAt) => `${platform.publicUrl()}/p/${path}/${platform.keys.signToken(purpose, subject, expiresAt)}`,
  };
}
