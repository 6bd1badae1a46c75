// The start page: what there is to go on with, presets, presets of one's own, and what one has already.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as browser from './browser.mjs';
import { body, control, eventually, load, says } from './fixtures/form.mjs';

const presets = JSON.parse(readFileSync(new URL('../../crates/form/presets.json', import.meta.url), 'utf8'));

/** Opens a first visit, or another address. */
async function open(t, options = {}, path = '/') {
  const opened = await browser.open(t, path, options);
  opened.page.setDefaultTimeout(8000);
  return opened;
}

const view = (page) => page.locator('.shell').getAttribute('data-view');

/** Waits until the page is at an address. */
function at(page, hash) {
  return eventually(() => assert.equal(new URL(page.url()).hash, hash));
}

/** The id of what has the focus. */
const focused = (page) => page.evaluate(() => document.activeElement.id);

test('F02 a first visit begins at the start, and Back leads there from every view', async (t) => {
  const { page, errors } = await open(t);
  await at(page, '#start');
  assert.equal(await page.title(), 'Start - DSW Composer');
  assert.equal(await page.locator('#start-h').isVisible(), true);
  assert.equal(await control(page, 'InstanceName').isVisible(), false);
  await page.locator('#preset-cpu').click();
  await at(page, '#guided/basics');
  await eventually(async () => assert.equal(await focused(page), 'basics-h'));
  assert.equal(await page.title(), 'Basics - DSW Composer');
  await page.locator('.rail a', { hasText: 'Image' }).click();
  await at(page, '#guided/image');
  await page.locator('.rail a[href="#review"]').click();
  await at(page, '#review');
  await eventually(async () => assert.match(await page.title(), /Review - DSW Composer$/));
  for (const [hash, shown] of [['#guided/image', 'guided'], ['#guided/basics', 'guided'], ['#start', 'start']]) {
    await page.goBack();
    await at(page, hash);
    await eventually(async () => assert.equal(await view(page), shown));
  }
  await eventually(async () => assert.equal(await focused(page), 'start-h'));
  assert.deepEqual(errors, []);
});

test('every address leads to its view, and /#all to the form at once', async (t) => {
  for (const [hash, shown] of [
    ['#start', 'start'],
    ['#all', null],
    ['#guided', 'guided'],
    ['#guided/storage', 'guided'],
    ['#review', 'review'],
    ['#storage', null],
  ]) {
    const { page } = await open(t, {}, `/${hash}`);
    await eventually(async () => assert.equal(await view(page), shown, hash));
    if (shown === 'guided') {
      const section = hash.split('/')[1] ?? 'basics';
      const visible = page.locator('.section:visible');
      assert.deepEqual(await visible.evaluateAll((all) => all.map((one) => one.id)), [section]);
    }
    if (hash === '#all') await control(page, 'InstanceName').focus();
  }
});

test('F02 each preset sets what its card says and leaves what it says, in one step', async (t) => {
  for (const preset of presets) {
    const { page, errors } = await open(t);
    const card = page.locator('.card', { has: page.locator(`#preset-${preset.id}`) });
    const told = await eventually(async () => {
      const text = await card.locator('dd', { hasText: 'asks for' }).textContent();
      assert.match(text, /asks for \d/);
      return text;
    });
    const sets = Object.keys(preset.body).length;
    assert.match(told, sets === 0 ? /^nothing/ : new RegExp(`^${sets} fields?,`));
    await page.locator(`#preset-${preset.id}`).click();
    await eventually(async () => assert.deepEqual(await body(page), preset.body));
    const asks = Number(/asks for (\d)/.exec(told)[1]) - (preset.asks?.length ?? 0);
    const needed = page.locator('.rail a[href="#review"] small');
    await eventually(async () => assert.equal(await needed.textContent(), `${asks} still needed`));
    if (sets === 0) continue;
    await says(page, /fields? set\./);
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await eventually(async () => assert.deepEqual(await body(page), {}));
    assert.deepEqual(errors, []);
  }
});

