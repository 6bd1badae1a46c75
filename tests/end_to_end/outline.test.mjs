// What a screen reader reads, in its order: names, roles, states and descriptions of whole views, as they are kept in
// fixtures/outline. After a change that is meant, DSW_UPDATE=1 writes them anew; read what changed before it is kept.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { browser, open } from './browser.mjs';
import { byId, control, eventually, paste, says } from './fixtures/form.mjs';
import { outline } from './fixtures/outline.mjs';

const KEPT = new URL('./fixtures/outline/', import.meta.url);

/** Compares a view with what is kept of it. */
async function check(page, name, selector) {
  // Marks and digests differ from visit to visit.
  const said = (await outline(page, selector)).replace(/\b[0-9a-f]{32,64}\b/g, '…');
  const file = new URL(`${name}.txt`, KEPT);
  if (process.env.DSW_UPDATE) {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(file, said);
  }
  assert.equal(said, readFileSync(file, 'utf8'), `${name}: DSW_UPDATE=1 keeps what is read now`);
}

/** Opens a view in a language; everything is there, and nothing was there before. */
async function view(t, path, locale) {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 }, locale });
  t.after(() => context.close());
  const { page, errors } = await open(t, path, { context });
  await page.locator('.mode .badge').waitFor();
  await page.locator('.tabs').waitFor({ state: 'attached' });
  return { page, errors };
}

const REQUEST = {
  WorkspaceId: '40823',
  InstanceName: 'training-data',
  EcsSpec: 'ecs.gn7i-c16g1.4xlarge',
  ImageId: 'image-05cefd0be2exxxx',
  Datasets: [{ DatasetId: 'd-vsqjvs4k0rp5l206u', MountPath: '/mnt/data' }],
};

for (const [language, locale] of [['en', 'en-US'], ['zh', 'zh-CN']]) {
  test(`F64 the start page is read as it is kept: ${language}`, async (t) => {
    const { page, errors } = await view(t, '/#start', locale);
    await check(page, `start-${language}`);
    assert.deepEqual(errors, []);
  });

  test(`F64 the guided form is read as it is kept, and so is a fault in it: ${language}`, async (t) => {
    const { page, errors } = await view(t, '/#guided', locale);
    await check(page, `guided-${language}`);
    await control(page, 'InstanceName').fill('a-b');
    await control(page, 'InstanceName').blur();
    await eventually(async () => assert.notEqual(await page.getByTestId('error-InstanceName').textContent(), ''));
    await check(page, `fault-${language}`, 'main');
    assert.deepEqual(errors, []);
  });

  test(`F64 the review is read as it is kept: ${language}`, async (t) => {
    const { page, errors } = await view(t, '/#all', locale);
    await paste(page, JSON.stringify(REQUEST));
    await says(page, /./);
    await page.goto(`${page.url().split('#')[0]}#review`);
    await byId(page, 'review').locator('h1').waitFor();
    // What the lists know of the request comes with the lists: an image for CPU on a machine with GPU.
    await eventually(async () => assert.match(await byId(page, 'review-summary').innerText(), /GPU/));
    await check(page, `review-${language}`, 'main');
    assert.deepEqual(errors, []);
  });
}
