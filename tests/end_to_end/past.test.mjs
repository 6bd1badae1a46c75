// The last requests of this browser: what is kept of them, how they differ from the form, and how they come back; and
// the way to delete all that the page keeps.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openWith, READY, rejected, unknown } from './fixtures/gateway.mjs';
import { alone, assertAlive, byId, control, eventually, load, open, says, showsBody } from './fixtures/form.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const PAST = 'dsw-composer.past';
const entries = (page) =>
  page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? '{"entries":[]}').entries, PAST);
const rows = (page) => page.locator('.past > li');
const show = async (page) => {
  await page.getByRole('button', { name: 'History' }).click();
  await page.locator('#past [role=status][aria-busy]').waitFor({ state: 'detached' });
};
const close = (page) => byId(page, 'past').getByRole('button', { name: 'Close' }).click();
/** The history as it is shown: one text for each row, without what leads on. */
const told = (page) =>
  rows(page).evaluateAll((all) => all.map((row) => row.querySelector('.line').innerText.replace(/\s+/g, ' ')));

/** A request that can be told by its name. */
async function fill(page, name) {
  await control(page, 'InstanceName').fill(name);
  await showsBody(page, { InstanceName: name });
}

test('F05 F40 what was copied, downloaded and replaced is in the history, once each', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await fill(page, 'one');
  await page.locator('.output-tools .copy').click();
  await says(page, /^Copied/);
  await page.locator('.output-tools .copy').click();
  await fill(page, 'two');
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).last().click();
  await file;
  await fill(page, 'three');
  await load(page, { InstanceName: 'four' });
  await show(page);
  const shown = await told(page);
  assert.equal(shown.length, 3);
  for (const [row, pattern] of [/three Replaced/, /two Downloaded/, /one Copied/].entries()) {
    assert.match(shown[row], pattern);
    assert.match(shown[row], /^\d\d:\d\d /);
  }
  await assertAlive(page, errors);
});

test('F40 a request of the past is compared with the form member by member, and restored as one step', async (t) => {
  const { page, errors } = await open(t);
  const past = { InstanceName: 'past', WorkspaceId: '1', Datasets: [{ Uri: 'oss://a/', MountPath: '/mnt/a' }] };
  await load(page, { ...past, ImageAuth: 'c2VjcmV0OnNlY3JldA==' });
  const present = { InstanceName: 'present', WorkspaceId: '1', EcsSpec: 'ecs.c6.large' };
  await load(page, present);
  await show(page);
  await rows(page).first().getByText('Compare with the form').click();
  const table = rows(page).first().getByRole('table');
  await eventually(async () => {
    const lines = await table.locator('tbody tr').evaluateAll((all) =>
      all.map((line) => [...line.children].map((cell) => cell.innerText.replace(/\s+/g, ' '))),
    );
    assert.deepEqual(lines, [
      ['Instance name InstanceName', 'present', 'past'],
      ['Machine type EcsSpec', 'ecs.c6.large', 'not set'],
      ['Storage address Datasets[0].Uri', 'not set', 'oss://a/'],
      ['Mount path Datasets[0].MountPath', 'not set', '/mnt/a'],
    ]);
  });
  await rows(page).first().getByRole('button', { name: 'Restore past' }).click();
  await showsBody(page, past);
  await says(page, /Request of \d\d:\d\d restored\. Secrets were not kept\. Enter again: ImageAuth\./);
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(page, present);
  // What stood in the form when another took its place is in the history too.
  assert.deepEqual((await entries(page)).map(({ end }) => end), ['replaced', 'replaced']);
  await assertAlive(page, errors);
});

test('F62 F40 no secret is in the history, nor in what is compared', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, {
    InstanceName: 'secretive',
    ImageAuth: 'c2VjcmV0OnNlY3JldA==',
    EnvironmentVariables: { A: '1', DB_PASSWORD: 'hunter2', ID: 'LTAI5tAbCdEfGhIjKlMn' },
  });
  await page.locator('.output-tools .copy').click();
  await says(page, /^Copied/);
  await show(page);
  await rows(page).first().getByText('Compare with the form').click();
  await eventually(async () =>
    assert.match(await rows(page).first().textContent(), /Secrets are not kept, so they are not compared/),
  );
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.match(kept, /secretive/);
  const history = await byId(page, 'past').textContent();
  for (const text of [kept, history]) assert.doesNotMatch(text, /c2VjcmV0|hunter2|LTAI5t/);
  assert.match(history, /without ImageAuth, EnvironmentVariables\[1\], EnvironmentVariables\[2\]/);
  await assertAlive(page, errors);
});

