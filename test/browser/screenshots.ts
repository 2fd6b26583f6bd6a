/** Pictures for the docs, taken when `SCREENSHOTS` is set; each under the size a page of documentation can bear. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type VisitOptions, visit } from './browser.ts';
import type { LoopHospital } from './loop-hospital.ts';
import { enter, type Stage, settled } from './pages.ts';
import { previewVersion, trainVersion } from './walk-identity-model.ts';
import { enterAsPatient, openSurvey } from './walk-patient.ts';

const FOLDER = new URL('../../docs/images/', import.meta.url).pathname;
const BYTES_MAX = 300_000;
type Take = (page: Page, name: string) => Promise<void>;

interface Picture {
  readonly name: string;
  readonly role: string;
  readonly path: string | (() => string);
  readonly options?: VisitOptions;
  readonly prepare?: (page: Page) => Promise<void>;
}
const openFirst = async (page: Page): Promise<void> => {
  await page.locator('tbody tr[data-row-key]').first().click();
  await page.locator('.side-panel').getByRole('heading').first().waitFor();
};

/** A version of the identity model that waits for approval, made for the pictures. */
let trained = '';
const CONSOLE: readonly Picture[] = [
  { name: 'overview', role: 'president', path: '/' },
  { name: 'overview-dark-en', role: 'president', path: '/?index=loyalty', options: { language: 'en', theme: 'dark' } },
  { name: 'metrics', role: 'analyst', path: '/indicators' },
  { name: 'metric', role: 'analyst', path: '/indicators/outpatient-visits?by=department' },
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
  { name: 'identity-model', role: 'information', path: '/identity/model' },
  {
    name: 'identity-model-charts',
    role: 'information',
    path: () => `/identity/model?with=${trained}`,
    // The head of the page stays in sight and would cover the titles.
    prepare: (page) => page.locator('.model-charts').evaluate((charts) => window.scrollTo(0, charts.getBoundingClientRect().top + window.scrollY - 72)),
  },
  { name: 'identity-model-version', role: 'operations', path: () => `/identity/model?open=${trained}` },
  { name: 'sources', role: 'information', path: '/sources', prepare: openFirst },
  { name: 'audit', role: 'audit', path: '/audit' },
];

const keep: Take = async (page, name) => {
  mkdirSync(FOLDER, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400);
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path });
  expect(statSync(path).size).toBeLessThan(BYTES_MAX);
};

async function takeOne(stage: Stage, { name, role, path, options, prepare }: Picture): Promise<void> {
  const { page, context } = await enter(stage, role, options, typeof path === 'string' ? path : path());
  await settled(page);
  await prepare?.(page);
  await settled(page);
  await keep(page, name);
  await context.close();
}

/** Of the demo hospital. */
export function takeScreenshots(stage: () => Stage): void {
  describe('pictures for the docs', () => {
    test('sign-in', async () => {
      const { page, context } = await visit(stage().browser, stage().url);
      await page.goto('/');
      await page.getByRole('button', { name: /院长/ }).waitFor();
      await keep(page, 'sign-in');
      await context.close();
    });
    test('a version of the model to show', { timeout: 300_000 }, async () => {
      const { page, context } = await enter(stage(), 'information', {}, '/identity/model');
      trained = await trainVersion(page);
      await context.close();
      const other = await enter(stage(), 'operations', {}, '/identity/model');
      await previewVersion(other.page, trained);
      await other.context.close();
    });
    test.each(CONSOLE)('$name', (picture) => takeOne(stage(), picture));
  });
}

/** Of the hospital in simulated time: worklists with work in them, and the patients' pages. */
export function takeLoopScreenshots(stage: () => Stage, hospital: () => LoopHospital): void {
  describe('pictures for the docs', () => {
    test('worklists', async () => {
      const { nurse, operations } = hospital().usernames;
      await takeOne(stage(), { name: 'follow-ups', role: nurse, path: '/follow-ups' });
      await takeOne(stage(), {
        name: 'follow-up',
        role: nurse,
        path: '/follow-ups',
        prepare: async (page) => {
          await openFirst(page);
          await page.getByText('已接通', { exact: true }).click();
        },
      });
      await takeOne(stage(), {
        name: 'identity-reviews',
        role: operations,
        path: '/identity/reviews',
        prepare: async (page) => {
          await page.locator('.review-item').first().click();
          await page.getByRole('table', { name: '逐项对比' }).waitFor();
        },
      });
      const openPerson = async (page: Page): Promise<void> => {
        await page.locator('tbody tr[data-row-key]', { hasText: '沈' }).click();
        await page.getByRole('link', { name: '查看合并依据、变化与家人' }).click();
        await page.getByRole('table', { name: '合并后的信息' }).waitFor();
      };
      await takeOne(stage(), { name: 'identity-person', role: operations, path: '/patients', prepare: openPerson });
      await takeOne(stage(), {
        name: 'identity-preview',
        role: operations,
        path: '/patients',
        prepare: async (page) => {
          await openPerson(page);
          await page.getByRole('table', { name: '来源记录' }).getByRole('checkbox').first().click();
          await page.getByRole('button', { name: '拆分选中的记录' }).click();
          await page.locator('.person-card').nth(2).waitFor();
        },
      });
      await takeOne(stage(), { name: 'cases', role: operations, path: '/cases' });
      await takeOne(stage(), { name: 'case', role: operations, path: '/cases', prepare: openFirst });
    });

    test.each([
      ['', {}],
      ['-large', { isLarge: true }],
    ] as const)('patient pages%s', async (suffix, options: VisitOptions) => {
      const { page, context } = await enterAsPatient(stage(), hospital().phones[0] ?? '', options);
      await settled(page);
      await keep(page, `patient-inbox${suffix}`);
      await openSurvey(page);
      await keep(page, `patient-survey${suffix}`);
      await context.close();
    });
  });
}
