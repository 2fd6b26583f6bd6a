/** The page about the identity model: what it says, training, and the way from a new version to its use and back. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accessibilityBreaches } from './browser.ts';
import { enter, type Stage, settled, until } from './pages.ts';

const PATH = '/identity/model';
/** Training and looking ahead take seconds on the demo hospital. */
const taskOver = async (page: Page): Promise<void> => {
  await page.locator('.task-notice').waitFor();
  await expect.poll(() => page.locator('.task-notice').count(), { timeout: 120_000 }).toBe(0);
  await settled(page);
};
/** As the information department: a new version, which then waits for somebody else. Answers its edition. */
export async function trainVersion(page: Page): Promise<string> {
  await settled(page);
  await page.getByRole('button', { name: '训练新版本' }).click();
  await taskOver(page);
  return (await page.locator('tr[data-row-key^="hospital@"]').first().getAttribute('data-row-key')) ?? '';
}
/** As somebody who may approve: what using it would change. */
export async function previewVersion(page: Page, edition: string): Promise<void> {
  await settled(page);
  await openRow(page, edition);
  await page.getByRole('button', { name: '预览改变' }).click();
  await taskOver(page);
  await page.getByText('新增关联', { exact: true }).waitFor();
}
const openRow = async (page: Page, edition: string): Promise<void> => {
  await page.locator(`tr[data-row-key="${edition}"]`).click();
  await page.getByRole('heading', { name: `模型 ${edition}`, exact: true }).waitFor();
  await settled(page);
};

export function walkIdentityModel(stage: () => Stage): void {
  describe('identity model', () => {
    test('says how good identity is, plainly where it cannot, with charts that have their tables', async () => {
      const { page, context, complaints } = await enter(stage(), 'analyst', {}, PATH);
      await settled(page);
      expect(await page.locator('.report-figure').count()).toBe(7);
      // A small hospital may have nothing merged by score yet; it is then told so.
      await page
        .getByText(/模型估计每 10 万条记录有|没有按分数合并的记录/)
        .first()
        .waitFor();
      expect(await page.getByText(/^样本不足/).count()).toBeGreaterThan(0);
      await page.getByRole('button', { name: '错误合并（模型估计）：怎么算的' }).click();
      await page.getByRole('tooltip').filter({ hasText: '按证件号或病案号合并' }).waitFor();
      await page.keyboard.press('Escape');
      expect(await page.locator('figure').count()).toBe(5);
      for (const figure of await page.locator('figure').all()) {
        await figure.getByText('表', { exact: true }).click();
        expect(await figure.getByRole('row').count()).toBeGreaterThan(2);
      }
      // A button half under the head of the page would count as too small.
      await page.evaluate(() => window.scrollTo(0, 0));
      expect(await accessibilityBreaches(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('a version is trained, looked at, approved by somebody else, put to use, and taken back', { timeout: 400_000 }, async () => {
      const { page, context, complaints } = await enter(stage(), 'information', {}, PATH);
      const edition = await trainVersion(page);
      await openRow(page, edition);
      expect(await page.getByRole('button', { name: /^批准/ }).getAttribute('aria-disabled')).toBe('true');
      expect(await page.getByRole('button', { name: /^批准/ }).getAttribute('aria-label')).toMatch(/您训练的/);
      await context.close();

      const other = await enter(stage(), 'operations', {}, PATH);
      await previewVersion(other.page, edition);
      expect(await accessibilityBreaches(other.page)).toEqual([]);
      await other.page.getByRole('button', { name: '批准', exact: true }).click();
      await other.page.getByRole('button', { name: '启用这个版本' }).click();
      await other.page.locator('.ant-popconfirm').getByRole('button', { name: '启用这个版本' }).click();
      await other.page.getByText(`已启用 ${edition}，正在后台重新判断全部记录。`).waitFor();
      await openRow(other.page, 'general@1');
      await other.page.getByRole('button', { name: '预览改变' }).click();
      await taskOver(other.page);
      await other.page.getByRole('button', { name: '启用这个版本' }).click();
      await other.page.locator('.ant-popconfirm').getByRole('button', { name: '启用这个版本' }).click();
      await until(() => other.page.locator('tr[data-row-key="general@1"] .badge.info').count()).toBe(1);
      expect([...complaints, ...other.complaints]).toEqual([]);
      await other.context.close();
    });

    test('two versions stand side by side, and the address bar keeps them', async () => {
      const { page, context } = await enter(stage(), 'analyst', {}, `${PATH}?edition=general@1&field=phone`);
      await settled(page);
      await page.getByRole('combobox', { name: '对照版本' }).click();
      await page.locator('.ant-select-item-option', { hasText: 'hospital@' }).first().click();
      await until(() => new URL(page.url()).searchParams.get('with')).toMatch(/^hospital@/);
      await settled(page);
      await page.getByText(/浅色条为 hospital@/).waitFor();
      await page
        .getByText(/^电话一致：/)
        .first()
        .waitFor();
      await context.close();
    });

    test('a version never measured says how to measure it, and who may', async () => {
      const { page, context } = await enter(stage(), 'operations', {}, PATH);
      await page.route('**/figures', (route) => route.fulfill({ json: { edition: 'general@1', measured: null, labels: { n: 0, same: 0, different: 0, few: 30, joined: 0, joinedWrong: 0, curve: [] }, asOf: '2026-01-01T00:00:00Z' } })); // biome-ignore format: one answer
      await page.reload();
      await page.getByRole('heading', { name: '还没有测量结果' }).waitFor();
      await page.getByText(/请品牌数据分析师或信息科进行/).waitFor();
      expect(await page.getByRole('button', { name: '训练新版本' }).getAttribute('aria-disabled')).toBe('true');
      await context.close();
    });

    test('what does not load says so and can be tried again', async () => {
      const { page, context } = await enter(stage(), 'analyst', {}, '/indicators');
      await page.route('**/identity/report', (route) => route.abort());
      await page.goto(PATH);
      await page.getByRole('heading', { name: '没有载入成功' }).waitFor();
      await page.unroute('**/identity/report');
      await page.getByRole('button', { name: '重试' }).click();
      await page.getByRole('heading', { name: '质量报告' }).waitFor();
      await context.close();
    });

    test('a nurse is told whose page it is', async () => {
      const { page, context } = await enter(stage(), 'nurse', {}, PATH);
      await page.getByRole('heading', { name: '您没有“查看身份模型”的权限' }).waitFor();
      await context.close();
    });
  });
}
