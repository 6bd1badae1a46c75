// Somebody who reads no documentation, in English and in Chinese: from nothing to an instance that runs in the sandbox,
// by the words on the screen alone, with values picked from the lists that the page offers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as browser from './browser.mjs';
import { instances, skip, start } from './fixtures/program.mjs';

const WORDS = {
  'en-US': {
    preset: 'CPU trial',
    workspace: 'Choose: Workspace from a list',
    name: 'Instance name',
    next: /^Next:/,
    image: /^Choose: Image/,
    review: 'Review',
    create: /^Create instance/,
    confirm: 'Create instance',
    running: 'newcomer is running',
  },
  'zh-CN': {
    preset: 'CPU 试用',
    workspace: /选择.*工作空间/,
    name: '实例名称',
    next: /^下一步/,
    image: /选择.*镜像/,
    review: '检查',
    create: /^创建实例/,
    confirm: '创建实例',
    running: 'newcomer 已运行',
  },
};

for (const [locale, words] of Object.entries(WORDS)) {
  test(`someone who reads no documentation gets from nothing to a sandbox instance: ${locale}`, { skip }, async (t) => {
    const gateway = await start(t);
    const { page, errors } = await browser.open(t, '/', { from: gateway.address, locale });
    page.setDefaultTimeout(10_000);
    await page.getByRole('button', { name: words.preset }).click();
    const next = () => page.getByRole('button', { name: words.next }).click();

    await page.getByRole('button', { name: words.workspace }).click();
    await page.locator('.picker td [type=radio]:visible').first().check();
    await page.getByRole('textbox', { name: words.name }).fill('newcomer');
    await next();
    // The machine is the preset's.
    await next();
    await page.getByRole('button', { name: words.image }).click();
    // Of the official ones, one for a machine without GPU.
    await page.locator('.picker tr', { hasText: /pytorch.*-cpu-/ }).first().locator('[type=radio]').check();

    await page.getByRole('navigation').getByRole('link', { name: words.review }).click();
    await page.getByRole('button', { name: words.create }).click();
    await page.locator('dialog:visible').getByRole('button', { name: words.confirm }).click();
    await page.getByRole('heading', { level: 1, name: words.running }).waitFor({ timeout: 60_000 });
    const [instance] = await instances(gateway.address, 'newcomer');
    assert.equal(instance.Status, 'Running');
    assert.deepEqual(errors, []);
  });
}
