// What has changed (F40): against what there is to compare with, told member by member, taken back, and as a JSON Patch.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import jsonpatch from 'fast-json-patch';
import { openWith, READY, unknown } from './fixtures/gateway.mjs';
import { alone, assertAlive, body, byId, control, eventually, load, open, says, showsBody } from './fixtures/form.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const SECRET = 'c2VjcmV0OnNlY3JldA==';
const dialog = (page) => byId(page, 'differences');
const rows = (page) => dialog(page).locator('.changes > li');
/** Each difference: its name, its path, its kind, and what stood and stands there. */
const told = (page) =>
  rows(page).evaluateAll((all) =>
    all.map((row) =>
      [
        row.querySelector('.btn-link').textContent,
        row.querySelector('code').textContent,
        row.querySelector('.badge').textContent,
        ...[...row.querySelectorAll('.change')].map((change) =>
          [...change.children].filter((part) => !part.matches('.hide, [aria-hidden]')).map((part) => part.textContent).join(' > '),
        ),
      ].join(' | '),
    ),
  );
const isTold = (page, expected) => eventually(async () => assert.deepEqual(await told(page), expected));
const show = async (page) => {
  await page.locator('.output-foot').getByRole('button', { name: 'What changed' }).click();
  await dialog(page).waitFor();
};
const close = (page) => page.keyboard.press('Escape');
const revert = (page, name) => dialog(page).getByRole('button', { name: `Revert ${name}`, exact: true }).click();
const choose = (page, label) => byId(page, 'differences-base').selectOption({ label });
const offered = (page) => byId(page, 'differences-base').locator('option').allTextContents();
const said = (page, words) => eventually(async () => assert.match(await byId(page, 'differences-said').textContent(), words));
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

const OLD = {
  WorkspaceId: '1',
  InstanceName: 'old',
  Priority: 1,
  EnvironmentVariables: { A: '1', B: '2' },
  Datasets: [
    { Uri: 'oss://a/', MountPath: '/mnt/a' },
    { Uri: 'oss://b/', MountPath: '/mnt/b' },
  ],
};

/** Changes the form in one way of each kind. */
async function change(page) {
  await control(page, 'InstanceName').fill('new');
  await control(page, 'Priority').fill('');
  await control(page, 'EnvironmentVariables[0].Value').fill('3');
  await page.getByRole('button', { name: 'Delete dataset 1' }).click();
}

const CHANGED = [
  'Instance name | InstanceName | Changed | old > new',
  'Priority | Priority | Removed | 1 > not set',
  'Dataset 1 | Datasets[0] | Removed | oss://a/ > not set | /mnt/a > not set',
  'A | EnvironmentVariables.A | Changed | 1 > 3',
];
const sorted = (lines) => [...lines].sort();

test('F40 what has changed since the import is told in words, taken back one by one, and undone', async (t) => {
  const { page, errors } = await open(t);
  await load(page, OLD);
  await change(page);
  await show(page);
  await eventually(async () => assert.deepEqual(sorted(await told(page)), sorted(CHANGED)));
  assert.match(await dialog(page).textContent(), /2 changed, 2 removed\./);
  assert.equal((await offered(page))[0], 'Imported request');
  // The focus goes to what stands in the place of what was pressed.
  await revert(page, 'Dataset 1');
  await said(page, /^Reverted: Dataset 1\./);
  await eventually(async () => assert.equal((await told(page)).length, 3));
  const focus = () => page.evaluate(() => document.activeElement.textContent);
  await eventually(async () => assert.match(await focus(), /^Revert /));
  assert.deepEqual((await body(page)).Datasets, OLD.Datasets);
  await byId(page, 'differences-said').getByRole('button', { name: 'Undo' }).click();
  await eventually(async () => assert.deepEqual(sorted(await told(page)), sorted(CHANGED)));
  // All of it is one step.
  await dialog(page).getByRole('button', { name: 'Revert all' }).click();
  await said(page, /^4 changes reverted\./);
  await eventually(async () => assert.match(await dialog(page).textContent(), /Nothing has changed since: Imported request\./));
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'differences-said'));
  assert.equal(await dialog(page).getByRole('button', { name: 'Revert all' }).isVisible(), false);
  await close(page);
  await showsBody(page, OLD);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await eventually(async () => assert.equal((await body(page)).InstanceName, 'new'));
  await assertAlive(page, errors);
});