test('F05 requests are deleted one by one and all at once, and each of it is taken back', async (t) => {
  const { page, errors } = await open(t);
  for (const name of ['one', 'two', 'three', 'four']) await load(page, { InstanceName: name });
  await show(page);
  const named = async () => (await told(page)).map((row) => row.split(' ')[1]);
  assert.deepEqual(await named(), ['three', 'two', 'one']);
  await page.getByRole('button', { name: 'Delete two' }).click();
  await eventually(async () => assert.deepEqual(await named(), ['three', 'one']));
  const undo = byId(page, 'past-gone').getByRole('button', { name: 'Undo' });
  await undo.click();
  await eventually(async () => assert.deepEqual(await named(), ['three', 'two', 'one']));
  await page.getByRole('button', { name: 'Delete these requests' }).click();
  await eventually(async () => assert.match(await byId(page, 'past').textContent(), /3 requests deleted\..*Nothing yet/s));
  assert.deepEqual(await entries(page), []);
  await undo.click();
  await eventually(async () => assert.deepEqual(await named(), ['three', 'two', 'one']));
  await close(page);
  await assertAlive(page, errors);
});

test('F05 twenty are kept, and where there is no room the oldest go before the draft does', async (t) => {
  const { page, errors } = await open(t);
  for (let n = 0; n <= 21; n += 1) await load(page, { InstanceName: `n${n}` });
  const names = async () => (await entries(page)).map(({ draft }) => draft.fields.InstanceName);
  assert.deepEqual((await names()).slice(0, 1), ['n20']);
  assert.equal((await names()).length, 20);
  // As much room as is used now, and some that the next draft needs more than it.
  await page.evaluate(() => {
    const set = Storage.prototype.setItem;
    const size = (key, text) =>
      Object.entries({ ...localStorage, [key]: text }).reduce((sum, [key, text]) => sum + key.length + text.length, 0);
    const room = size('', '');
    Storage.prototype.setItem = function (key, text) {
      if (size(key, text) > room) throw new DOMException('full', 'QuotaExceededError');
      set.call(this, key, text);
    };
  });
  await control(page, 'UserCommand.OnStart.Content').fill('echo '.repeat(100));
  await eventually(async () => assert.match(await page.locator('.bar-draft').textContent(), /Saved/));
  await eventually(async () => assert.match(await page.evaluate(() => localStorage['dsw-composer.draft']), /echo echo/));
  const left = await names();
  assert.ok(left.length > 10 && left.length < 20, `${left.length} are left`);
  assert.equal(left[0], 'n20');
  await assertAlive(page, errors);
});

test('G11 a history of a newer version is left as it is, and one that is no history is none', async (t) => {
  const { page, errors } = await open(t);
  const newer = '{"version":7,"entries":{}}';
  await page.evaluate(([key, text]) => localStorage.setItem(key, text), [PAST, newer]);
  await load(page, { InstanceName: 'one' });
  await load(page, { InstanceName: 'two' });
  await show(page);
  await eventually(async () => assert.match(await byId(page, 'past').textContent(), /newer version of this page keeps the history/));
  assert.equal(await page.evaluate((key) => localStorage.getItem(key), PAST), newer);
  await close(page);
  await page.evaluate((key) => localStorage.setItem(key, '{"entries":[7,{"at":'), PAST);
  await load(page, { InstanceName: 'three' });
  assert.equal((await entries(page)).length, 1);
  await assertAlive(page, errors);
});

test('F67 everything that the page keeps is listed, and deleted, and the page begins anew', async (t) => {
  const { page, errors } = await open(t, alone);
  await load(page, { InstanceName: 'one' });
  await load(page, { InstanceName: 'two' });
  await eventually(async () => assert.match(await page.locator('.bar-draft').textContent(), /Saved/));
  await page.locator('input[name=theme][value=dark]').evaluate((radio) => radio.click());
  await page.evaluate(() => localStorage.setItem('somebody.else', 'stays'));
  await show(page);
  await byId(page, 'past').getByRole('button', { name: 'Clear everything…' }).click();
  const dialog = byId(page, 'clear');
  await dialog.waitFor();
  const listed = await dialog.locator('li').allTextContents();
  for (const what of [/draft in the form/, /history of requests/, /^Settings/, /without a network/]) {
    assert.ok(listed.some((line) => what.test(line)), `${what} in ${listed}`);
  }
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await entries(page)).length, 1);
  await show(page);
  await byId(page, 'past').getByRole('button', { name: 'Clear everything…' }).click();
  const again = page.waitForEvent('load');
  await dialog.getByRole('button', { name: 'Delete all of it' }).click();
  await again;
  await says(page, /^Everything kept in this browser was deleted\.$/);
  const left = await page.evaluate(() => [JSON.stringify({ ...localStorage, ...sessionStorage }), location.hash]);
  assert.doesNotMatch(left[0], /one|two|entries/);
  assert.match(left[0], /somebody\.else/);
  await assertAlive(page, errors);
});

