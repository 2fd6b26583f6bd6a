import { describe, expect, test } from 'vitest';
import { accessibilityBreaches, overflow } from './browser.ts';
import type { LoopHospital } from './loop-hospital.ts';
import { enter, type Stage, settled, until } from './pages.ts';

export function walkIdentity(stage: () => Stage, hospital: () => LoopHospital): void {
  describe('the review desk', () => {
    test('is walked by keys: j opens the next pair, l leaves it for later, and the next one follows', async () => {
      const { page, context, complaints } = await enter(stage(), hospital().usernames.operations, {}, '/identity/reviews');
      await settled(page);
      await page.getByRole('heading', { level: 1, name: '这两份记录是同一个人吗' }).waitFor();
      const items = page.locator('.review-item');
      expect(await items.count()).toBeGreaterThan(2);
      await page.keyboard.press('j');
      await until(() => new URL(page.url()).searchParams.get('review')).not.toBeNull();
      const first = new URL(page.url()).searchParams.get('review');
      await settled(page);
      await page.getByRole('table', { name: '逐项对比' }).waitFor();
      expect(await page.locator('figure .figure-title').textContent()).toMatch(/可能性/);
      expect(await accessibilityBreaches(page)).toEqual([]);
      await page.keyboard.press('l');
      await page.getByText('已放到“稍后”。').waitFor();
      await until(() => page.locator(`[id="review-${first ?? ''}"]`).count()).toBe(0);
      await page.keyboard.press('j');
      await until(() => new URL(page.url()).searchParams.get('review')).not.toBe(first);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('a match shows in the history, and undo with its preview brings both people back', async () => {
      const { page, context } = await enter(stage(), hospital().usernames.operations, {}, '/identity/reviews');
      await settled(page);
      await page.locator('.review-item').last().click();
      await settled(page);
      await page.getByRole('button', { name: '是同一人 M' }).click();
      await page.locator('.review-title .badge', { hasText: '已是同一个人' }).waitFor();
      await page.getByRole('button', { name: /^撤销 判定同一人/ }).click();
      const panel = page.getByRole('dialog');
      await panel.getByRole('heading', { name: '之后' }).waitFor();
      expect(await panel.locator('.person-card').count()).toBe(3);
      expect(await accessibilityBreaches(page)).toEqual([]);
      await panel.getByRole('button', { name: '确认撤销' }).click();
      await page.locator('.review-title .badge', { hasText: '待判断' }).waitFor();
      await context.close();
    });

    test('shortcuts can be turned off, and stay off', async () => {
      const { page, context } = await enter(stage(), hospital().usernames.operations, {}, '/identity/reviews');
      await settled(page);
      await page.getByRole('switch', { name: /^快捷键/ }).click();
      await page.keyboard.press('j');
      await page.waitForTimeout(200);
      expect(new URL(page.url()).searchParams.get('review')).toBeNull();
      await page.reload();
      await settled(page);
      expect(await page.getByRole('switch', { name: /^快捷键/ }).getAttribute('aria-checked')).toBe('false');
      await context.close();
    });

    test('filters stand in the address bar, and say when nothing fits', async () => {
      const { page, context } = await enter(
        stage(),
        hospital().usernames.operations,
        { language: 'en' },
        '/identity/reviews?age=older&reason=unnamed&source=device',
      );
      await settled(page);
      await page.getByText('Nothing fits the filters.').waitFor();
      expect(await accessibilityBreaches(page)).toEqual([]);
      await context.close();
    });

    test('a nurse is told who reviews', async () => {
      const { page, context } = await enter(stage(), hospital().usernames.nurse, {}, '/identity/reviews');
      await page.getByRole('heading', { name: '您没有“审核身份合并”的权限' }).waitFor();
      await context.close();
    });
  });

  describe('the merged person', () => {
    test('shows values with their rule, records with their ground, and a split is previewed before it is done', async () => {
      const { page, context, complaints } = await enter(stage(), hospital().usernames.operations, {}, '/patients');
      await settled(page);
      await page.locator('tbody tr[data-row-key]', { hasText: '沈' }).click();
      await page.getByRole('link', { name: '查看合并依据、变化与家人' }).click();
      await page.getByRole('heading', { level: 1, name: '这个人由哪些记录合成' }).waitFor();
      await settled(page);
      expect(await page.getByRole('table', { name: '合并后的信息' }).getByRole('row').count()).toBeGreaterThan(5);
      expect(await accessibilityBreaches(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      const boxes = page.getByRole('table', { name: '来源记录' }).getByRole('checkbox');
      expect(await boxes.count()).toBeGreaterThan(1);
      await boxes.first().click();
      await page.getByRole('button', { name: '拆分选中的记录' }).click();
      const panel = page.getByRole('dialog');
      await panel.getByRole('heading', { name: '随记录换到另一个人名下' }).waitFor();
      expect(await panel.locator('.person-card').count()).toBe(3);
      await panel.getByRole('button', { name: '取消' }).click();
      await page.getByLabel('完整的病案号、证件号、电话或姓名').fill('顾长河');
      await page.getByRole('button', { name: '查找', exact: true }).click();
      await page.getByRole('button', { name: /^合并会怎样 / }).click();
      await panel.getByText('两人的性别不同').waitFor();
      await panel.getByText('两人的出生年月不同').waitFor();
      expect(await accessibilityBreaches(page)).toEqual([]);
      await panel.getByRole('button', { name: '取消' }).click();
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('fits a narrow window and is said in English', async () => {
      const { page, context } = await enter(stage(), hospital().usernames.operations, { language: 'en', theme: 'dark' }, '/patients');
      await settled(page);
      await page.locator('tbody tr[data-row-key]', { hasText: '沈' }).click();
      await page.getByRole('link', { name: 'See why these records are one, how details changed, and family' }).click();
      await page.getByRole('heading', { level: 1, name: 'Which records make this person' }).waitFor();
      await settled(page);
      expect(await accessibilityBreaches(page)).toEqual([]);
      await page.setViewportSize({ width: 600, height: 900 });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await context.close();
    });
  });
}
