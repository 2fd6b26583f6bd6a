/**
 * The colours of the product, once. Three palettes: `light`, `dark`, and `large` (the large-type view of the patients' pages, 7:1).
 * `tokens.css` is made from here (see tokens.test.ts), Ant Design's and ECharts' themes too. No other file names a colour.
 */
export interface Palette {
  /** Page, raised surface, and the tint of a selected or hovered thing. */
  readonly paper: string;
  readonly surface: string;
  readonly tint: string;
  readonly line: string;
  readonly ink: string;
  readonly secondary: string;
  /** Fill of what can be acted on; text on it is `onAccent`. */
  readonly accent: string;
  readonly onAccent: string;
  /** Links and accent text. */
  readonly accentText: string;
  readonly good: string;
  readonly watch: string;
  readonly bad: string;
  readonly info: string;
  /** Pale grounds for the four states; the state's own colour is text on them. */
  readonly goodTint: string;
  readonly watchTint: string;
  readonly badTint: string;
  readonly infoTint: string;
}

export const PALETTES = {
  light: {
    paper: '#FBFAF7',
    surface: '#FFFFFF',
    tint: '#FDF4EA',
    line: '#E7E3DA',
    ink: '#1F2A33',
    secondary: '#5B6770',
    accent: '#D97B29',
    onAccent: '#1F2A33',
    accentText: '#9A4F0E',
    good: '#2E7D5B',
    watch: '#8A5A12',
    bad: '#B83A3A',
    info: '#2F6690',
    goodTint: '#F0F8F4',
    watchTint: '#FBF4E4',
    badTint: '#FCF0EF',
    infoTint: '#EFF5FA',
  },
  dark: {
    paper: '#13181C',
    surface: '#1A2126',
    tint: '#2E261D',
    line: '#323C43',
    ink: '#ECE8DF',
    secondary: '#A9B3BA',
    accent: '#F0A35E',
    onAccent: '#14191D',
    accentText: '#F0A35E',
    good: '#6CC79B',
    watch: '#E0B15C',
    bad: '#F2958C',
    info: '#8FBFE6',
    goodTint: '#1B2E27',
    watchTint: '#30291A',
    badTint: '#362322',
    infoTint: '#1D2B37',
  },
  large: {
    paper: '#FFFFFF',
    surface: '#FFFFFF',
    tint: '#FFF4E8',
    line: '#8A8478',
    ink: '#10161B',
    secondary: '#38434B',
    accent: '#E8923F',
    onAccent: '#10161B',
    accentText: '#6E3606',
    good: '#14543A',
    watch: '#5E3B06',
    bad: '#8A1C1C',
    info: '#1B4769',
    goodTint: '#F0F8F4',
    watchTint: '#FBF4E4',
    badTint: '#FCF0EF',
    infoTint: '#EFF5FA',
  },
} as const satisfies Record<string, Palette>;
export type PaletteName = keyof typeof PALETTES;

/**
 * Colours of series, at most seven, told apart with normal sight and with the two common kinds of colour blindness
 * (tokens.test.ts simulates both). Graphics need 3:1 against the surface.
 */
export const SERIES: Record<'light' | 'dark', readonly string[]> = {
  light: ['#C8691C', '#1F5E8C', '#328E65', '#8040BF', '#534417', '#559EBB', '#41474B'],
  dark: ['#F0A35E', '#6FA8DC', '#82DEC1', '#9E3ECB', '#DBAC19', '#3F6E94', '#676C6E'],
};

/** The same thing keeps its colour on every page. Others take the colour their name falls on. */
const SERIES_OF: Readonly<Record<string, number>> = { heat: 0, 'word-of-mouth': 1, loyalty: 2 };
export function seriesIndexes(entities: readonly string[]): number[] {
  const taken = new Set<number>();
  return entities.map((entity) => {
    let index = SERIES_OF[entity] ?? [...entity].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) % 7;
    while (taken.has(index) && taken.size < 7) index = (index + 1) % 7;
    taken.add(index);
    return index;
  });
}

/** Latin and digits first, Chinese second. The console ships both faces; the patients' pages use the phone's own. */
export const FONT_CONSOLE =
  "'Inter Variable', 'Noto Sans SC Variable', system-ui, -apple-system, 'Segoe UI', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
export const FONT_PATIENT = "system-ui, -apple-system, 'PingFang SC', 'HarmonyOS Sans SC', MiSans, 'Noto Sans SC', 'Microsoft YaHei', sans-serif";

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const block = (selector: string, palette: Palette, scheme: string): string =>
  `${selector} {\n  color-scheme: ${scheme};\n${Object.entries(palette)
    .map(([name, value]) => `  --${kebab(name)}: ${value};`)
    .join('\n')}\n}\n`;

/** The text of `tokens.css`: `data-theme` on the root element picks the palette. */
export const tokensCss = (): string =>
  [
    '/* Made from tokens.ts; `npx vitest run web/shared -u` writes it again. */',
    block(':root', PALETTES.light, 'light'),
    block(":root[data-theme='dark']", PALETTES.dark, 'dark'),
    block(":root[data-theme='large']", PALETTES.large, 'light'),
  ].join('\n');
