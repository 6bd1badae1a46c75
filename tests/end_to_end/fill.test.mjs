// Filling in: the hooks that others rely on, every kind of control, everything by keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertAlive,
  body,
  byId,
  control,
  document,
  eventually,
  fillIn,
  hasFocus,
  load,
  open,
  previewText,
  says,
  settle,
  showsBody,
  tabTo,
} from './fixtures/form.mjs';

test('the hooks of /#all are there', async (t) => {
  const { page, errors } = await open(t);
  const name = page.locator('input[name="InstanceName"]');
  const error = page.locator('[data-testid="error-InstanceName"]');
  await eventually(async () => assert.equal(await name.count(), 1));
  await eventually(async () => assert.equal(await error.count(), 1));
  assert.equal(await error.textContent(), '');
  assert.equal(await error.isVisible(), false);

  await name.pressSequentially('training-data');
  await eventually(async () => {
    assert.equal(await error.isVisible(), true);
    assert.match(await error.textContent(), /letters A to Z, digits and underscores/);
    assert.equal(await name.getAttribute('aria-invalid'), 'true');
  });
  await showsBody(page, { InstanceName: 'training-data' });

  await name.fill('training_data');
  await eventually(async () => {
    assert.equal(await error.isVisible(), false);
    assert.equal(await error.textContent(), '');
    assert.equal(await name.getAttribute('aria-invalid'), null);
  });
  await showsBody(page, { InstanceName: 'training_data' });
  await assertAlive(page, errors);
});

test('the import hook loads on an input event that a script sends', async (t) => {
  const { page, errors } = await open(t);
  await page.evaluate((text) => {
    const area = window.document.querySelector('[data-testid="import-json"]');
    area.value = text;
    const init = { inputType: 'insertFromPaste', data: null, bubbles: true };
    area.dispatchEvent(new InputEvent('input', init));
  }, document('smallest'));
  await showsBody(page, JSON.parse(document('smallest')));
  assert.equal(await control(page, 'InstanceName').inputValue(), 'training_data');
  assert.equal(await page.getByTestId('import-json').inputValue(), '');
  await assertAlive(page, errors);
});

test('the smallest request is filled in by keyboard alone', async (t) => {
  const { page, errors } = await open(t);
  const wanted = JSON.parse(document('smallest'));
  for (const [name, value] of Object.entries(wanted)) {
    await tabTo(page, `[name="${name}"]`);
    await page.keyboard.type(value);
  }
  await showsBody(page, wanted);
  await assertAlive(page, errors);
});

test('the first Tab leads to the way past the bar, and Enter goes it', async (t) => {
  const { page, errors } = await open(t);
  await page.keyboard.press('Tab');
  const skip = page.locator('a.skip');
  assert.equal(await skip.evaluate((link) => link === window.document.activeElement), true);
  await eventually(async () => assert.ok((await skip.boundingBox()).y >= 0));
  await page.keyboard.press('Enter');
  await tabTo(page, 'input', { most: 1 });
  assert.equal(await page.evaluate(() => window.document.activeElement.id), 'filter');
  await assertAlive(page, errors);
});

