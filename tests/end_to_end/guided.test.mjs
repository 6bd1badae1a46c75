// The guided form: one section at a time, what it folds, and what it says when one goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as browser from './browser.mjs';
import { body, control, eventually, load } from './fixtures/form.mjs';

/** Opens the guided form at a section. */
async function open(t, section = 'basics', options = {}) {
  const opened = await browser.open(t, `/#guided/${section}`, options);
  opened.page.setDefaultTimeout(8000);
  return opened;
}

const focused = (page) => page.evaluate(() => document.activeElement.id);
const focusIs = (page, id) => eventually(async () => assert.equal(await focused(page), id));
const next = (page) => page.locator('#step-next');
const at = (page, section) => eventually(() => assert.equal(new URL(page.url()).hash, `#guided/${section}`));

/** The labels of the fields of the root that are in sight. */
async function inSight(page) {
  const labels = page.locator('.section:visible .field-label:visible > code');
  const names = await labels.evaluateAll((all) => all.map((code) => code.textContent));
  const root = ['WorkspaceId', 'InstanceName', 'Accessibility', 'UserId', 'EcsSpec', 'SpotSpec', 'ResourceId',
    'RequestedResource', 'Priority', 'OversoldType', 'Driver', 'Affinity', 'AssignNodeSpec', 'ImageId', 'ImageUrl',
    'ImageAuth', 'CloudDisks', 'Datasets', 'WorkspaceSource', 'DynamicMount'];
  return names.filter((name) => root.includes(name));
}

test('F07 Next and Back lead through every section to the review, and the focus goes along', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { WorkspaceId: '40823', InstanceName: 'a', EcsSpec: 'ecs.c6.large', ImageId: 'image-05cefd0be2exxxx' });
  const sections = ['basics', 'compute', 'image', 'storage', 'network', 'environment', 'labels', 'advanced'];
  for (const section of sections) {
    await at(page, section);
    const visible = page.locator('.section:visible');
    assert.deepEqual(await visible.evaluateAll((all) => all.map((one) => one.id)), [section]);
    assert.equal(new URL(await page.locator('.rail a[aria-current=step]').evaluate((a) => a.href)).hash, `#guided/${section}`);
    if (section !== 'basics') await focusIs(page, `${section}-h`);
    await next(page).click();
  }
  await eventually(() => assert.equal(new URL(page.url()).hash, '#review'));
  await focusIs(page, 'review-h');
  await page.getByRole('button', { name: 'Back to the form' }).click();
  await at(page, 'advanced');
  for (const section of sections.slice(0, -1).reverse()) {
    await page.locator('#step-back').click();
    await at(page, section);
  }
  assert.deepEqual(errors, []);
});

test('F07 a first-timer meets five decisions; the rest is folded and says what it holds', async (t) => {
  const { page } = await open(t);
  const folded = page.locator('#step-more small');
  assert.deepEqual(await inSight(page), ['WorkspaceId', 'InstanceName']);
  assert.equal(await folded.textContent(), 'Optional, 0 set');
  await page.locator('#step-more').click();
  assert.equal(await page.locator('#step-more').getAttribute('aria-expanded'), 'true');
  assert.deepEqual(await inSight(page), ['WorkspaceId', 'InstanceName', 'Accessibility', 'UserId']);
  await page.locator('#step-more').click();
  // What holds a value is shown, whatever is folded, and so is what is wrong with it.
  await load(page, { Accessibility: 'PRIVATE', UserId: 'nobody', Driver: 'x' });
  await eventually(async () => assert.deepEqual(await inSight(page), ['WorkspaceId', 'InstanceName', 'Accessibility', 'UserId']));
  await eventually(async () => assert.match(await folded.textContent(), /warning|error/));
  await page.locator('.rail a', { hasText: 'Compute' }).click();
  await at(page, 'compute');
  const shown = await inSight(page);
  assert.ok(shown.includes('EcsSpec') && shown.includes('Driver') && !shown.includes('Affinity'), shown.join());
});

test('F07 what does not apply is not offered, and what one is led to is', async (t) => {
  const { page } = await open(t, 'compute');
  assert.equal((await inSight(page)).includes('RequestedResource'), false);
  await control(page, 'ResourceId').fill('quota1');
  await eventually(async () => assert.ok((await inSight(page)).includes('RequestedResource')));
  // A problem in a field that is folded and does not apply leads there.
  await load(page, { EcsSpec: 'ecs.c6.large', Priority: 99 });
  await eventually(async () => assert.ok((await inSight(page)).includes('Priority')));
});

test('F07 F28 Next tells the errors of the section once, and going on stays possible', async (t) => {
  const { page, errors } = await open(t);
  assert.equal(await next(page).textContent(), 'Next: Compute');
  await next(page).click();
  await at(page, 'basics');
  await focusIs(page, 'summary');
  assert.equal(await page.title(), 'Error: Basics - DSW Composer');
  const entries = page.locator('#summary li');
  await eventually(async () => assert.equal(await entries.count(), 2, 'only those of the section'));
  assert.match(await page.getByTestId('error-InstanceName').textContent(), /^Error: Enter a name/);
  assert.equal(await page.getByTestId('error-ImageId').textContent(), '');
  await entries.first().locator('a').click();
  await focusIs(page, 'WorkspaceId');
  await control(page, 'WorkspaceId').fill('40823');
  await eventually(async () => assert.equal(await entries.count(), 1));
  assert.equal(await next(page).textContent(), 'Go on with 1 error');
  assert.equal(await next(page).isEnabled(), true);
  await next(page).click();
  await at(page, 'compute');
  assert.equal(await page.locator('#summary').isVisible(), false);
  await eventually(async () => assert.equal(await page.title(), 'Compute - DSW Composer'));
  const rail = page.locator('.rail a', { hasText: 'Basics' });
  assert.equal(await rail.getAttribute('data-tone'), 'error');
  await rail.click();
  await eventually(async () => assert.equal(await entries.count(), 1));
  assert.deepEqual(errors, []);
});

