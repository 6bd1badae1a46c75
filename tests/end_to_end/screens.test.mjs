// F66 and F69: themes from the first frame, and screens of all sizes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, origin } from './browser.mjs';
import { assertAlive, byId, open } from './fixtures/form.mjs';

/** A fresh profile. */
async function profile(t, options = {}) {
  const context = await (await browser()).newContext(options);
  t.after(() => context.close());
  return context;
}

const ground = (page) => page.evaluate(() => getComputedStyle(window.document.body).backgroundColor);

test('F66 the theme that was chosen is there before the program, and the system decides without one', async (t) => {
  const context = await profile(t, { colorScheme: 'light' });
  const { page, errors } = await open(t, { context });
  const light = await ground(page);
  await page.getByRole('radio', { name: 'Dark' }).check();
  const dark = await ground(page);
  assert.notEqual(dark, light);
  await assertAlive(page, errors);
  // A visit whose program does not come.
  const early = await context.newPage();
  await early.route(/\.wasm$/, () => {});
  await early.goto(`${origin}/#all`, { waitUntil: 'commit' });
  await early.locator('#loading').waitFor();
  assert.equal(await ground(early), dark);
  await early.close();
  // The choice is still shown as such, and can be taken back.
  await page.reload();
  await page.getByRole('radio', { name: 'Dark' }).waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Dark' }).isChecked());
  assert.equal(await ground(page), dark);
  await page.getByRole('radio', { name: 'Follow the system' }).check();
  assert.equal(await ground(page), light);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await ground(page), dark);
  await page.reload();
  await page.getByRole('radio', { name: 'Follow the system' }).waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Follow the system' }).isChecked());
  assert.equal(await ground(page), dark);
  await assertAlive(page, errors);
});

test('F69 an address that leads to the output opens its sheet on a phone, also at once', async (t) => {
  const context = await profile(t, { viewport: { width: 360, height: 740 } });
  const { page, errors } = await open(t, { context });
  assert.equal(await page.getByTestId('json-preview').isVisible(), false);
  const direct = await context.newPage();
  await direct.goto(`${origin}/#output`);
  await direct.getByTestId('json-preview').waitFor();
  assert.equal(await byId(direct, 'output').locator('.output-less').isVisible(), true);
  await direct.locator('.output-less').click();
  await direct.getByTestId('json-preview').waitFor({ state: 'hidden' });
  await assertAlive(page, errors);
});