test('F03 one preset is suggested', async (t) => {
  const { page } = await open(t);
  const suggested = page.locator('.card[data-pick]');
  await eventually(async () => assert.equal(await suggested.count(), 1));
  assert.match(await suggested.textContent(), /^One-GPU trainingSuggested/);
});

test('F02 a card tells what its machine costs where that is known, and that it is a sample', async (t) => {
  const { page, errors } = await open(t);
  const card = page.locator('.card', { has: page.locator('#preset-cpu') });
  await eventually(async () => assert.match(await card.textContent(), /CostsCNY \d+\.\d+ per hour, sample/));
  const spot = page.locator('.card', { has: page.locator('#preset-spot') });
  assert.match(await spot.textContent(), /Costsat most CNY/);
  const { page: alone } = await open(t, { from: browser.plain });
  const unknown = alone.locator('.card', { has: alone.locator('#preset-cpu') });
  await eventually(async () => assert.match(await unknown.textContent(), /asks for 3/));
  assert.match(await unknown.textContent(), /Costsunknown/);
  assert.deepEqual(errors, []);
});

test('F02 a preset over a draft asks nothing and loses nothing', async (t) => {
  const { page } = await open(t, {}, '/#all');
  await control(page, 'InstanceName').fill('mine');
  await page.locator('.bar-brand').click();
  await page.locator('#preset-spot').click();
  await eventually(async () => assert.equal((await body(page)).SpotSpec.SpotStrategy, 'SpotWithPriceLimit'));
  assert.equal((await body(page)).InstanceName, undefined);
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.deepEqual(await body(page), { InstanceName: 'mine' }));
});

test('F02 a draft is found, with name, count and what was not kept; it is continued or deleted, and that undone', async (t) => {
  const { page, context } = await open(t, {}, '/#all');
  await load(page, { InstanceName: 'mine', WorkspaceId: '1', ImageAuth: 'c2VjcmV0', Priority: 99 });
  await page.locator('.bar-draft', { hasText: /Saved \d/ }).waitFor();
  const { page: second, errors } = await open(t, { context }, '/#start');
  const card = second.locator('section', { has: second.locator('#draft-h') });
  await eventually(async () => assert.match(await card.textContent(), /Continue with mine.*3 fields set, \d errors?\./));
  await second.locator('#draft-delete').click();
  await says(second, /Draft cleared\./);
  await eventually(async () => assert.equal(await card.count(), 0));
  await eventually(async () => assert.equal(await focused(second), 'start-h'));
  await second.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await second.locator('#draft-continue').click();
  await eventually(async () => assert.equal((await body(second)).InstanceName, 'mine'));
  await eventually(async () => assert.equal(await view(second), 'guided'));
  assert.deepEqual(errors, []);
});

test('who comes back begins with the form that was used last', async (t) => {
  const { page, context } = await open(t, {}, '/#guided');
  await page.locator('input[name=mode][value=all]').check();
  await at(page, '#all');
  const { page: second } = await open(t, { context });
  await at(second, '#all');
  assert.equal(await view(second), null);
  await second.locator('input[name=mode][value=guided]').check();
  await at(second, '#guided/basics');
  const { page: third } = await open(t, { context });
  await at(third, '#guided/basics');
  // A preset leads into the guided form, which then is the one that was used last.
  const { page: other, context: fresh } = await open(t);
  await other.locator('#preset-cpu').click();
  await at(other, '#guided/basics');
  const { page: again } = await open(t, { context: fresh });
  await at(again, '#guided/basics');
});

