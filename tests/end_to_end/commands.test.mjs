// F63: fields are found, and everything is done, by keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as browser from './browser.mjs';
import { alone, assertAlive, byId, control, eventually, focused, hasFocus, load, open, says, tabTo } from './fixtures/form.mjs';
import { READY } from './fixtures/gateway.mjs';
import { instances, skip, start } from './fixtures/program.mjs';

const dialog = (page) => byId(page, 'palette');
const options = (page) => page.locator('[role=option]');
const chosen = (page) => page.locator('[role=option][aria-selected=true]');

/** Opens the search and types. */
async function find(page, words) {
  await page.keyboard.press('/');
  await hasFocus(page, 'palette-input');
  await page.keyboard.type(words);
}

const REQUEST = {
  Datasets: Array.from({ length: 12 }, (_, n) => ({ DatasetId: `d-${n}`, MountPath: `/mnt/${n}` })),
  EnvironmentVariables: { HF_HOME: '/mnt/cache', HF_TOKEN: 'marker' },
};

test('F63 a field is found by label, API name, help and value, and Enter goes there', async (t) => {
  const { page, errors } = await open(t);
  await load(page, REQUEST);
  await page.locator('main').evaluate((main) => main.focus());
  for (const [words, name] of [
    ['instance name', 'InstanceName'],
    ['UserVpc.VSwitchId', 'UserVpc.VSwitchId'],
    ['/mnt/11', 'Datasets[11].MountPath'],
    ['hf_home', 'EnvironmentVariables[0].Key'],
    // The branch that was not chosen is shown.
    ['resource quota', 'ResourceId'],
  ]) {
    await page.evaluate(() => window.document.activeElement.blur());
    await find(page, words);
    await chosen(page).waitFor();
    await page.keyboard.press('Enter');
    await hasFocus(page, name);
    await dialog(page).waitFor({ state: 'detached' });
  }
  // The value of a secret is not looked at.
  await page.evaluate(() => window.document.activeElement.blur());
  await find(page, 'marker');
  await eventually(async () => assert.match(await dialog(page).locator('[role=status]').textContent(), /Nothing found/));
  await eventually(async () => assert.equal(await options(page).count(), 0));
  assert.equal(await byId(page, 'palette-input').getAttribute('aria-expanded'), 'false');
  await assertAlive(page, errors);
});

test('F63 the search is a combobox: arrows move, Escape leads back, an empty one lists the sections', async (t) => {
  const { page, errors } = await open(t);
  await byId(page, 'summary').waitFor({ state: 'attached' });
  await page.locator('.bar-find').focus();
  await page.keyboard.press('Enter');
  await hasFocus(page, 'palette-input');
  assert.deepEqual(
    (await options(page).locator('span').allTextContents()).slice(0, 2),
    ['Basics', 'Compute'],
  );
  await page.keyboard.type('mount');
  const input = byId(page, 'palette-input');
  const first = await input.getAttribute('aria-activedescendant');
  assert.equal(await chosen(page).getAttribute('id'), first);
  await page.keyboard.press('ArrowDown');
  const second = await input.getAttribute('aria-activedescendant');
  assert.notEqual(second, first);
  assert.equal(await chosen(page).getAttribute('id'), second);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  const count = await options(page).count();
  assert.equal(await input.getAttribute('aria-activedescendant'), `palette-option-${count - 1}`);
  await eventually(async () => assert.equal(await chosen(page).count(), 1));
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.ok(await page.locator('.bar-find').evaluate((button) => button === window.document.activeElement));
  // By pointer too.
  await page.locator('.bar-find').click();
  await page.keyboard.type('workspace');
  await options(page).first().click();
  await hasFocus(page, 'WorkspaceId');
  await assertAlive(page, errors);
});

test('F63 among thousands of rows a search is answered at once', async (t) => {
  const { page, errors } = await open(t, alone);
  await load(page, { Datasets: Array.from({ length: 5000 }, (_, n) => ({ DatasetId: `d-${n}`, MountPath: `/mnt/${n}` })) });
  await page.locator('main').evaluate((main) => main.focus());
  await find(page, '/mnt/499');
  const took = await page.evaluate(async () => {
    const input = window.document.querySelector('#palette-input');
    const begin = performance.now();
    input.value = '/mnt/4999';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    return performance.now() - begin;
  });
  t.diagnostic(`answered after ${Math.round(took)} ms`);
  assert.ok(took < 300, `answered after ${took} ms`);
  await page.keyboard.press('Enter');
  await hasFocus(page, 'Datasets[4999].MountPath');
  await assertAlive(page, errors);
});

test('F63 all commands are listed with their keys, found, and done', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await control(page, 'InstanceName').fill('abc');
  await page.locator('main').evaluate((main) => main.focus());
  await page.keyboard.press('?');
  await hasFocus(page, 'palette-input');
  const all = await options(page).allTextContents();
  for (const named of ['Undo', 'Redo', 'Next problem', 'Previous problem', 'Review', 'Find a field', 'Copy the JSON',
    'Download the JSON', 'Import a request', 'Start page', 'Guided form', 'All fields', 'Theme: dark', 'Language: Chinese']) {
    assert.ok(all.some((text) => text.startsWith(named)), named);
  }
  // What is said of a key is what the key does: those in the page say the same.
  const told = await page.evaluate(() =>
    [...window.document.querySelectorAll('[aria-keyshortcuts]')].map((element) => element.getAttribute('aria-keyshortcuts')));
  for (const keys of told) assert.ok(all.some((text) => text.includes(keys.replace('Control', 'Ctrl'))), keys);
  await page.keyboard.type('undo');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await control(page, 'InstanceName').inputValue(), ''));
  const run = async (words) => {
    await page.evaluate(() => window.document.activeElement.blur());
    await page.keyboard.press('?');
    await hasFocus(page, 'palette-input');
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
  };
  await run('theme dark');
  assert.ok(await page.getByRole('radio', { name: 'Dark' }).isChecked());
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  await run('import a request');
  await hasFocus(page, 'import-json');
  await run('copy the json');
  await says(page, /^Copied/);
  await run('review');
  await hasFocus(page, 'review-h');
  await assertAlive(page, errors);
});

