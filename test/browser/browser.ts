/** One Chromium for the run, from npm. Nothing else needs to be installed: it brings its own browser and our own fonts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';

const require = createRequire(import.meta.url);

/**
 * Arguments meant for one request in a small cloud function: with one process, closing a second context kills the browser;
 * the last would let a page read what the real browser forbids.
 */
const DROPPED = new Set(['--single-process', '--no-zygote', '--in-process-gpu', '--disable-web-security', "--headless='shell'"]);

export async function launch(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: chromium.args.filter((argument) => !DROPPED.has(argument)) });
}

const FONT_FILES = join(dirname(require.resolve('@fontsource-variable/noto-sans-sc/package.json')), 'files');
const FONT_PATH = '/test-fonts/';
/** The family the patients' pages ask a phone for; a test machine has no Chinese font, so ours stands in. */
const PHONE_FAMILY = 'PingFang SC';

function fontFaces(): [string, string][] {
  const css = readFileSync(join(FONT_FILES, '../index.css'), 'utf8');
  return [...css.matchAll(/url\(\.\/files\/([^)]+)\)[^;]*;\s*unicode-range:\s*([^;]+);/g)].map(([, file = '', range = '']) => [file, range]);
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the console of the browser complained about; a page that works says nothing. */
  readonly complaints: string[];
}

export interface VisitOptions {
  readonly language?: 'zh-CN' | 'en';
  readonly theme?: 'light' | 'dark';
  readonly isLarge?: boolean;
  readonly isPhone?: boolean;
}

export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const size: BrowserContextOptions =
    options.isPhone === true ? { viewport: { width: 390, height: 844 }, hasTouch: true } : { viewport: { width: 1440, height: 900 } };
  const context = await browser.newContext({ ...size, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', baseURL: url, reducedMotion: 'reduce' });
  await context.route(`**${FONT_PATH}*`, (route) =>
    route.fulfill({ path: join(FONT_FILES, route.request().url().split('/').at(-1) ?? ''), contentType: 'font/woff2' }),
  );
  await context.addInitScript(
    ({ faces, family, path, language, theme, isLarge }) => {
      if (localStorage.getItem('xinglin.language') === null) localStorage.setItem('xinglin.language', language);
      if (localStorage.getItem('xinglin.theme') === null) localStorage.setItem('xinglin.theme', theme);
      if (isLarge) localStorage.setItem('xinglin.large-type', 'yes');
      for (const [file, unicodeRange] of faces) document.fonts.add(new FontFace(family, `url(${path}${file})`, { unicodeRange, weight: '100 900' }));
    },
    {
      faces: fontFaces(),
      family: PHONE_FAMILY,
      path: FONT_PATH,
      language: options.language ?? 'zh-CN',
      theme: options.theme ?? 'light',
      isLarge: options.isLarge === true,
    },
  );
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is the server's answer, not a fault of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  return { page, context, complaints };
}

interface AxeResult {
  violations: { id: string; impact: string | null; help: string; nodes: { target: string[]; html: string; failureSummary?: string }[] }[];
}
let axeSource: string | undefined;

/** Breaches of WCAG 2.2 AA that a machine can see, one line each. `isEnhanced` also asks for 7:1. */
export async function accessibilityBreaches(page: Page, isEnhanced = false): Promise<string[]> {
  axeSource ??= readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axeSource);
  const result = await page.evaluate(async (enhanced) => {
    const axe = (globalThis as unknown as { axe: { run(context: Document, options: object): Promise<unknown> } }).axe; // put there by the line above
    return axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: enhanced ? { 'color-contrast-enhanced': { enabled: true } } : {},
    });
  }, isEnhanced);
  return (result as AxeResult).violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} – ${node.target.join(' ')} ${node.html.slice(0, 140)}`),
  ); // axe's documented shape
}

/** How far the page is wider than the window; anything above 0 is a page that slides sideways. */
export const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
