// Taking the result away: copy, download, the error summary; and the theme.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { browser } from './browser.mjs';
import {
  assertAlive,
  byId,
  control,
  document,
  eventually,
  hasFocus,
  load,
  open,
  previewText,
  says,
  showsBody,
} from './fixtures/form.mjs';

/** A request with an error of each of three kinds: of type, of value, and missing. */
const FAULTY = {
  InstanceName: 'training-data',
  Priority: 77,
  ResourceId: 'dsw-1',
  Datasets: [{ MountPath: '/mnt/data', DatasetVersion: 'v1' }],
  EnvironmentVariables: { A: 1 },
};

function copy(page) {
  return page.locator('.output-tools').getByRole('button', { name: 'Copy' }).click();
}

function clipboard(page) {
  return page.evaluate(() => navigator.clipboard.readText());
}

async function download(page) {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const file = await saved;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

test('what is copied and downloaded is the preview, byte for byte', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  const odd = { InstanceName: 'é😀\u2028"\\', EnvironmentVariables: { A: 'one\r\ntwo\t' } };
  for (const request of ['{}', document('full'), JSON.stringify(odd), '{"N":[1e+999,1.50]}']) {
    await load(page, request);
    // Importing the same again changes nothing, so the message may be the one before.
    await eventually(async () => {
      const bare = (text) => text.replace(/\s/g, '').length;
      assert.equal(bare(await previewText(page)), bare(request));
    });
    const shown = await previewText(page);
    await copy(page);
    await says(page, /^Copied/);
    await eventually(async () => assert.equal(await clipboard(page), shown));
    const file = await download(page);
    assert.equal(file.name, 'create-instance.json');
    assert.equal(file.text, shown);
    await says(page, /^Downloaded/);
  }
  await assertAlive(page, errors);
});

test('a request without errors is copied without words about errors', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, document('smallest'));
  await copy(page);
  await says(page, /^Copied\.$/);
  assert.equal(await page.locator('#summary').isVisible(), false);
  await assertAlive(page, errors);
});

test('missing values are told once the result was asked for, not before', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  const missing = page.getByTestId('error-WorkspaceId');
  await control(page, 'InstanceName').fill('a');
  await showsBody(page, { InstanceName: 'a' });
  assert.equal(await missing.textContent(), '');
  assert.match(await page.locator('.output-foot').textContent(), /\d+ still needed/);
  await copy(page);
  await eventually(async () => assert.match(await missing.textContent(), /Enter the ID/));
  await control(page, 'WorkspaceId').fill('1');
  await eventually(async () => assert.equal(await missing.textContent(), ''));
  await control(page, 'WorkspaceId').fill('');
  await eventually(async () => assert.match(await missing.textContent(), /Enter the ID/));
  await assertAlive(page, errors);
});

test('a faulty request is copied all the same, and the summary leads to each fault', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, FAULTY);
  await showsBody(page, FAULTY);
  await copy(page);
  await says(page, /^Copied with \d+ errors\.$/);
  assert.deepEqual(JSON.parse(await clipboard(page)), FAULTY);
  await hasFocus(page, 'summary');
  const links = page.locator('#summary ul').first().locator('a');
  const count = await links.count();
  const said = await page.locator('.toast-area span').first().textContent();
  assert.equal(said, `Copied with ${count} errors.`);
  assert.ok(count >= 4, `${count} errors`);
  for (let n = 0; n < count; n += 1) {
    const target = (await links.nth(n).getAttribute('href')).slice(1);
    await links.nth(n).focus();
    await page.keyboard.press('Enter');
    await eventually(async () => {
      const inside = await byId(page, target).evaluate((element) =>
        element.contains(window.document.activeElement),
      );
      assert.ok(inside, `the focus is in ${target}`);
    });
  }
  await assertAlive(page, errors);
});

