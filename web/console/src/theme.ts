/** Ant Design's theme from our tokens. Nothing else in the console sets a colour or a size of its components. */
import { PALETTES, type Palette } from '@xinglin/web-shared/tokens.ts';
import { type ThemeConfig, theme } from 'antd';

export type Mode = 'light' | 'dark';

export function themeOf(mode: Mode): ThemeConfig {
  const p: Palette = PALETTES[mode];
  const accent = { colorPrimary: p.accent, colorPrimaryHover: p.accent, colorPrimaryActive: p.accent };
  return {
    algorithm: mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    hashed: false,
    token: {
      // Accent text is dark enough to be read; fills that carry text use the accent itself (see components).
      colorPrimary: p.accentText,
      colorLink: p.accentText,
      colorLinkHover: p.accentText,
      colorSuccess: p.good,
      colorWarning: p.watch,
      colorError: p.bad,
      colorInfo: p.info,
      colorText: p.ink,
      colorTextHeading: p.ink,
      colorTextSecondary: p.secondary,
      colorTextTertiary: p.secondary,
      colorTextDescription: p.secondary,
      colorTextPlaceholder: p.secondary,
      colorTextDisabled: p.secondary,
      colorBgLayout: p.paper,
      colorBgBase: p.surface,
      colorBgContainer: p.surface,
      colorBgElevated: p.surface,
      colorBorder: mode === 'light' ? '#C9C3B6' : '#4A555D',
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      controlItemBgActive: p.tint,
      controlItemBgHover: p.tint,
      controlItemBgActiveHover: p.tint,
      fontFamily: 'var(--font)',
      fontSize: 14,
      lineHeight: 1.6,
      borderRadius: 6,
      borderRadiusLG: 8,
      wireframe: false,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
      boxShadow: 'none',
      boxShadowTertiary: 'none',
    },
    components: {
      Button: { ...accent, primaryColor: p.onAccent, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
      Table: {
        fontSize: 13,
        headerBg: p.paper,
        headerColor: p.secondary,
        headerSplitColor: 'transparent',
        rowHoverBg: p.tint,
        rowSelectedBg: p.tint,
        rowSelectedHoverBg: p.tint,
        cellPaddingBlock: 9,
        cellPaddingBlockMD: 8,
        cellPaddingBlockSM: 6,
        cellPaddingInline: 12,
        borderColor: p.line,
      },
      Segmented: { itemSelectedBg: p.surface, itemSelectedColor: p.accentText, trackBg: mode === 'light' ? '#F1EDE4' : '#262F35', itemColor: p.secondary },
      Tabs: { itemSelectedColor: p.accentText, inkBarColor: p.accent, itemHoverColor: p.accentText },
      Switch: accent,
      Checkbox: { colorPrimary: p.accentText },
      Card: { headerFontSize: 14, bodyPadding: 16 },
      Drawer: { paddingLG: 20 },
      Tooltip: { colorBgSpotlight: mode === 'light' ? p.ink : '#3A454D', colorTextLightSolid: '#FFFFFF' },
      Tag: { defaultBg: 'transparent', defaultColor: p.secondary },
      Form: { labelColor: p.secondary, verticalLabelPadding: '0 0 4px', itemMarginBottom: 16 },
      Progress: { defaultColor: p.accent },
    },
  };
}
