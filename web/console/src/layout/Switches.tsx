import { MoonOutlined, SunOutlined } from '@ant-design/icons';
import type { Language } from '@xinglin/web-shared/language.ts';
import { Button, Segmented, Tooltip } from 'antd';
import { switchLanguage, useWords } from '../i18n.ts';
import type { Mode } from '../theme.ts';

/** Language and light or dark, in the head of every page. Each language is written in itself. */
export function Switches({ mode, onMode }: { mode: Mode; onMode: (mode: Mode) => void }) {
  const { t, language } = useWords();
  const label = mode === 'light' ? t('theme.toDark') : t('theme.toLight');
  return (
    <>
      <Segmented<Language>
        size="small"
        aria-label={t('language.label')}
        value={language}
        onChange={(next) => void switchLanguage(next)}
        options={[
          { value: 'zh-CN', label: t('language.zh-CN') },
          { value: 'en', label: t('language.en') },
        ]}
      />
      <Tooltip title={label}>
        <Button
          type="text"
          size="small"
          aria-label={label}
          icon={mode === 'light' ? <MoonOutlined aria-hidden /> : <SunOutlined aria-hidden />}
          onClick={() => onMode(mode === 'light' ? 'dark' : 'light')}
        />
      </Tooltip>
    </>
  );
}