test('F63 single keys are letters where one types, and can be turned off for good', async (t) => {
  const { page, context, errors } = await open(t);
  await control(page, 'InstanceName').focus();
  await page.keyboard.type('/?');
  assert.equal(await control(page, 'InstanceName').inputValue(), '/?');
  await byId(page, 'filter').focus();
  await page.keyboard.type('/?');
  assert.equal(await byId(page, 'filter').inputValue(), '/?');
  await byId(page, 'filter').fill('');
  const away = (there = page) => there.evaluate(() => window.document.activeElement.blur());
  await away();
  // With a key held it is some other command.
  for (const keys of ['Control+/', 'Alt+/', 'Meta+/']) await page.keyboard.press(keys);
  await eventually(async () => assert.equal(await dialog(page).count(), 0));
  await page.keyboard.press('?');
  await byId(page, 'single-keys').uncheck();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  for (const keys of ['/', '?']) await page.keyboard.press(keys);
  await eventually(async () => assert.equal(await dialog(page).count(), 0));
  assert.equal(await page.locator('.bar-find').getAttribute('aria-keyshortcuts'), null);
  assert.equal(await page.locator('.bar-find .kbd').isVisible(), false);
  await page.keyboard.press('F8');
  await says(page, /^Problem 1 of /);
  await assertAlive(page, errors);
  const { page: next } = await open(t, { context });
  await away(next);
  await next.keyboard.press('/');
  await eventually(async () => assert.equal(await dialog(next).count(), 0));
  await next.locator('.bar-find').click();
  await hasFocus(next, 'palette-input');
});

test('F63 what an input method composes triggers nothing', async (t) => {
  const { page, context, errors } = await open(t);
  const devtools = await context.newCDPSession(page);
  const compose = (text) =>
    devtools.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  /** A key that the input method takes: its code is 229, whatever it is. */
  const taken = (key) => {
    const event = { key, code: 'Slash', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
    return devtools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event });
  };
  await control(page, 'InstanceName').focus();
  await compose('wang luo');
  for (const key of ['Process', 'Enter', 'F8', '/', '?', 'Escape', 'z']) await taken(key);
  assert.equal(await focused(page), 'InstanceName');
  await eventually(async () => assert.equal(await dialog(page).count(), 0));
  await devtools.send('Input.insertText', { text: '网络' });
  assert.equal(await control(page, 'InstanceName').inputValue(), '网络');
  // In the search, what is not finished is not looked for, and Enter only ends it.
  await page.evaluate(() => window.document.activeElement.blur());
  await find(page, 'mount');
  const before = await options(page).count();
  assert.ok(before > 0);
  await byId(page, 'palette-input').fill('');
  const sections = await options(page).allTextContents();
  await compose('wang luo');
  await taken('Enter');
  await eventually(async () => assert.equal(await dialog(page).count(), 1));
  assert.deepEqual(await options(page).allTextContents(), sections);
  await devtools.send('Input.insertText', { text: 'mount' });
  await eventually(async () => assert.equal(await options(page).count(), before));
  await assertAlive(page, errors);
});

test('F63 from the start to an instance of the sandbox by keyboard alone', { skip }, async (t) => {
  const gateway = await start(t);
  const { page, errors } = await browser.open(t, '/', { from: gateway.address });
  page.setDefaultTimeout(8000);
  /** Enters the button that has the focus, and waits for the heading that gets it. */
  const enter = async (heading) => {
    await page.keyboard.press('Enter');
    await hasFocus(page, heading);
  };
  await tabTo(page, '#preset-cpu', { most: 40 });
  await enter('basics-h');
  await tabTo(page, '[name=WorkspaceId]', { most: 6 });
  await page.keyboard.type(READY.WorkspaceId);
  await tabTo(page, '[name=InstanceName]', { most: 6 });
  await page.keyboard.type('by_keyboard');
  for (const section of ['compute', 'image']) {
    await tabTo(page, '.steps [data-kind=primary]', { most: 20 });
    await enter(`${section}-h`);
  }
  await tabTo(page, '[name=ImageId]', { most: 8 });
  await page.keyboard.type(READY.ImageId);
  // From within the text: the review.
  await page.keyboard.press('Control+Enter');
  await hasFocus(page, 'review-h');
  await tabTo(page, '#create', { most: 60 });
  await page.keyboard.press('Enter');
  await byId(page, 'confirm').waitFor();
  await tabTo(page, '#confirm [data-kind=primary]', { most: 4 });
  await page.keyboard.press('Enter');
  await eventually(async () =>
    assert.match(await byId(page, 'review-h').textContent(), /by_keyboard is being created/), 15_000);
  assert.equal((await instances(gateway.address, 'by_keyboard')).length, 1);
  await assertAlive(page, errors);
});