test('a request is pasted at the start, and what is no request is told there', async (t) => {
  const { page, errors } = await open(t);
  await page.getByTestId('start-json').fill('{"InstanceName" "x"}');
  await page.locator('#start-json-msg p').waitFor();
  assert.equal(await view(page), 'start');
  await page.getByTestId('start-json').fill('{"InstanceName": "pasted", "Other": 1}');
  await says(page, /Imported/);
  await at(page, '#guided/basics');
  assert.deepEqual(await body(page), { InstanceName: 'pasted', Other: 1 });
  assert.deepEqual(errors, []);
});

test('what every instance needs leads to its field', async (t) => {
  const { page } = await open(t);
  await page.getByRole('link', { name: 'Where? Image' }).click();
  await at(page, '#guided/image');
  await eventually(async () => assert.equal(await focused(page), 'ImageId'));
});

/** The names of the own presets, as they are shown. */
const names = (page) => page.locator('#own-presets .row-title').allTextContents();

test('F04 the request is saved under a name, without secrets, and begun with again', async (t) => {
  const { page, context, errors } = await open(t, {}, '/#all');
  await load(page, { InstanceName: 'mine', ImageAuth: 'c2VjcmV0' });
  await page.locator('.bar-brand').click();
  await page.locator('#preset-save').click();
  await eventually(async () => assert.match(await page.locator('#presets-said').textContent(), /^Error: Enter a name/));
  await page.locator('#preset-name').fill('Training');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.match(await page.locator('#presets-said').textContent(), /^Saved Training, without 1 secret\./));
  assert.doesNotMatch(await page.evaluate(() => localStorage.getItem('dsw-composer.presets')), /c2VjcmV0/);
  // The same name is not taken twice.
  await page.locator('#preset-name').fill('Training');
  await page.locator('#preset-save').click();
  await eventually(async () => assert.match(await page.locator('#presets-said').textContent(), /Another preset has this name/));
  const { page: second } = await open(t, { context }, '/#start');
  await second.locator('#draft-delete').click();
  await second.locator('#own-presets .row-title').click();
  await eventually(async () => assert.deepEqual(await body(second), { InstanceName: 'mine' }));
  await says(second, /Training is in the form\./);
  assert.deepEqual(errors, []);
});

