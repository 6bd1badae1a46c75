// When errors appear and where, sentence by sentence; what other files show stands in docs/features.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as browser from './browser.mjs';
import { control, eventually, load, says } from './fixtures/form.mjs';

const focusIs = (page, id) => eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), id));
const message = (page, name) => page.getByTestId(`error-${name}`).textContent();

/** Whose name is missing, and whose mount paths are one inside the other, which is an error across two fields. */
const CROSSED = {
  WorkspaceId: '40823',
  EcsSpec: 'ecs.c6.large',
  ImageId: 'image-05cefd0be2exxxx',
  Datasets: [
    { DatasetId: 'd-vsqjvs4k0rp5l206u', MountPath: '/mnt/data' },
    { DatasetId: 'd-vsqjvs4k0rp5l206v', MountPath: '/mnt/data' },
  ],
};

/** The ways to ask for the result, each from the section of the name in the guided form. */
const ASKING = {
  Next: async (page) => {
    await page.locator('#step-next').click();
  },
  Review: async (page) => {
    await page.locator('.rail a[href="#review"]').click();
    await page.locator('#send-h').waitFor();
    await page.goBack();
  },
  Copy: async (page) => {
    await page.locator('.output-tools .copy').click();
    await says(page, /^Copied with \d errors?/);
  },
  Create: async (page) => {
    await page.locator('.rail a[href="#review"]').click();
    await page.locator('#create').click();
    await focusIs(page, 'review-summary');
    assert.equal(await page.locator('#confirm').isVisible(), false);
    await page.goBack();
  },
};

for (const [way, ask] of Object.entries(ASKING)) {
  test(`F28 a missing value is told on ${way}, and not before`, async (t) => {
    const { page } = await browser.open(t, '/#guided', { clipboard: true });
    page.setDefaultTimeout(8000);
    await control(page, 'WorkspaceId').fill('40823');
    await control(page, 'InstanceName').focus();
    await control(page, 'WorkspaceId').focus();
    assert.equal(await message(page, 'InstanceName'), '');
    await ask(page);
    await eventually(async () => assert.match(await message(page, 'InstanceName'), /^Error: Enter a name/));
  });
}

test('F26 a blocked action says that there is a problem, in the words of the fields, and the title says so', async (t) => {
  const { page } = await browser.open(t, '/#all', { clipboard: true });
  page.setDefaultTimeout(8000);
  await load(page, CROSSED);
  await page.locator('.output-tools .copy').click();
  await focusIs(page, 'summary');
  assert.match(await page.title(), /^Error: /);
  const summary = page.locator('#summary');
  assert.equal(await summary.getByRole('heading', { level: 2 }).textContent(), 'There is a problem');
  for (const link of await summary.locator('ul').first().locator('a').all()) {
    const [words, href] = [await link.textContent(), await link.getAttribute('href')];
    assert.ok((await message(page, href.slice(1))).startsWith(`Error: ${words}`), `${href}: ${words}`);
    await link.click();
    await focusIs(page, href.slice(1));
  }
});

test('what the rail counts and the preview marks is current with every letter', async (t) => {
  const { page } = await browser.open(t, '/#all');
  const rail = page.locator('.rail a[href="#basics"] small');
  const marked = page.locator('.code-line[data-tone=error]');
  await control(page, 'InstanceName').pressSequentially('a-');
  await eventually(async () => assert.equal(await rail.textContent(), '1 error'));
  await eventually(async () => assert.equal(await marked.count(), 1));
  await page.keyboard.press('Backspace');
  await eventually(async () => assert.equal(await marked.count(), 0));
  assert.match(await rail.textContent(), /still needed/);
});

test('F28 no button is grey without a reason that is in sight', async (t) => {
  const { page } = await browser.open(t, '/');
  page.setDefaultTimeout(8000);
  // Nothing to take back, nothing to make again, no row above the first or below the last.
  const REASONS = /^(Undo|Redo|Move .* (up|down))$/;
  const grey = () =>
    page.locator(':disabled:visible').evaluateAll((all) =>
      all.map((element) => element.getAttribute('aria-label') ?? element.textContent),
    );
  const check = async (where) => {
    const all = await grey();
    assert.deepEqual(all.filter((name) => !REASONS.test(name)), [], where);
  };
  await check('start');
  await page.locator('#preset-quota').click();
  for (const section of ['basics', 'compute', 'image', 'storage', 'network', 'environment', 'labels', 'advanced']) {
    await page.locator(`.rail a[href$="#guided/${section}"]`).click();
    await page.locator(`#${section}`).waitFor();
    await check(section);
  }
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#create').waitFor();
  await check('review');
});
