/** Pictures for the docs, taken when `SCREENSHOTS` is set; each under the size a page of documentation can bear. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type VisitOptions, visit } from './browser.ts';
import { enter, type Stage, settled } from './pages.ts';

const FOLDER = new URL('../../docs/images/', import.meta.url).pathname;
const BYTES_MAX = 300_000;

interface Picture {
  readonly name: string;
  readonly role: string;
  readonly path: string;
  readonly options?: VisitOptions;
  readonly prepare?: (page: Page) => Promise<void>;
}
const openFirst = async (page: Page): Promise<void> => {
  await page.locator('tbody tr[data-row-key]').first().click();
  await page.locator('.side-panel').getByRole('heading').first().waitFor();
};

const CONSOLE: readonly Picture[] = [
  { name: 'overview', role: 'president', path: '/' },
  { name: 'overview-dark-en', role: 'president', path: '/?index=loyalty', options: { language: 'en', theme: 'dark' } },
  { name: 'metrics', role: 'analyst', path: '/metrics' },
  { name: 'metric', role: 'analyst', path: '/metrics/outpatient-visits?by=department' },
  { name: 'patients', role: 'operations', path: '/patients' },
  {
    name: 'patient',
    role: 'operations',
    path: '/patients',
    prepare: async (page) => {
      await page.locator('tbody tr[data-row-key]').nth(2).click();
      await page.getByRole('heading', { level: 1, name: '这位患者经历了什么' }).waitFor();
    },
  },
  { name: 'sources', role: 'information', path: '/sources', prepare: openFirst },
  { name: 'follow-ups', role: 'nurse', path: '/follow-ups?state=scheduled' },
  {
    name: 'follow-up',
    role: 'nurse',
    path: '/follow-ups',
    prepare: async (page) => {
      await openFirst(page);
      const reached = page.getByText('已接通', { exact: true });
      if ((await reached.count()) > 0) await reached.click();
    },
  },
  { name: 'cases', role: 'operations', path: '/cases' },
  { name: 'case', role: 'operations', path: '/cases', prepare: openFirst },
  { name: 'audit', role: 'audit', path: '/audit' },
];

export function takeScreenshots(stage: () => Stage): void {
  const keep = async (page: Page, name: string): Promise<void> => {
    mkdirSync(FOLDER, { recursive: true });
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(400);
    const path = join(FOLDER, `${name}.png`);
    await page.screenshot({ path });
    expect(statSync(path).size).toBeLessThan(BYTES_MAX);
  };
  describe('pictures for the docs', () => {
    test('sign-in', async () => {
      const { page, context } = await visit(stage().browser, stage().url);
      await page.goto('/');
      await settled(page);
      await keep(page, 'sign-in');
      await context.close();
    });
    test.each(CONSOLE)('$name', async ({ name, role, path, options, prepare }) => {
      const { page, context } = await enter(stage(), role, options, path);
      await settled(page);
      await prepare?.(page);
      await settled(page);
      await keep(page, name);
      await context.close();
    });
  });
}