/** Puts presets into the storage of a page that is at the start, as files do. */
async function importFile(page, text, name = 'presets.json') {
  await page.locator('#presets-file').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

const FILE = JSON.stringify({
  'dsw-composer-presets': 1,
  presets: ['one', 'two'].map((name) => ({ name, request: { fields: { InstanceName: name } } })),
});
const reads = (page, words) =>
  eventually(async () => assert.match(await page.locator('#presets-said').textContent(), words));

test('F04 own presets are renamed, deleted and brought back, exported and imported', async (t) => {
  const { page, errors } = await open(t);
  await importFile(page, FILE);
  await reads(page, /^Presets added: 2\./);
  assert.deepEqual(await names(page), ['one', 'two']);
  await page.getByRole('button', { name: 'Rename two' }).click();
  await eventually(async () => assert.equal(await focused(page), 'preset-rename'));
  await page.locator('#preset-rename').fill('one');
  await page.keyboard.press('Enter');
  await reads(page, /^Error: Another preset has this name/);
  await page.locator('#preset-rename').fill('zwei');
  await page.keyboard.press('Enter');
  await reads(page, /^Renamed to zwei\./);
  await page.getByRole('button', { name: 'Delete one' }).click();
  await reads(page, /^Deleted one\./);
  assert.deepEqual(await names(page), ['zwei']);
  await eventually(async () => assert.equal(await focused(page), 'preset-undo'));
  await page.keyboard.press('Enter');
  await reads(page, /^Taken back\./);
  assert.deepEqual(await names(page), ['one', 'zwei']);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export to a file' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'dsw-composer-presets.json');
  const exported = readFileSync(await download.path(), 'utf8');
  const { page: other } = await open(t);
  await importFile(other, exported);
  await reads(other, /^Presets added: 2\./);
  assert.deepEqual(await names(other), ['one', 'zwei']);
  // The same again adds nothing; what has a name that is taken gets a number.
  await importFile(other, exported);
  await reads(other, /There already: 2\./);
  await importFile(other, exported.replace('"InstanceName":"one"', '"InstanceName":"changed"'));
  await reads(other, /^Presets added: 1\. .*taken: 1\./);
  assert.deepEqual(await names(other), ['one', 'zwei', 'one (2)']);
  assert.deepEqual(errors, []);
});

test('F04 a bad file of presets says what it is, and nothing is lost', async (t) => {
  const { page, errors } = await open(t);
  await importFile(page, FILE);
  await reads(page, /^Presets added: 2\./);
  for (const [text, words] of [
    ['{', /^Error: bad\.json is no file of presets\. Nothing was changed\./],
    ['{"InstanceName": "x"}', /^Error: bad\.json is no file of presets/],
    [FILE.replace('presets":1', 'presets":9'), /^Error: bad\.json was written by a newer version/],
  ]) {
    await importFile(page, text, 'bad.json');
    await reads(page, words);
    assert.deepEqual(await names(page), ['one', 'two']);
  }
  assert.deepEqual(errors, []);
});

test('F04 a storage that is full or blocked says so, and a newer version\'s presets stay', async (t) => {
  const { page } = await open(t);
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await importFile(page, FILE);
  await reads(page, /^Error: Not saved: this browser has no room left\./);
  assert.deepEqual(await names(page), []);
  const newer = '{"dsw-composer-presets": 9, "presets": []}';
  const context = await (await browser.browser()).newContext();
  t.after(() => context.close());
  await context.addInitScript((text) => localStorage.setItem('dsw-composer.presets', text), newer);
  const { page: second } = await open(t, { context }, '/#start');
  await reads(second, /newer version of this page/);
  await importFile(second, FILE);
  await reads(second, /^Error: Not saved: a newer version/);
  assert.equal(await second.evaluate(() => localStorage.getItem('dsw-composer.presets')), newer);
});

test('F05 what was copied is among the recent requests, and begins anew with one click', async (t) => {
  const { page, errors } = await open(t, { clipboard: true }, '/#all');
  await load(page, { InstanceName: 'first', EcsSpec: 'ecs.c6.large' });
  await page.locator('.output-tools .copy').click();
  await says(page, /^Copied/);
  await control(page, 'InstanceName').fill('second');
  await page.locator('.bar-brand').click();
  const recent = page.locator('#recent');
  await eventually(async () => assert.match(await recent.textContent(), /first.*ecs\.c6\.large/));
  await recent.locator('.row-title').first().click();
  await eventually(async () => assert.deepEqual(await body(page), { InstanceName: 'first', EcsSpec: 'ecs.c6.large' }));
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.equal((await body(page)).InstanceName, 'second'));
  assert.deepEqual(errors, []);
});

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

for (const locale of ['en-US', 'zh-CN']) {
  test(`axe finds nothing at the start and in the guided form, light, dark and narrow, and both fit: ${locale}`, async (t) => {
    const { page, errors } = await open(t, { locale });
    await importFile(page, FILE);
    await page.locator('#own-presets .row-title').first().click();
    await at(page, '#guided/basics');
    await page.evaluate(axe);
    for (const hash of ['#start', '#guided/basics', '#guided/storage']) {
      await page.evaluate((wanted) => { location.hash = wanted; }, hash);
      await at(page, hash);
      if (hash === '#guided/basics') await page.locator('#step-next').click();
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        for (const width of [1280, 360, 320]) {
          await page.setViewportSize({ width, height: 800 });
          const found = await page.evaluate(async () => {
            const { violations } = await window.axe.run(window.document, { resultTypes: ['violations'] });
            return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join('\n')}`);
          });
          assert.deepEqual(found, [], `${hash}, ${colorScheme}, ${width} px`);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.equal(over, 0, `${hash}, ${width} px`);
        }
      }
    }
    assert.deepEqual(errors, []);
  });
}