test('F07 the rail says what is done, wrong and optional', async (t) => {
  const { page } = await open(t);
  const says = (name) => page.locator('.rail a', { hasText: name }).locator('small').textContent();
  assert.equal(await says('Basics'), '2 still needed');
  assert.equal(await says('Network'), 'Optional, 0 set');
  await control(page, 'WorkspaceId').fill('40823');
  await control(page, 'InstanceName').fill('a-b');
  await eventually(async () => assert.equal(await says('Basics'), '1 error'));
  await control(page, 'InstanceName').fill('ab');
  await eventually(async () => assert.equal(await says('Basics'), 'Done'));
});

test('F07 switching the form loses nothing, and leads to the same section', async (t) => {
  const { page, errors } = await open(t, 'compute');
  await control(page, 'EcsSpec').fill('ecs.c6');
  await page.locator('input[name=mode][value=all]').check();
  await eventually(() => assert.equal(new URL(page.url()).hash, '#all'));
  assert.equal(await control(page, 'EcsSpec').inputValue(), 'ecs.c6');
  assert.equal(await control(page, 'Driver').isVisible(), true);
  await control(page, 'UserCommand.OnStart.Content').waitFor({ state: 'attached' });
  await page.locator('input[name=mode][value=guided]').check();
  await eventually(async () => assert.deepEqual(await body(page), { EcsSpec: 'ecs.c6' }));
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.deepEqual(await body(page), {}));
  assert.deepEqual(errors, []);
});

test('F07 Enter goes to what is still needed, then on; it sends nothing and leaves composition and rows alone', async (t) => {
  const { page, errors } = await open(t);
  await control(page, 'WorkspaceId').fill('40823');
  await page.keyboard.press('Enter');
  await focusIs(page, 'InstanceName');
  await control(page, 'InstanceName').dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
  await at(page, 'basics');
  await page.keyboard.type('a');
  await page.keyboard.press('Alt+Enter');
  await at(page, 'basics');
  await page.keyboard.press('Enter');
  await at(page, 'compute');
  await focusIs(page, 'compute-h');
  // With something wrong in the section, Enter tells it as Next does.
  await page.locator('#step-back').click();
  await control(page, 'InstanceName').fill('a-b');
  await page.keyboard.press('Enter');
  await focusIs(page, 'summary');
  assert.deepEqual(errors, []);
});

test('F07 the keys of the browser stay its own', async (t) => {
  const { page } = await open(t);
  const taken = await page.evaluate(() => {
    const keys = [{ key: 'ArrowLeft', altKey: true }, { key: 'ArrowRight', altKey: true }, { key: 'Backspace' }, { key: 'Enter' }];
    return keys.filter((key) => !document.body.dispatchEvent(new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true })));
  });
  assert.deepEqual(taken, []);
});

test('F26 F27 F8 leads to a problem in another section, and the guided form follows', async (t) => {
  const { page } = await open(t, 'basics');
  await load(page, { WorkspaceId: '1', InstanceName: 'a', EcsSpec: 'ecs.c6.large', ImageId: 'image-05cefd0be2exxxx', Priority: 99 });
  await page.locator('#basics-h').click();
  await page.keyboard.press('F8');
  await at(page, 'compute');
  await focusIs(page, 'Priority');
});

test('from the CPU preset to a request that can be sent: at most 8 interactions, under 60 seconds', async (t) => {
  const { page, errors } = await browser.open(t, '/');
  page.setDefaultTimeout(8000);
  const begin = Date.now();
  let interactions = 0;
  const click = async (target) => {
    interactions += 1;
    await target.click();
  };
  const fill = async (name, value) => {
    interactions += 1;
    await control(page, name).fill(value);
  };
  await click(page.locator('#preset-cpu'));
  await fill('WorkspaceId', '40823');
  await fill('InstanceName', 'first_steps');
  await click(next(page));
  await click(next(page));
  await fill('ImageId', 'image-05cefd0be2exxxx');
  await click(page.locator('.rail a[href="#review"]'));
  await page.locator('#send-h').waitFor();
  await eventually(async () => assert.equal(await page.locator('.rail a[href="#review"] small').textContent(), 'Ready'));
  const seconds = (Date.now() - begin) / 1000;
  t.diagnostic(`${interactions} interactions, ${seconds.toFixed(1)} s`);
  assert.ok(interactions <= 8, `${interactions} interactions`);
  assert.ok(seconds < 60, `${seconds} s`);
  // It can be sent: nothing stands in the way of the dialog that asks once more.
  await page.locator('#create').click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).waitFor();
  assert.deepEqual(errors, []);
});