test('F40 the difference since the import is there after a reload, without its secrets', async (t) => {
  const { page, context, errors } = await open(t, alone);
  await load(page, { ...OLD, ImageAuth: SECRET, EnvironmentVariables: { A: '1', B: '2', DB_PASSWORD: 'hunter2' } });
  await change(page);
  await eventually(async () => assert.match(await page.evaluate(() => localStorage['dsw-composer.draft']), /"new".*origin.*"old"/s));
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.doesNotMatch(kept, /c2VjcmV0|hunter2/);
  await page.close();
  const { page: again } = await open(t, { ...alone, context });
  await show(again);
  await eventually(async () => assert.deepEqual(sorted(await told(again)), sorted(CHANGED)));
  assert.equal((await offered(again))[0], 'Imported request');
  await assertAlive(again, errors);
});

test('F40 a patch is copied and downloaded, makes the new body of the old one, and has no secret in it', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, OLD);
  await change(page);
  await control(page, 'ImageAuth').evaluate((input) => input.scrollIntoView());
  await show(page);
  await dialog(page).getByRole('button', { name: 'Copy as JSON Patch' }).click();
  await said(page, /^Copied as JSON Patch\. 4 operations\.$/);
  const patch = JSON.parse(await copied(page));
  assert.equal(jsonpatch.validate(patch, OLD), undefined);
  assert.deepEqual(jsonpatch.applyPatch(structuredClone(OLD), patch).newDocument, await body(page));
  const [file] = await Promise.all([page.waitForEvent('download'), dialog(page).getByRole('button', { name: 'Download' }).click()]);
  assert.equal(file.suggestedFilename(), 'create-instance.patch.json');
  assert.deepEqual(JSON.parse(readFileSync(await file.path(), 'utf8')), patch);
  await said(page, /^Downloaded as JSON Patch\. 4 operations\.$/);
  await close(page);
  // What is secret is named, and not told.
  await control(page, 'ImageAuth').fill(SECRET);
  await page.getByRole('button', { name: 'Add variable' }).click();
  await control(page, 'EnvironmentVariables[2].Key').fill('DB_PASSWORD');
  await control(page, 'EnvironmentVariables[2].Value').fill('hunter2');
  await show(page);
  const named = /ImageAuth, EnvironmentVariables\.DB_PASSWORD/;
  await eventually(async () => assert.match(await dialog(page).textContent(), /Secrets are not kept, so they are not compared: /));
  assert.match(await dialog(page).textContent(), named);
  await dialog(page).getByRole('button', { name: 'Copy as JSON Patch' }).click();
  await said(page, /^Copied as JSON Patch\. 4 operations\. Secrets are not in it: /);
  await said(page, named);
  for (const text of [await copied(page), await dialog(page).textContent()]) assert.doesNotMatch(text, /c2VjcmV0|hunter2/);
  // Taking all back leaves the secrets.
  await dialog(page).getByRole('button', { name: 'Revert all' }).click();
  await close(page);
  await eventually(async () => {
    const { ImageAuth, InstanceName, EnvironmentVariables } = await body(page);
    assert.deepEqual([ImageAuth, InstanceName, EnvironmentVariables.DB_PASSWORD], [SECRET, 'old', 'hunter2']);
  });
  await assertAlive(page, errors);
});

test('F40 what is compared with: history, what was sent, presets, and the choice lasts', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await control(page, 'InstanceName').fill('first');
  await page.locator('.output-tools .copy').click();
  await says(page, /^Copied/);
  await control(page, 'InstanceName').fill('second');
  await show(page);
  // Nothing was imported: the nearest is the request of the past.
  const names = await offered(page);
  assert.match(names[0], /^first, \d\d:\d\d Copied$/);
  await isTold(page, ['Instance name | InstanceName | Changed | first > second']);
  const preset = names.find((name) => !name.startsWith('first'));
  await choose(page, preset);
  await eventually(async () => assert.ok((await told(page)).length > 1));
  assert.deepEqual(await byId(page, 'differences-base').locator('optgroup').evaluateAll((all) => all.map((it) => it.label)), ['History', 'Presets']);
  await close(page);
  await show(page);
  assert.equal(await byId(page, 'differences-base').evaluate((it) => it.selectedOptions[0].textContent), preset);
  await close(page);
  // A name leads to its field.
  await show(page);
  await choose(page, names[0]);
  await dialog(page).getByRole('button', { name: 'Instance name', exact: true }).click();
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.name), 'InstanceName'));
  await eventually(async () => assert.equal(await dialog(page).count(), 0));
  await assertAlive(page, errors);
});

test('F40 against what was sent last, from the review', async (t) => {
  const { page } = await openWith(t, unknown);
  await load(page, READY);
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#create').click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).click();
  await eventually(async () => assert.match(await page.locator('#review-h').textContent(), /We do not know/));
  await page.getByRole('link', { name: /^Basics/ }).click();
  await control(page, 'WorkspaceId').fill('7');
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('.since').waitFor();
  await page.getByRole('button', { name: 'Revert or copy the changes' }).click();
  await dialog(page).waitFor();
  const sent = (await offered(page)).find((name) => name.includes('sent'));
  assert.match(sent, /^qwen_finetune_01, sent \d\d:\d\d$/);
  await choose(page, sent);
  await isTold(page, ['Workspace | WorkspaceId | Changed | 40823 > 7']);
  await revert(page, 'Workspace');
  await eventually(async () => assert.match(await dialog(page).textContent(), /Nothing has changed since: qwen_finetune_01, sent/));
});