test('the summary opens the folded row of a fault', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  const row = (n) => ({ DatasetId: `d-${n}`, MountPath: `/mnt/data/${n}`, MountAccess: 'RW' });
  const rows = Array.from({ length: 60 }, (_, n) => row(n));
  rows[5].MountAccess = 'WR';
  rows[55].MountAccess = 'WR';
  const request = { ...JSON.parse(document('smallest')), Datasets: rows };
  await load(page, request);
  await showsBody(page, request);
  await copy(page);
  await says(page, /^Copied with 2 errors\.$/);
  for (const [n, name] of ['Datasets[5].MountAccess', 'Datasets[55].MountAccess'].entries()) {
    await page.locator('#summary a').nth(n).click();
    await hasFocus(page, name);
  }
  await assertAlive(page, errors);
});

test('a fix is one click, and one step of undo', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { Accessibility: 'private', instanceName: 'a' });
  await page.getByTestId('error-Accessibility').getByRole('button', { name: /PRIVATE/ }).click();
  await showsBody(page, { Accessibility: 'PRIVATE', instanceName: 'a' });
  await hasFocus(page, 'Accessibility');
  await page.getByRole('button', { name: 'Rename to InstanceName' }).click();
  await showsBody(page, { InstanceName: 'a', Accessibility: 'PRIVATE' });
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await showsBody(page, { Accessibility: 'PRIVATE', instanceName: 'a' });
  await assertAlive(page, errors);
});

test('a page that may not copy says what to do instead', async (t) => {
  const { page } = await open(t);
  await page.evaluate(() => {
    const refuse = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    Object.defineProperty(navigator.clipboard, 'writeText', { value: refuse });
  });
  await copy(page);
  await says(page, /does not allow copying\. Select the text/);
});

test('the theme is switched, and remembered', async (t) => {
  const { page, context, errors } = await open(t, { colorScheme: 'light' });
  const paper = () => page.evaluate(() => getComputedStyle(window.document.body).backgroundColor);
  const light = await paper();
  await page.getByRole('radio', { name: 'Dark' }).check();
  await eventually(async () => assert.notEqual(await paper(), light));
  const dark = await paper();
  await page.reload();
  await page.getByRole('radio', { name: 'Dark' }).waitFor();
  assert.equal(await page.getByRole('radio', { name: 'Dark' }).isChecked(), true);
  assert.equal(await paper(), dark);
  await page.getByRole('radio', { name: 'Follow the system' }).check();
  await eventually(async () => assert.equal(await paper(), light));
  await page.emulateMedia({ colorScheme: 'dark' });
  await eventually(async () => assert.equal(await paper(), dark));
  await page.getByRole('radio', { name: 'Light' }).check();
  await eventually(async () => assert.equal(await paper(), light));
  assert.equal(context.pages().length, 1);
  await assertAlive(page, errors);
});

test('on a narrow screen the output is a sheet that opens and closes', async (t) => {
  const { page, errors } = await open(t, { width: 360, height: 740, clipboard: true });
  const preview = page.getByTestId('json-preview');
  assert.equal(await preview.isVisible(), false);
  await control(page, 'InstanceName').fill('a');
  await page.locator('.output-more').click();
  await eventually(async () => assert.equal(await preview.isVisible(), true));
  await showsBody(page, { InstanceName: 'a' });
  await page.locator('.output-less').click();
  await eventually(async () => assert.equal(await preview.isVisible(), false));
  await page.locator('.output-handle').getByRole('button', { name: 'Copy' }).click();
  await says(page, /^Copied with \d+ errors\.$/);
  await hasFocus(page, 'summary');
  await assertAlive(page, errors);
});

test('what was said goes after ten seconds, but not from under the pointer', async (t) => {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  await context.clock.install();
  const { page, errors } = await open(t, { context });
  const toast = page.locator('.toast');
  await load(page, { InstanceName: 'abc' });
  await page.clock.fastForward(9000);
  await toast.waitFor();
  await page.clock.fastForward(2000);
  await toast.waitFor({ state: 'detached' });

  await load(page, { InstanceName: 'abd' });
  await toast.hover();
  await page.clock.fastForward(11_000);
  await says(page, /^Imported/);
  await page.mouse.move(10, 10);
  await page.clock.fastForward(11_000);
  await toast.waitFor({ state: 'detached' });
  await assertAlive(page, errors);
});
