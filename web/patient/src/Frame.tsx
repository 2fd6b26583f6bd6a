import type { Bilingual } from '@xinglin/contracts/api.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { type ReactNode, useEffect, useRef } from 'react';
import { useSettings } from './words.tsx';

/** The frame of every page: hospital, type size, language, and where to find a person. */
export function Frame({ hospital, title, children }: { hospital: Bilingual | null; title: string; children: ReactNode }) {
  const { t, language, setLanguage, isLarge, setLarge } = useSettings();
  const heading = useRef<HTMLHeadingElement>(null);
  const name = hospital === null ? '' : pick(hospital, language);
  useEffect(() => {
    document.title = name === '' ? title : `${title} · ${name}`;
  }, [title, name]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <header className="top">
        <span className="hospital">
          <img src="/p/mark.svg" alt="" width={24} height={24} />
          {name}
        </span>
        <span className="tools">
          <button type="button" className="tool" aria-pressed={isLarge} onClick={() => setLarge(!isLarge)}>
            {isLarge ? t('largeType.off') : t('largeType.on')}
          </button>
          <button type="button" className="tool" lang={language === 'en' ? 'zh-CN' : 'en'} onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}>
            {t('language')}
          </button>
        </span>
      </header>
      <main id="main">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      <footer>{t('footer')}</footer>
    </>
  );
}

/** Boxes where the content will stand. */
export const Waiting = ({ boxes }: { boxes: readonly number[] }) => {
  const { t } = useSettings();
  return (
    <div aria-busy="true">
      <span className="sr-only">{t('loading')}</span>
      {boxes.map((height, i) => (
        <div key={`${String(height)}-${String(i)}`} className="box" style={{ height }} />
      ))}
    </div>
  );
};
