import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { accessibilityBreaches, overflow, visit } from './browser.ts';
import { CONSOLE_PAGES, enter, type Stage, settled, until } from './pages.ts';

export function walkConsole(stage: () => Stage): void {
  describe('signing in', () => {
    test('a demo account signs in with one press and lands on the overview', async () => {
      const { page, context, complaints } = await visit(stage().browser, stage().url);
      await page.goto('/');
      await page.getByRole('button', { name: /院长/ }).waitFor();
      expect(await accessibilityBreaches(page)).toEqual([]);
      await page.getByRole('button', { name: /院长/ }).click();
      await page.getByRole('heading', { level: 1, name: '患者怎么看我们' }).waitFor();
      await settled(page);
      for (const name of ['品牌热度', '口碑', '忠诚'])
        await page
          .getByRole('button', { name: new RegExp(name) })
          .first()
          .waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('a wrong password is answered with one sentence and keeps the name', async () => {
      const { page, context } = await visit(stage().browser, stage().url);
      await page.goto('/');
      await page.getByLabel('用户名').fill('nobody');
      await page.getByLabel('密码', { exact: true }).fill('not-the-password');
      await page.getByRole('button', { name: '登录', exact: true }).click();
      await until(() => page.getByRole('alert').textContent()).toMatch(/密码/);
      expect(await page.getByLabel('用户名').inputValue()).toBe('nobody');
      await context.close();
    });

    test('a session that ended shows the sign-in in place, and the same address after it', async () => {
      const { page, context } = await enter(stage(), 'operations', {}, '/cases?state=closed');
      await settled(page);
      await context.clearCookies();
      await page.getByText('新建', { exact: true }).first().click();
      await page.getByLabel('用户名').waitFor();
      expect(new URL(page.url()).pathname).toBe('/cases');
      await context.close();
    });
  });

  describe('every page', () => {
    test.each(CONSOLE_PAGES)('$path opens in Chinese, light: nothing breaks, nothing slides, nothing is nameless or pale', async ({ role, path, zh }) => {
      const { page, context, complaints } = await enter(stage(), role, {}, path);
      await page.getByRole('heading', { level: 1, name: zh }).waitFor();
      await settled(page);
      expect(await page.title()).toContain(zh);
      expect(await accessibilityBreaches(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test.each(CONSOLE_PAGES)('$path opens in English, dark, without a Chinese word of ours', async ({ role, path, en }) => {
      const { page, context, complaints } = await enter(stage(), role, { language: 'en', theme: 'dark' }, path);
      await page.getByRole('heading', { level: 1, name: en }).waitFor();
      await settled(page);
      expect(await accessibilityBreaches(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      const ours = await page.locator('h1, h2, th, nav, label').allTextContents();
      expect(ours.filter((text) => /\p{Script=Han}/u.test(text.replace('中文', '')))).toEqual([]);
      await context.close();
    });

    test('language and dark mode switch in the head and are remembered', async () => {
      const { page, context } = await enter(stage(), 'president');
      await page.getByText('English', { exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'How patients see us' }).waitFor();
      await page.getByRole('button', { name: 'Switch to dark' }).click();
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'How patients see us' }).waitFor();
      expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']])).toEqual(['en', 'dark']);
      await context.close();
    });

    test('a page out of the role’s reach says who has the right and who can grant it', async () => {
      const { page, context } = await enter(stage(), 'audit', {}, '/patients');
      await page.getByRole('heading', { name: '您没有“查看患者列表”的权限' }).waitFor();
      await page.getByText(/随访护士.*安全管理员/).waitFor();
      await context.close();
    });

    test('an address that does not exist says so inside the console', async () => {
      const { page, context } = await enter(stage(), 'president', {}, '/no/such/page');
      await page.getByRole('heading', { name: '没有找到' }).waitFor();
      await context.close();
    });
  });

  describe('overview and metrics', () => {
    test('choosing an index draws it, and the address bar keeps it', async () => {
      const { page, context } = await enter(stage(), 'president');
      await settled(page);
      await page.locator('article').nth(1).getByRole('button').first().click();
      await until(() => new URL(page.url()).searchParams.get('index')).toBe('word-of-mouth');
      await page.reload();
      await settled(page);
      expect(await page.locator('article').nth(1).getByRole('button').first().getAttribute('aria-pressed')).toBe('true');
      await context.close();
    });

    test('the method of an index is one press away, with parts and weights', async () => {
      const { page, context } = await enter(stage(), 'president');
      await settled(page);
      await page
        .getByRole('button', { name: /的算法/ })
        .first()
        .click();
      const popover = page.getByRole('tooltip').filter({ hasText: '权重' });
      await popover.waitFor();
      expect(await popover.getByRole('row').count()).toBeGreaterThan(2);
      await context.close();
    });

    test('every chart has a table that says the same and an export a spreadsheet opens', async () => {
      const { page, context } = await enter(stage(), 'analyst', {}, '/indicators/outpatient-visits?by=department');
      await settled(page);
      const figure = page.locator('figure').first();
      await figure.getByText('表', { exact: true }).click();
      const rows = await figure.getByRole('row').count();
      expect(rows).toBeGreaterThan(2);
      const [download] = await Promise.all([page.waitForEvent('download'), figure.getByRole('button', { name: '导出 CSV' }).click()]);
      const text = readFileSync(await download.path(), 'utf8');
      expect(text.startsWith('\uFEFF')).toBe(true);
      expect(text.trim().split('\r\n').length).toBe(rows);
      await context.close();
    });

    test('a figure drills to its rows in a side panel that the address bar holds', async () => {
      const { page, context } = await enter(stage(), 'analyst', {}, '/indicators/outpatient-visits?by=department');
      await settled(page);
      await page
        .locator('figure .canvas svg')
        .first()
        .click({ position: { x: 260, y: 20 } });
      await page.getByRole('heading', { name: '数字背后的记录' }).waitFor();
      await settled(page);
      expect(new URL(page.url()).searchParams.get('rows')).toMatch(/\|/);
      expect(await page.getByRole('dialog').getByRole('row').count()).toBeGreaterThan(1);
      await context.close();
    });

    test('the president reads figures but not the rows behind them', async () => {
      const { page, context } = await enter(stage(), 'president', {}, '/indicators/outpatient-visits?rows=%7C');
      await page.getByRole('heading', { name: '您没有“查看指标明细”的权限' }).waitFor();
      await context.close();
    });
  });

  describe('patients', () => {
    test('the list masks names, a row opens the timeline, and kinds narrow it', async () => {
      const { page, context } = await enter(stage(), 'operations', {}, '/patients');
      await settled(page);
      await page.locator('tbody tr[data-row-key]').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: '这位患者经历了什么' }).waitFor();
      await settled(page);
      await until(() => page.locator('.timeline > li').count()).toBeGreaterThan(0);
      await page.getByRole('button', { name: '就诊', exact: true }).click();
      await until(async () => [...new Set(await page.locator('.timeline > li .kind').allTextContents())]).toEqual(['就诊']);
      expect(new URL(page.url()).searchParams.get('kinds')).toBe('encounter');
      await context.close();
    });

    test('an analyst sees no name, and a search leaves no number in the address', async () => {
      const { page, context } = await enter(stage(), 'analyst', {}, '/patients');
      await settled(page);
      await page.getByRole('textbox').first().fill('13800000000');
      await page.getByRole('button', { name: '查找' }).click();
      await page.getByText('没有完全一致的患者').waitFor();
      expect(page.url()).not.toContain('13800000000');
      await context.close();
    });
  });

  describe('sources', () => {
    test('a picture named .csv is refused with its reason, in the page', async () => {
      const { page, context } = await enter(stage(), 'information', {}, '/sources');
      await settled(page);
      await page.getByRole('button', { name: '上传文件' }).click();
      await page.getByLabel('来源', { exact: true }).fill('his');
      // On to the next field, so that the list of known sources closes.
      await page.keyboard.press('Tab');
      await page.locator('.ant-select-dropdown').waitFor({ state: 'hidden' });
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'visits.csv', mimeType: 'text/csv', buffer: Buffer.from('\x89PNG\r\n\x1a\n not a table', 'latin1') });
      await page.getByRole('button', { name: '开始上传' }).click();
      await until(() => page.getByRole('dialog').textContent()).toMatch(/PNG|图片|不是/);
      expect(await accessibilityBreaches(page)).toEqual([]);
      await context.close();
    });

    test('what was refused is listed with file, line and reason', async () => {
      const { page, context } = await enter(stage(), 'information', {}, '/sources?source=his&tab=rejections');
      await settled(page);
      const panel = page.getByRole('dialog');
      await panel.waitFor();
      await until(() => panel.getByRole('row').count()).toBeGreaterThan(1);
      await context.close();
    });

    test('operations sees sources but is told who may upload', async () => {
      const { page, context } = await enter(stage(), 'operations', {}, '/sources');
      await settled(page);
      const upload = page.getByRole('button', { name: '上传文件' });
      expect(await upload.getAttribute('aria-disabled')).toBe('true');
      await upload.hover();
      await page.getByText('上传由信息科或数据分析师办理。').waitFor();
      await context.close();
    });
  });

  test('the audit chain is verified from the page, and its search narrows', async () => {
    const { page, context } = await enter(stage(), 'audit', {}, '/audit');
    await settled(page);
    await page.getByRole('button', { name: '校验完整性' }).click();
    await page.getByText(/记录首尾相连/).waitFor();
    await page.getByLabel('操作').fill('session.open');
    await page.getByRole('button', { name: '查找' }).click();
    await until(async () => [...new Set(await page.locator('tbody tr[data-row-key] td:nth-child(4)').allTextContents())]).toEqual(['session.open']);
    await context.close();
  });
}
