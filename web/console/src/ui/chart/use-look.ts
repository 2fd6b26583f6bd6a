import { PALETTES } from '@xinglin/web-shared/tokens.ts';
import { theme } from 'antd';
import { useMemo } from 'react';
import type { Look } from './options.ts';

/** The chart's colours follow the theme in force; how values and days are said is the page's. */
export function useLook(say: Look['say'], sayDay: Look['sayDay']): Look {
  const { token } = theme.useToken();
  const mode = token.colorBgContainer === PALETTES.dark.surface ? 'dark' : 'light';
  return useMemo(() => ({ mode, palette: PALETTES[mode], say, sayDay }), [mode, say, sayDay]);
}
