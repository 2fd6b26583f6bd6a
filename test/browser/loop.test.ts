/** Worklists, cases and the patients' pages, on a hospital in simulated time. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { PASSWORD } from '../stories/hospital.ts';
import { launch } from './browser.ts';
import { type LoopHospital, openLoopHospital } from './loop-hospital.ts';
import type { Stage } from './pages.ts';
import { takeLoopScreenshots } from './screenshots.ts';
import { walkIdentity } from './walk-identity.ts';
import { walkPatient } from './walk-patient.ts';
import { walkWorklists } from './walk-worklists.ts';

const START_LIMIT_MS = 240_000;
let open: LoopHospital | undefined;
let browser: Browser | undefined;

beforeAll(async () => {
  open = await openLoopHospital();
  browser = await launch();
}, START_LIMIT_MS);

afterAll(async () => {
  await browser?.close();
  await open?.story.close();
}, 60_000);

const hospital = (): LoopHospital => {
  if (open === undefined) throw new Error('the hospital is not open');
  return open;
};
const stage = (): Stage => {
  if (browser === undefined) throw new Error('the browser is not there');
  return { browser, url: hospital().url, password: PASSWORD };
};

// Pictures first: the walks change what they would show.
if (process.env['SCREENSHOTS'] !== undefined) takeLoopScreenshots(stage, hospital);
walkWorklists(stage, hospital);
walkIdentity(stage, hospital);
walkPatient(stage, hospital);
