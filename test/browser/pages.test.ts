/** One hospital and one Chromium for all walks: both take longer to start than to use. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { launch } from './browser.ts';
import { type Hospital, openHospital, PASSWORD } from './hospital.ts';
import type { Stage } from './pages.ts';
import { takeScreenshots } from './screenshots.ts';
import { walkConsole } from './walk-console.ts';
import { walkIdentityModel } from './walk-identity-model.ts';

const START_LIMIT_MS = 480_000;
let hospital: Hospital | undefined;
let browser: Browser | undefined;

beforeAll(async () => {
  hospital = await openHospital();
  browser = await launch();
}, START_LIMIT_MS);

afterAll(async () => {
  await browser?.close();
  await hospital?.stop();
}, 60_000);

const stage = (): Stage => {
  if (hospital === undefined || browser === undefined) throw new Error('the stage is not set');
  return { browser, url: hospital.url, password: PASSWORD };
};

describe('console', () => {
  walkConsole(stage);
  walkIdentityModel(stage);
});
if (process.env['SCREENSHOTS'] !== undefined) takeScreenshots(stage);
