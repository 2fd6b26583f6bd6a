import { describe, expect, test } from 'vitest';
import { accessibilityBreaches } from './browser.ts';
import type { LoopHospital } from './loop-hospital.ts';
import { enter, type Stage, settled, until } from './pages.ts';

export function walkWorklists(stage: () => Stage, hospital: () => LoopHospital): void {
  describe('worklists', () => {
    test('a nurse walks the list by keyboard: arrows move, Enter opens, Esc closes and gives the row back', async () => {
      const { page, context, complaints } = await enter(stage(), hospital().usernames.nurse, {}, '/follow-ups');
      await settled(page);
      const rows = page.locator('tbody tr[data-row-key]');
      expect(await rows.count()).toBeGreaterThan(3);
      await rows.first().focus();
      await page.keyboard.press('ArrowDown');
      const second = await rows.nth(1).getAttribute('data-row-key');
      await page.keyboard.press('Enter');
      await until(() => new URL(page.url()).searchParams.get('open')).toBe(second);
      await page.getByRole('heading', { name: '怎么说' }).waitFor();
      await settled(page);
      expect(await accessibilityBreaches(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await until(() => new URL(page.url()).searchParams.get('open')).toBeNull();
      await until(() => page.evaluate(() => document.activeElement?.getAttribute('data-row-key'))).toBe(second);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('a call without answer counts as one of three and stays to do', async () => {
      const { page, context } = await enter(stage(), hospital().usernames.nurse, {}, '/follow-ups');
      await settled(page);
      const row = page.locator('tbody tr[data-row-key]').first();
      const key = await row.getAttribute('data-row-key');
      await row.click();
      await page.getByText('没接通', { exact: true }).click();
      await page.getByText(/再有 3 次没接通/).waitFor();
      await page.getByRole('button', { name: '保存结果' }).click();
      await until(() => page.locator(`tr[data-row-key="${key ?? ''}"]`).textContent()).toContain('1 / 3');
      await hospital().story.settle();
      await context.close();
    });

    test('an answer beyond its bound is marked while the nurse types, and saving ends the follow-up', async () => {
      const { page, context } = await enter(stage(), hospital().usernames.nurse, {}, '/follow-ups');
      await settled(page);
      await page.locator('tbody tr[data-row-key]').last().click();
      await page.getByText('已接通', { exact: true }).click();
      await page.getByRole('spinbutton').first().fill('39.2');
      await page.locator('.side-panel .badge.bad', { hasText: '异常' }).first().waitFor();
      await page.locator('.ant-radio-button-wrapper', { hasText: '异常' }).click();
      await page.getByText('选“异常”会马上通知负责人跟进。').waitFor();
      await page.getByRole('button', { name: '保存结果' }).click();
      await page.getByText('这项随访已结束。').waitFor();
      await hospital().story.settle();
      await context.close();
    });

    test('a case says why an action is not possible now, and asks for words to the patient before it closes', async () => {
      const { page, context, complaints } = await enter(stage(), hospital().usernames.operations, {}, '/cases?state=working');
      await settled(page);
      await page.locator('tbody tr[data-row-key]').first().click();
      await page.getByRole('heading', { name: '下一步' }).waitFor();
      await settled(page);
      expect(await accessibilityBreaches(page)).toEqual([]);
      const blocked = page.locator('button.unavailable').first();
      expect(await blocked.getAttribute('aria-disabled')).toBe('true');
      expect(await blocked.getAttribute('aria-label')).toMatch(/暂不能/);
      await page.getByRole('button', { name: '提交复核', exact: true }).click();
      await page.getByLabel('记录', { exact: true }).fill('出院窗口增加午间值班');
      await page.getByRole('button', { name: '确认提交复核' }).click();
      await page.getByRole('button', { name: '关闭工单', exact: true }).click();
      await page.getByRole('button', { name: '确认关闭工单' }).click();
      await page.getByText('关闭前要把结果告诉患者，请写上答复').waitFor();
      await page.getByLabel('给患者的答复').fill('出院窗口从今天起中午也有人值班，谢谢您提醒。');
      await page.getByRole('button', { name: '确认关闭工单' }).click();
      await page.locator('.panel-extra .badge', { hasText: '已关闭' }).waitFor();
      await hospital().story.settle();
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('a president sees cases but cannot work on them, and is told who can', async () => {
      const { page, context } = await enter(stage(), hospital().usernames.president, {}, '/cases');
      await settled(page);
      await page.locator('tbody tr[data-row-key]').first().click();
      await page.getByText('处理工单由用户运营、随访护士或科主任办理。').waitFor();
      await context.close();
    });
  });
}