test('every kind of control is worked by keyboard', async (t) => {
  const { page, errors } = await open(t);
  const { keyboard } = page;

  await tabTo(page, '[name="Accessibility"]'); // a closed choice
  await keyboard.press('ArrowDown');
  await showsBody(page, { Accessibility: 'PUBLIC' });

  await tabTo(page, '[name="Priority"]'); // an integer
  await keyboard.type('7');
  await showsBody(page, { Accessibility: 'PUBLIC', Priority: 7 });

  await tabTo(page, '[name="Affinity.CPU.Enable"]'); // three states: not set, yes, no
  await keyboard.press('ArrowRight');
  await eventually(async () => assert.equal((await body(page)).Affinity.CPU.Enable, true));
  await keyboard.press('ArrowRight');
  await eventually(async () => assert.equal((await body(page)).Affinity.CPU.Enable, false));
  await keyboard.press('ArrowRight');
  await eventually(async () => assert.equal((await body(page)).Affinity, undefined));

  await tabTo(page, '[name="ImageAuth"]'); // a secret
  await keyboard.type('dXNlcjpwYXNzd29yZA==');
  assert.equal(await control(page, 'ImageAuth').getAttribute('type'), 'password');
  await tabTo(page, 'button', { most: 1 });
  await keyboard.press('Space');
  await eventually(async () =>
    assert.equal(await control(page, 'ImageAuth').getAttribute('type'), 'text'),
  );

  await tabTo(page, '[id="Datasets-add"]'); // a list of objects
  await keyboard.press('Enter');
  await hasFocus(page, 'Datasets[0].DatasetId');
  await keyboard.type('d-1');
  await tabTo(page, '[name="Datasets[0].Options"]'); // several lines
  await keyboard.type('{');
  await keyboard.press('Enter');
  await keyboard.type('}');

  await tabTo(page, '[id="UserVpc.ExtendedCIDRs-add"]'); // a list of texts
  await keyboard.press('Enter');
  await hasFocus(page, 'UserVpc.ExtendedCIDRs[0]');
  await keyboard.type('10.0.0.0/8');

  await tabTo(page, '[id="EnvironmentVariables-add"]'); // a map
  await keyboard.press('Enter');
  await hasFocus(page, 'EnvironmentVariables[0].Key');
  await keyboard.type('A');
  await keyboard.press('Tab');
  await keyboard.type('1');

  await tabTo(page, '[id="Labels-add"]'); // a table
  await keyboard.press('Space');
  await hasFocus(page, 'Labels[0].Key');
  await keyboard.type('team');
  await keyboard.press('Tab');
  await keyboard.type('vision');

  await tabTo(page, '[name="MigrationOptions"]'); // JSON
  await keyboard.type('{"a":[1]}');

  const wanted = {
    Accessibility: 'PUBLIC',
    Priority: 7,
    ImageAuth: 'dXNlcjpwYXNzd29yZA==',
    Datasets: [{ DatasetId: 'd-1', Options: '{\n}' }],
    UserVpc: { ExtendedCIDRs: ['10.0.0.0/8'] },
    EnvironmentVariables: { A: '1' },
    Labels: [{ Key: 'team', Value: 'vision' }],
    MigrationOptions: { a: [1] },
  };
  await showsBody(page, wanted);

  // Back up: a row is folded, opened and deleted.
  await tabTo(page, '#Labels-add', { back: true, most: 16 });
  await tabTo(page, '[aria-label="Delete tag 1"], [aria-label="Delete label 1"]', { back: true });
  await keyboard.press('Enter');
  delete wanted.Labels;
  await showsBody(page, wanted);
  await hasFocus(page, 'Labels-add');
  await tabTo(page, '.row-title', { back: true });
  await keyboard.press('Enter');
  await eventually(async () => assert.equal(await control(page, 'Datasets[0].Uri').count(), 0));
  await keyboard.press('Enter');
  // The other alternative is filled in, so this one is there but not offered.
  await control(page, 'Datasets[0].Uri').waitFor({ state: 'attached' });
  assert.equal(await control(page, 'Datasets[0].DatasetId').inputValue(), 'd-1');
  await assertAlive(page, errors);
});

test('a full request typed in field by field is that request', async (t) => {
  const { page, errors } = await open(t);
  const wanted = JSON.parse(document('full'));
  await fillIn(page, wanted);
  await showsBody(page, wanted);
  // The order is that of the reference, whatever the order of typing.
  assert.deepEqual(Object.keys(await body(page)), Object.keys(wanted));
  await assertAlive(page, errors);
});

test('emptying the form leaves an empty body', async (t) => {
  const { page, errors } = await open(t);
  const steps = { InstanceName: 'a', 'UserVpc.VpcId': 'vpc-1', 'RequestedResource.CPU': '1' };
  for (const [name, value] of Object.entries(steps)) await control(page, name).fill(value);
  await eventually(async () => assert.equal(Object.keys(await body(page)).length, 3));
  for (const name of Object.keys(steps)) await control(page, name).fill('');
  await showsBody(page, {});
  await assertAlive(page, errors);
});

test('rows are added, and the focus goes into each', async (t) => {
  const { page, errors } = await open(t);
  const ids = ['a', 'b', 'c', 'd', 'e'];
  for (const [row, id] of ids.entries()) {
    await byId(page, 'Datasets-add').click();
    // The fourth row makes the list a long one; the row just added stays open all the same.
    await hasFocus(page, `Datasets[${row}].DatasetId`);
    await page.keyboard.type(id);
  }
  await showsBody(page, { Datasets: ids.map((DatasetId) => ({ DatasetId })) });
  await assertAlive(page, errors);
});

test('rows are duplicated, moved and deleted, and the focus is never lost', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { Datasets: ['a', 'b', 'c', 'd', 'e'].map((DatasetId) => ({ DatasetId })) });
  const shows = (ids) =>
    eventually(async () => {
      const rows = (await body(page)).Datasets;
      assert.deepEqual(rows.map((row) => row.DatasetId), ids);
      assert.notEqual(await page.evaluate(() => window.document.activeElement.tagName), 'BODY');
    });
  const press = async (name) => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await press('Duplicate dataset 2');
  await shows(['a', 'b', 'b', 'c', 'd', 'e']);
  await press('Move dataset 1 down');
  await shows(['b', 'a', 'b', 'c', 'd', 'e']);
  await press('Move dataset 6 up');
  await shows(['b', 'a', 'b', 'c', 'e', 'd']);
  await press('Delete dataset 6');
  await shows(['b', 'a', 'b', 'c', 'e']);
  await press('Delete dataset 1');
  await shows(['a', 'b', 'c', 'e']);
  for (let left = 4; left > 0; left -= 1) await press('Delete dataset 1');
  await showsBody(page, {});
  await hasFocus(page, 'Datasets-add');
  await assertAlive(page, errors);
});

