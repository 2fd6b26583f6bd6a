/** What the walks share: who signs in where, and the pages there are. */
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Visit, type VisitOptions, visit } from './browser.ts';

/** Two cores shared with other work may take a while. */
const PATIENCE_MS = 15_000;
export const until = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: PATIENCE_MS });

export interface Stage {
  readonly browser: Browser;
  readonly url: string;
  readonly password: string;
}

/** Signs in as people do, by typing. */
export async function enter(stage: Stage, username: string, options: VisitOptions = {}, path = '/'): Promise<Visit> {
  const here = await visit(stage.browser, stage.url, options);
  const isEnglish = options.language === 'en';
  await here.page.goto(path);
  await here.page.getByLabel(isEnglish ? 'User name' : '用户名').fill(username);
  await here.page.getByLabel(isEnglish ? 'Password' : '密码', { exact: true }).fill(stage.password);
  await here.page.getByRole('button', { name: isEnglish ? 'Sign in' : '登录', exact: true }).click();
  await here.page.getByRole('navigation', { name: isEnglish ? 'Main' : '主导航' }).waitFor();
  return here;
}

/** Every page, with the role that walks it and the questions it answers. */
export const CONSOLE_PAGES = [
  { role: 'president', path: '/', zh: '患者怎么看我们', en: 'How patients see us' },
  { role: 'analyst', path: '/indicators', zh: '有哪些指标，怎么算的', en: 'Which metrics there are, and how they are computed' },
  { role: 'analyst', path: '/indicators/outpatient-visits?by=department', zh: '门诊人次', en: 'Outpatient visits' },
  { role: 'operations', path: '/patients', zh: '找一位患者', en: 'Find a patient' },
  { role: 'nurse', path: '/follow-ups', zh: '今天该给谁打电话', en: 'Whom to call today' },
  { role: 'operations', path: '/cases', zh: '谁不满意，我们回应了吗', en: 'Who is unhappy, and have we answered' },
  { role: 'information', path: '/identity/model', zh: '同一个人认得准不准', en: 'How well do we tell who is one person' },
  { role: 'operations', path: '/identity/reviews', zh: '这两份记录是同一个人吗', en: 'Are these two records one person' },
  { role: 'information', path: '/sources', zh: '数据送到了吗，有没有出错', en: 'Did the data arrive, and did anything fail' },
  { role: 'audit', path: '/audit', zh: '谁看过、改过什么', en: 'Who saw or changed what' },
  { role: 'security', path: '/accounts', zh: '谁能进来，能做什么', en: 'Who may come in, and what they may do' },
] as const;

/** Resolves when nothing on the page waits for the server any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await until(() => page.locator('[aria-busy="true"], .shimmer').count()).toBe(0);
}
