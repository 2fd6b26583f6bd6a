import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accessibilityBreaches, overflow, type Visit, type VisitOptions, visit } from './browser.ts';
import { signIn } from './hospital.ts';
import { type Stage, settled } from './pages.ts';

/** A patient with an open case: the phone is read by a role that may, as a nurse would before calling. */
async function phoneOfSomebody(url: string): Promise<string> {
  const cookie = await signIn(url, 'operations');
  const ask = async <T>(path: string): Promise<T> => (await fetch(`${url}/api/v1${path}`, { headers: { cookie } })).json() as Promise<T>;
  for (const [list, one, key] of [
    ['/cases?state=open&limit=20', '/cases/', 'caseId'],
    ['/follow-ups?state=open&limit=20', '/follow-ups/', 'taskId'],
    ['/follow-ups?state=scheduled&limit=20', '/follow-ups/', 'taskId'],
  ] as const) {
    const { rows } = await ask<{ rows: Record<string, string>[] }>(list);
    for (const row of rows) {
      const { phone } = await ask<{ phone: string | null }>(`${one}${row[key] ?? ''}`);
      if (phone !== null && /^1[3-9]\d{9}$/.test(phone)) return phone;
    }
  }
  throw new Error('the demo hospital has nobody with a phone');
}

async function enterAsPatient(stage: Stage, phone: string, options: VisitOptions = {}): Promise<Visit> {
  const here = await visit(stage.browser, stage.url, { ...options, isPhone: true });
  const isEnglish = options.language === 'en';
  await here.page.goto('/p/');
  await here.page.getByLabel(isEnglish ? 'Phone number' : '手机号').fill(phone);
  await here.page.getByRole('button', { name: isEnglish ? 'Get a code' : '获取验证码' }).click();
  const shown = await here.page.getByText(isEnglish ? /Demo code/ : /演示验证码/).textContent();
  await here.page.getByLabel(isEnglish ? 'Code' : '验证码', { exact: true }).fill(/\d{6}/.exec(shown ?? '')?.[0] ?? '');
  await here.page.getByRole('button', { name: isEnglish ? 'Sign in' : '登录' }).click();
  await here.page.getByRole('switch').first().waitFor();
  return here;
}

const smallTargets = (page: Page, least: number): Promise<string[]> =>
  page.evaluate(
    (min) =>
      [...document.querySelectorAll('button, a.primary, a.secondary, .choice, input:not([type=radio])')]
        .filter((element) => element.getClientRects().length > 0)
        .map((element) => ({ name: element.textContent ?? element.tagName, height: element.getBoundingClientRect().height }))
        .filter(({ height }) => height < min)
        .map(({ name, height }) => `${name} ${height}`),
    least,
  );