test('F40 a preset that one began with, and one of the person\'s own', async (t) => {
  const { page, errors } = await open(t, alone);
  await page.goto(`${alone.from}/#start`);
  await page.locator('.card-go').nth(1).click();
  const started = await body(page);
  await page.locator('.bar-brand').click();
  await page.locator('#preset-name').fill('mine');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^All fields|Continue/ }).first().click();
  await page.evaluate(() => { location.hash = '#all'; });
  await control(page, 'InstanceName').fill('other');
  await show(page);
  assert.match((await offered(page))[0], /^Preset: /);
  await isTold(page, [`Instance name | InstanceName | ${started.InstanceName ? 'Changed' : 'Added'} | ${started.InstanceName ?? 'not set'} > other`]);
  await choose(page, 'mine');
  await revert(page, 'Instance name');
  await eventually(async () => assert.match(await dialog(page).textContent(), /Nothing has changed since: mine\./));
  await close(page);
  await showsBody(page, started);
  await assertAlive(page, errors);
});

test('F40 the values of the team are compared, and those alone', async (t) => {
  const policy = { version: 1, fields: { 'Accessibility': { default: 'PRIVATE' }, 'Priority': { default: 3 } } };
  const { page, context, errors } = await open(t, alone);
  await context.route('**/policy.json', (route) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(policy) }));
  await page.reload();
  await showsBody(page, { Accessibility: 'PRIVATE', Priority: 3 });
  await control(page, 'Priority').fill('5');
  await control(page, 'InstanceName').fill('mine');
  await show(page);
  await choose(page, "Your team's values");
  await isTold(page, ['Priority | Priority | Changed | 3 > 5']);
  await dialog(page).getByRole('button', { name: 'Revert all' }).click();
  await eventually(async () => assert.match(await dialog(page).textContent(), /Nothing has changed since: Your team's values\./));
  await close(page);
  await showsBody(page, { InstanceName: 'mine', Accessibility: 'PRIVATE', Priority: 3 });
  await assertAlive(page, errors);
});

test('F40 F65 in Chinese, by keyboard alone', async (t) => {
  const { page, errors } = await open(t, { locale: 'zh-CN' });
  await load(page, OLD).catch(() => {});
  await control(page, 'InstanceName').fill('new');
  await page.locator('.form h1').click();
  await page.keyboard.press('?');
  await page.keyboard.type('变化');
  await page.keyboard.press('Enter');
  await isTold(page, ['实例名称 | InstanceName | 修改 | old > new']);
  assert.match(await dialog(page).textContent(), /修改 1 处。/);
  await page.keyboard.press('Tab');
  for (let n = 0; n < 12; n += 1) {
    if (await page.evaluate(() => document.activeElement.textContent.startsWith('还原 '))) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await said(page, /^已还原：实例名称。/);
  await close(page);
  await eventually(async () => assert.equal(await dialog(page).count(), 0));
  await showsBody(page, OLD);
  await assertAlive(page, errors);
});

for (const [colorScheme, locale] of [['light', 'en-US'], ['dark', 'zh-CN']]) {
  test(`F64 axe finds nothing in what has changed, ${colorScheme}, ${locale}`, async (t) => {
    const { page, errors } = await open(t, { colorScheme, locale, width: 360 });
    await page.getByTestId('import-json').evaluate((area, text) => {
      area.value = text;
      area.dispatchEvent(new Event('input', { bubbles: true }));
    }, JSON.stringify(OLD));
    await eventually(async () => assert.equal(await control(page, 'InstanceName').inputValue(), 'old'));
    await changeSome(page);
    await page.locator('a.output-more').click();
    await page.locator('.output-foot .btn', { hasText: /What changed|变化/ }).click();
    await rows(page).first().waitFor();
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(window.document, { resultTypes: ['violations'] }));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
    const overflow = await dialog(page).evaluate((it) => it.scrollWidth - it.clientWidth);
    assert.ok(overflow <= 1, `${overflow} px do not fit`);
    await assertAlive(page, errors);
  });
}

/** Changes some, whatever the language. */
async function changeSome(page) {
  await control(page, 'InstanceName').fill('new');
  await control(page, 'Priority').fill('');
  await control(page, 'UserVpc.VpcId').evaluate((input) => input.scrollIntoView());
}