test('a row that moves takes the focus with it', async (t) => {
  const { page } = await open(t);
  await load(page, { Datasets: ['a', 'b', 'c'].map((DatasetId) => ({ DatasetId })) });
  await page.getByRole('button', { name: 'Move dataset 1 down', exact: true }).focus();
  // Pressed twice, the same row goes down twice.
  await page.keyboard.press('Enter');
  await says(page, /^Dataset 1 moved to 2/);
  await page.keyboard.press('Enter');
  await showsBody(page, { Datasets: ['b', 'c', 'a'].map((DatasetId) => ({ DatasetId })) });
});

test('undo and redo by key and by button', async (t) => {
  const { page, errors } = await open(t);
  const undo = page.getByRole('button', { name: 'Undo', exact: true }).first();
  const redo = page.getByRole('button', { name: 'Redo', exact: true }).first();
  assert.equal(await undo.isDisabled(), true);
  assert.equal(await redo.isDisabled(), true);
  await control(page, 'WorkspaceId').fill('40823');
  await (await settle(control(page, 'DockerConfig.Enable').nth(1))).check();
  const both = { WorkspaceId: '40823', DockerConfig: { Enable: true } };
  await showsBody(page, both);
  await undo.click();
  await showsBody(page, { WorkspaceId: '40823' });
  await undo.click();
  await showsBody(page, {});
  await eventually(async () => assert.equal(await undo.isDisabled(), true));
  await redo.click();
  await redo.click();
  await showsBody(page, both);
  // Outside a text control the keys are the form's.
  await page.locator('#output').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('Control+z');
  await showsBody(page, { WorkspaceId: '40823' });
  await page.keyboard.press('Control+Shift+z');
  await showsBody(page, both);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+y');
  await showsBody(page, both);
  await assertAlive(page, errors);
});

test('the filter finds fields by label, name and help', async (t) => {
  const { page, errors } = await open(t);
  const shown = () =>
    page.locator('main .field').evaluateAll((fields) => fields.filter((f) => f.checkVisibility()).length);
  const all = await shown();
  assert.ok(all > 40, `${all} fields are shown`);
  const filter = page.getByLabel('Filter fields');
  for (const words of ['spotpricelimit', 'Registry login', 'user:password base64']) {
    await filter.fill(words);
    await eventually(async () => assert.equal(await shown(), 1));
  }
  assert.equal(await control(page, 'ImageAuth').isVisible(), true);
  await filter.fill('no such field');
  await eventually(async () => assert.equal(await shown(), 0));
  assert.equal(await page.getByText('No field matches the filter.').isVisible(), true);
  await filter.fill('');
  await eventually(async () => assert.equal(await shown(), all));

  await load(page, { InstanceName: 'a-b', WorkspaceId: '1' });
  await page.getByRole('radio', { name: 'Set', exact: true }).check();
  await eventually(async () => assert.equal(await shown(), 2));
  await page.getByRole('radio', { name: 'With problems', exact: true }).check();
  await eventually(async () => assert.equal(await shown(), 1));
  assert.equal(await control(page, 'InstanceName').isVisible(), true);
  await page.getByRole('radio', { name: 'All', exact: true }).check();
  await eventually(async () => assert.equal(await shown(), all));
  await assertAlive(page, errors);
});

test('what is typed shows in the preview at once and nowhere else', async (t) => {
  const { page } = await open(t);
  await load(page, document('full'));
  const before = (await previewText(page)).split('\n');
  await control(page, 'Datasets[1].MountPath').fill('/mnt/other');
  await eventually(async () => {
    const after = (await previewText(page)).split('\n');
    const changed = after.filter((line, at) => line !== before[at]);
    assert.deepEqual(changed, ['      "MountPath": "/mnt/other",']);
  });
});

test('F17 labels and rules are edited as text, a line each, in one step', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { Labels: [{ Key: 'team', Value: 'nlp' }], AccessRestrictionRules: { a: '1' } });
  const text = (name) => control(page, `${name}-text`);
  await byId(page, 'Labels-as').click();
  assert.equal(await text('Labels').inputValue(), 'team=nlp');
  await text('Labels').fill('team=nlp\ncost = 42 \n\nalone');
  const Labels = [{ Key: 'team', Value: 'nlp' }, { Key: 'cost', Value: '42' }, { Key: 'alone' }];
  await showsBody(page, { Labels, AccessRestrictionRules: { a: '1' } });
  await byId(page, 'AccessRestrictionRules-as').click();
  await text('AccessRestrictionRules').fill('a=1\nb=2');
  await showsBody(page, { Labels, AccessRestrictionRules: { a: '1', b: '2' } });
  await byId(page, 'Labels-as').click();
  assert.equal(await control(page, 'Labels[1].Value').inputValue(), '42');
  await page.locator('.bar [aria-label=Undo]').click();
  await page.locator('.bar [aria-label=Undo]').click();
  await showsBody(page, { Labels: [{ Key: 'team', Value: 'nlp' }], AccessRestrictionRules: { a: '1' } });
  // What a line cannot hold is not offered as one.
  await load(page, { Labels: [{ Key: 'a=b', Value: 'c' }] });
  await byId(page, 'Labels-as').waitFor({ state: 'hidden' });
  await assertAlive(page, errors);
});