/** Opens the review of what is in the form, and sends it. */
async function send(page) {
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#create').click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).click();
}

test('F05 what was sent is in the history with what became of it', async (t) => {
  const { page, gateway } = await openWith(t, unknown);
  const heading = (words) =>
    eventually(async () => assert.match(await page.locator('#review-h').textContent(), words));
  const row = async (n) => (await rows(page).nth(n).textContent()).replace(/\s+/g, ' ');
  await load(page, READY);
  await send(page);
  await heading(/We do not know/);
  await show(page);
  assert.match(await row(0), /qwen_finetune_01Outcome unknown.*ecs\.c6\.large · Sandbox · cn-hangzhou/);
  await close(page);
  // What became of it later is told there too.
  gateway.check = (submission) => Object.assign(submission, { state: 'FOUND', instanceId: 'dsw-found' });
  await page.getByRole('button', { name: 'Check whether it exists' }).click();
  await heading(/was found/);
  gateway.answer = rejected();
  await page.getByRole('link', { name: /^Basics/ }).click();
  await load(page, { ...READY, InstanceName: 'second' });
  await send(page);
  await heading(/refused/i);
  await show(page);
  assert.match(await row(0), /secondRefused/);
  assert.match(await row(1), /qwen_finetune_01Created.*cn-hangzhou · dsw-found/);
  // The label of the submission is no part of what is restored.
  await rows(page).nth(1).getByRole('button', { name: 'Restore qwen_finetune_01' }).click();
  await showsBody(page, READY);
  assert.equal((await entries(page)).length, 2);
});

test('F40 the review tells what has changed since the import, and since what was sent before', async (t) => {
  const { page } = await openWith(t, unknown);
  const since = page.locator('.since');
  const lines = () =>
    since.locator('tbody tr').evaluateAll((all) =>
      all.map((line) => [...line.children].map((cell) => cell.textContent.replace(/\s+/g, ' '))),
    );
  await load(page, READY);
  await control(page, 'InstanceName').fill('renamed');
  await page.locator('.rail a[href="#review"]').click();
  await since.waitFor();
  assert.equal((await since.locator('option').allTextContents())[0], 'Imported request');
  const renamed = ['Instance name InstanceName', 'qwen_finetune_01', 'renamed'];
  await eventually(async () => assert.deepEqual(await lines(), [renamed]));
  await page.locator('#create').click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).click();
  await eventually(async () => assert.match(await page.locator('#review-h').textContent(), /We do not know/));
  await page.getByRole('link', { name: /^Basics/ }).click();
  await control(page, 'WorkspaceId').fill('7');
  await page.locator('.rail a[href="#review"]').click();
  await since.waitFor();
  const options = await since.locator('option').allTextContents();
  assert.match(options[1], /^renamed, sent \d\d:\d\d$/);
  await since.locator('select').selectOption({ index: 1 });
  await eventually(async () => assert.deepEqual(await lines(), [['Workspace WorkspaceId', '40823', '7']]));
});

for (const colorScheme of ['light', 'dark']) {
  test(`F64 axe finds nothing in the history and before everything is deleted, ${colorScheme}`, async (t) => {
    const { page, errors } = await open(t, { colorScheme, width: 360 });
    const found = async () => {
      const { violations } = await page.evaluate(() => window.axe.run(window.document, { resultTypes: ['violations'] }));
      return violations.map(({ id, nodes }) => [id, nodes[0].html]);
    };
    for (const name of ['one', 'two']) await page.getByTestId('import-json').evaluate(paste, name);
    await eventually(async () => assert.equal((await entries(page)).length, 1));
    await page.evaluate(axe);
    await byId(page, 'past-open').click();
    await rows(page).first().getByText('Compare with the form').click();
    await page.locator('.difference').waitFor();
    assert.deepEqual(await found(), []);
    const overflow = await byId(page, 'past').evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
    assert.ok(overflow <= 1, `${overflow} px do not fit`);
    await byId(page, 'past').getByRole('button', { name: 'Clear everything…' }).click();
    await byId(page, 'clear').waitFor();
    assert.deepEqual(await found(), []);
    await assertAlive(page, errors);
  });
}

/** Pastes a request of this name, wherever the field is. Runs in the page. */
function paste(area, name) {
  area.value = JSON.stringify({ InstanceName: name });
  area.dispatchEvent(new Event('input', { bubbles: true }));
}