export function walkPatient(stage: () => Stage): void {
  describe('patients’ pages', () => {
    test('a link that does not open says so kindly and offers another way in', async () => {
      const { page, context } = await visit(stage().browser, stage().url, { isPhone: true });
      await page.goto('/p/s/not-a-real-token');
      await page.getByRole('heading', { level: 1, name: '链接打不开' }).waitFor();
      expect(await accessibilityBreaches(page)).toEqual([]);
      await page.getByRole('link', { name: '用手机号登录' }).click();
      await page.getByLabel('手机号').waitFor();
      await context.close();
    });

    test('a number that is not on file gets the same answer as one that is', async () => {
      const { page, context } = await visit(stage().browser, stage().url, { isPhone: true });
      await page.goto('/p/');
      await page.getByLabel('手机号').fill('123');
      await page.getByRole('button', { name: '获取验证码' }).click();
      await page.getByText('请填写 11 位手机号').waitFor();
      await page.getByLabel('手机号').fill('19999999999');
      await page.getByRole('button', { name: '获取验证码' }).click();
      await page.getByText('如果这个号码在医院登记过').waitFor();
      await context.close();
    });

    test('a patient reads messages, withdraws a consent with one press and gives it back with one', async () => {
      const { page, context, complaints } = await enterAsPatient(stage(), await phoneOfSomebody(stage().url));
      await settled(page);
      expect(await accessibilityBreaches(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await smallTargets(page, 44)).toEqual([]);
      const unread = page.getByText('未读', { exact: true });
      const before = await unread.count();
      if (before > 0) {
        await page.locator('.is-unread .message-head').first().click();
        await expect.poll(() => unread.count()).toBe(before - 1);
        await page.reload();
        await page.getByRole('switch').first().waitFor();
        await expect.poll(() => unread.count()).toBe(before - 1);
      }
      const consent = page.getByRole('switch').last();
      const was = await consent.getAttribute('aria-checked');
      await consent.click();
      await expect.poll(() => consent.getAttribute('aria-checked')).toBe(was === 'true' ? 'false' : 'true');
      await page.getByText('已改好').waitFor();
      await consent.click();
      await expect.poll(() => consent.getAttribute('aria-checked')).toBe(was);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('the large-type view has 22 px text, 60 px targets and 7:1 contrast, and is remembered', async () => {
      const { page, context } = await enterAsPatient(stage(), await phoneOfSomebody(stage().url));
      await page.getByRole('button', { name: '长辈版' }).click();
      await page.reload();
      await page.getByRole('switch').first().waitFor();
      expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe('22px');
      expect(await smallTargets(page, 60)).toEqual([]);
      expect(await accessibilityBreaches(page, true)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await context.close();
    });

    test('a survey asks why after a low score, keeps its answers over a reload, thanks, and is answered once', async () => {
      const link = await surveyLink(stage());
      const { page, context, complaints } = await visit(stage().browser, stage().url, { isPhone: true });
      await page.goto(link);
      await page.getByRole('group').first().waitFor();
      expect(await accessibilityBreaches(page)).toEqual([]);
      expect(await page.getByRole('textbox').count()).toBe(0);
      await page.getByRole('group').first().getByRole('radio', { name: '不满意', exact: true }).check();
      await page.getByRole('textbox').fill('等得太久');
      await page.reload();
      await expect.poll(() => page.getByRole('textbox').inputValue()).toBe('等得太久');
      await page.getByRole('button', { name: '提交' }).click();
      await page.getByText(/还有 \d 题没有选/).waitFor();
      const groups = page.getByRole('group');
      for (let i = 1; i < (await groups.count()); i += 1) {
        const good = groups.nth(i).getByRole('radio', { name: '满意', exact: true });
        if ((await good.count()) > 0) await good.check();
      }
      await page.getByRole('button', { name: '提交' }).click();
      await page.getByRole('heading', { level: 1, name: '谢谢您' }).waitFor();
      await page.getByText(/24 小时内/).waitFor();
      await page.goto(link);
      await page.getByRole('heading', { level: 1, name: '已收到您的回答' }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('English is one press away', async () => {
      const { page, context } = await visit(stage().browser, stage().url, { isPhone: true });
      await page.goto('/p/');
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('heading', { level: 1, name: 'My messages' }).waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
      expect(await accessibilityBreaches(page)).toEqual([]);
      await context.close();
    });
  });
}

/** The survey link a patient was sent: found by signing in as patients until one has an unanswered survey. */
async function surveyLink(stage: Stage): Promise<string> {
  const cookie = await signIn(stage.url, 'operations');
  const phones = new Set<string>();
  for (const [list, one, key] of [
    ['/follow-ups?state=open&limit=100', '/follow-ups/', 'taskId'],
    ['/follow-ups?state=scheduled&limit=100', '/follow-ups/', 'taskId'],
    ['/cases?state=closed&limit=100', '/cases/', 'caseId'],
    ['/cases?state=open&limit=100', '/cases/', 'caseId'],
  ] as const) {
    const { rows } = (await (await fetch(`${stage.url}/api/v1${list}`, { headers: { cookie } })).json()) as { rows: Record<string, string>[] };
    for (const row of rows) {
      const { phone } = (await (await fetch(`${stage.url}/api/v1${one}${row[key] ?? ''}`, { headers: { cookie } })).json()) as { phone: string | null };
      if (phone === null || phones.has(phone)) continue;
      phones.add(phone);
      const link = await openSurveyOf(stage.url, phone);
      if (link !== null) return link;
    }
  }
  throw new Error(`none of ${phones.size} patients has an unanswered survey in the inbox`);
}

async function openSurveyOf(url: string, phone: string): Promise<string | null> {
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const { demoCode } = (await (await post('/p/code', { phone })).json()) as { demoCode?: string };
  if (demoCode === undefined) return null;
  const cookie = ((await post('/p/session', { phone, code: demoCode })).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { messages } = (await (await fetch(`${url}/api/v1/p/inbox`, { headers: { cookie } })).json()) as { messages: { link: string | null }[] };
  for (const { link } of messages) {
    const path = link === null ? null : new URL(link, url).pathname;
    if (path === null || !path.startsWith('/p/s/')) continue;
    const survey = (await (await fetch(`${url}/api/v1/p/survey/${path.slice(5)}`)).json()) as { isAnswered?: boolean };
    if (survey.isAnswered === false) return path;
  }
  return null;
}
