import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accessibilityBreaches, overflow, type Visit, type VisitOptions, visit } from './browser.ts';
import type { LoopHospital } from './loop-hospital.ts';
import { type Stage, settled, until } from './pages.ts';

export async function enterAsPatient(stage: Stage, phone: string, options: VisitOptions = {}): Promise<Visit> {
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

/** Opens messages until one leads to a survey, and follows it. */
export async function openSurvey(page: Page): Promise<void> {
  const heads = page.locator('.message-head');
  const link = page.getByRole('link', { name: '去填问卷' });
  for (let i = 0; i < (await heads.count()) && (await link.count()) === 0; i += 1) await heads.nth(i).click();
  await link.click();
  await page.getByRole('group').first().waitFor();
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

export function walkPatient(stage: () => Stage, hospital: () => LoopHospital): void {
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
      const { page, context, complaints } = await enterAsPatient(stage(), hospital().phones[1] ?? '');
      await settled(page);
      expect(await accessibilityBreaches(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await smallTargets(page, 44)).toEqual([]);
      const unread = page.getByText('未读', { exact: true });
      const before = await unread.count();
      if (before > 0) {
        await page.locator('.is-unread .message-head').first().click();
        await until(() => unread.count()).toBe(before - 1);
        await page.reload();
        await page.getByRole('switch').first().waitFor();
        await until(() => unread.count()).toBe(before - 1);
      }
      const consent = page.getByRole('switch').last();
      const was = await consent.getAttribute('aria-checked');
      await consent.click();
      await until(() => consent.getAttribute('aria-checked')).toBe(was === 'true' ? 'false' : 'true');
      await page.getByText('已改好').waitFor();
      await consent.click();
      await until(() => consent.getAttribute('aria-checked')).toBe(was);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('the large-type view has 22 px text, 60 px targets and 7:1 contrast, and is remembered', async () => {
      const { page, context } = await enterAsPatient(stage(), hospital().phones[1] ?? '');
      await page.getByRole('button', { name: '长辈版' }).click();
      await page.reload();
      await page.getByRole('switch').first().waitFor();
      expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe('22px');
      expect(await smallTargets(page, 60)).toEqual([]);
      expect(await accessibilityBreaches(page, true)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await context.close();
    });

    test('a survey asks why after a low score, keeps its answers over a reload, thanks, is answered once, and opens a case', async () => {
      const { story, phones } = hospital();
      const { page, context, complaints } = await enterAsPatient(stage(), phones[0] ?? '');
      await openSurvey(page);
      const link = page.url();
      expect(await accessibilityBreaches(page)).toEqual([]);
      expect(await smallTargets(page, 44)).toEqual([]);
      expect(await page.getByRole('textbox').count()).toBe(0);
      await page.getByRole('group').first().getByRole('radio', { name: '不满意', exact: true }).check();
      await page.getByRole('textbox').fill('等得太久');
      await page.reload();
      await until(() => page.getByRole('textbox').inputValue()).toBe('等得太久');
      await page.getByRole('button', { name: '提交' }).click();
      await page.getByText(/还有 \d 题没有选/).waitFor();
      const groups = page.getByRole('group');
      for (let i = 1; i < (await groups.count()); i += 1) {
        // The doctor's talk is one of the answers that open a case by themselves.
        const chosen = groups.nth(i).getByRole('radio', { name: i === 1 ? '不满意' : '满意', exact: true });
        if ((await chosen.count()) > 0) await chosen.check();
      }
      const before = await caseCount(story);
      await page.getByRole('button', { name: '提交' }).click();
      await page.getByRole('heading', { level: 1, name: '谢谢您' }).waitFor();
      await page.getByText(/24 小时内/).waitFor();
      await page.goto(link);
      await page.getByRole('heading', { level: 1, name: '已收到您的回答' }).waitFor();
      expect(complaints).toEqual([]);
      await story.settle();
      expect(await caseCount(story)).toBe(before + 1);
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

const caseCount = async ({ app }: LoopHospital['story']): Promise<number> => {
  const { n } = await app.platform.db.one<{ n: number }>('select count(*)::int as n from improve."case"');
  return n;
};
