// The JSON beside the form: in step with it, without what was not set, with its secrets hidden.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  assertAlive,
  byId,
  control,
  document,
  eventually,
  hasFocus,
  load,
  open,
  says,
  showsBody,
} from './fixtures/form.mjs';

/** The line that is marked as that of the field with the focus. */
function current(page) {
  return page.locator('.code-line[aria-current]');
}

test('from a line of the JSON to its field and back, by pointer and by keyboard', async (t) => {
  const { page, errors } = await open(t);
  await load(page, document('full'));
  const lineIs = (text) =>
    eventually(async () => assert.equal((await current(page).allTextContents()).join('').trim(), text));
  await control(page, 'Datasets[1].MountPath').focus();
  await lineIs('"MountPath": "/mnt/models",');
  // The pane has scrolled to it, and it is seen.
  const [pane, line] = await Promise.all([page.locator('pre.code').boundingBox(), current(page).boundingBox()]);
  assert.ok(line.y >= pane.y && line.y + line.height <= pane.y + pane.height);
  await page.locator('.code-line', { hasText: '"GPUType"' }).click();
  await hasFocus(page, 'RequestedResource.GPUType');
  await lineIs('"GPUType": "V100"');
  // Tab would pass the fields between, and mark their lines.
  await page.locator('pre.code').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await lineIs('"Priority": 1,');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await hasFocus(page, 'Priority');
  await assertAlive(page, errors);
});

test('a default of the service is told and not sent', async (t) => {
  const { page, errors } = await open(t);
  const hint = byId(page, 'Accessibility-hint');
  assert.match(await hint.textContent(), /Not set: the service uses PRIVATE\./);
  assert.equal(await control(page, 'Accessibility').inputValue(), '');
  await control(page, 'WorkspaceId').fill('40823');
  await showsBody(page, { WorkspaceId: '40823' });
  // Set to the default it is sent, for it was set.
  await control(page, 'Accessibility').selectOption('PRIVATE');
  await showsBody(page, { WorkspaceId: '40823', Accessibility: 'PRIVATE' });
  await control(page, 'Accessibility').selectOption('');
  await showsBody(page, { WorkspaceId: '40823' });
  await assertAlive(page, errors);
});

test('secrets are hidden in the preview until asked for, and whole in what is taken away', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  const request = JSON.parse(document('full'));
  await load(page, request);
  const shown = () => page.getByTestId('json-preview').textContent();
  const secrets = [request.ImageAuth, 'temporary-key-id', 'temporary-token'];
  for (const secret of secrets) assert.ok(!(await shown()).includes(secret), secret);
  await page.locator('.output-tools').getByRole('button', { name: 'Copy' }).click();
  await says(page, /^Copied/);
  assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), request);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  assert.deepEqual(JSON.parse(readFileSync(await (await saved).path(), 'utf8')), request);
  const reveal = page.getByRole('button', { name: 'Show secrets' });
  await reveal.press('Enter');
  for (const secret of secrets) {
    await eventually(async () => assert.ok((await shown()).includes(secret), secret));
  }
  await reveal.press('Space');
  await eventually(async () => assert.ok(!(await shown()).includes(secrets[0])));
  await assertAlive(page, errors);
});
