// What is picked from the service's lists, with a gateway and without: by keyboard, filtered, refused, and what the
// rules learn from it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browser, origin, plain } from './browser.mjs';
import { CATALOGUE, MACHINES, gateway } from './fixtures/lists.mjs';
import { skip, start } from './fixtures/program.mjs';
import {
  assertAlive,
  body,
  byId,
  control,
  eventually,
  focused,
  hasFocus,
  layOutAll,
  load,
  open,
  showsBody,
  tabTo,
} from './fixtures/form.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** A page with a gateway. `answers` is what the gateway is asked and says. */
async function withGateway(t, options = {}) {
  const context = await (await browser()).newContext({
    viewport: { width: options.width ?? 1280, height: 800 },
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  t.after(() => context.close());
  const answers = await gateway(context, options);
  const opened = await open(t, { context });
  await badge(opened.page, options.mode === 'live' ? /^Live · cn-hangzhou/ : /^Sandbox/);
  return { ...opened, answers };
}

/** Waits until the mode in the bar reads so. */
function badge(page, pattern) {
  return eventually(async () => assert.match(await page.locator('.mode .badge').textContent(), pattern));
}

/** The picker of a field. */
function picker(page, name) {
  return byId(page, `pick-${name}`);
}

/** The button that opens a picker. */
function opener(page, name) {
  return byId(page, `pick-${name}-open`);
}

/** Waits until a picker says this of itself. */
function tells(page, name, pattern) {
  const status = page.getByTestId(`pick-${name}-status`);
  return eventually(async () => assert.match(await status.textContent(), pattern));
}

/** Opens a picker and waits for its list. */
async function openList(page, name, count = /\d/) {
  await opener(page, name).click();
  await tells(page, name, count);
  await picker(page, name).locator('tbody tr').first().waitFor();
}

/** The values that a picker shows. */
function values(page, name) {
  return picker(page, name).locator('tbody [type=radio]').evaluateAll((all) => all.map(({ value }) => value));
}

/** The row of a picker in which this stands. */
function row(page, name, text) {
  return picker(page, name).locator('tbody tr', { has: page.getByText(text, { exact: true }) });
}

/** Waits until a field has the message of a rule. */
function told(page, name, rule) {
  const why = page.getByTestId(`error-${name}`).getByRole('button', { name: `Why: rule ${rule}` });
  return why.waitFor();
}

/** Chooses an option of a filter. */
function filter(page, name, label, option) {
  return picker(page, name).getByLabel(label, { exact: true }).selectOption(option);
}

/** Errors but those that a refused call leaves in the console. */
function own(errors) {
  return errors.filter((error) => !/\/api\/|Failed to load resource|config\.json/.test(error));
}

/** What a person fills in first, and one who waits for nobody. */
const LISTED = [
  ['WorkspaceId', CATALOGUE.Workspaces.map(({ WorkspaceId: id }) => id)],
  ['EcsSpec', MACHINES.map(({ InstanceType: name }) => name)],
  ['ResourceId', undefined],
  ['ImageId', undefined],
];

for (const [name, all] of LISTED) {
  test(`${name} is picked by keyboard alone`, async (t) => {
    const { page, errors } = await withGateway(t);
    await byId(page, name).focus();
    await page.keyboard.press('Tab');
    await hasFocus(page, `pick-${name}-open`);
    await page.keyboard.press('Enter');
    await tells(page, name, /^\d+ /);
    if (all) assert.deepEqual((await values(page, name)).sort(), [...all].sort());
    const listed = await values(page, name);
    await tabTo(page, `[name="pick-${name}-value"]`, { most: 12 });
    await page.keyboard.press('Space');
    await showsBody(page, { [name]: listed[0] });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await showsBody(page, { [name]: listed[2] });
    assert.equal(await control(page, name).inputValue(), listed[2]);
    assert.equal(await picker(page, name).locator('[data-on] [type=radio]').inputValue(), listed[2]);
    await page.keyboard.press('Enter');
    await hasFocus(page, `pick-${name}-open`);
    assert.equal(await opener(page, name).getAttribute('aria-expanded'), 'false');
    assert.ok(await picker(page, name).isHidden());
    await page.keyboard.press('Control+z');
    await showsBody(page, { [name]: listed[1] });
    // The short way: Down opens the list and leads to its rows, Enter chooses and closes.
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await showsBody(page, {});
    await byId(page, `pick-${name}-open`).focus();
    await page.keyboard.press('ArrowDown');
    await tells(page, name, /^\d+ /);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await hasFocus(page, `pick-${name}-open`);
    await showsBody(page, { [name]: listed[0] });
    await page.keyboard.press('ArrowDown');
    await tells(page, name, /^\d+ /);
    await picker(page, name).locator('[type=search]').focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.value), listed[0]);
    assert.deepEqual(errors, []);
  });
}

test('dataset and version are picked in their row', async (t) => {
  const { page, errors, answers } = await withGateway(t);
  await control(page, 'WorkspaceId').fill('40823');
  await byId(page, 'Datasets-add').click();
  const [id, version] = ['Datasets[0].DatasetId', 'Datasets[0].DatasetVersion'];
  await opener(page, version).click();
  await tells(page, version, /^Enter a dataset first/);
  await opener(page, version).click();
  await openList(page, id);
  // The whole row is the label of its button.
  await row(page, id, 'training_images').click();
  const { DatasetId: chosen, Versions: versions } = CATALOGUE.Datasets.find(({ Name }) => Name === 'training_images');
  await showsBody(page, { WorkspaceId: '40823', Datasets: [{ DatasetId: chosen }] });
  await openList(page, version);
  assert.deepEqual(await values(page, version), versions.map(({ VersionName: name }) => name));
  await row(page, version, 'v2').click();
  await showsBody(page, { WorkspaceId: '40823', Datasets: [{ DatasetId: chosen, DatasetVersion: 'v2' }] });
  // The lists are those of the workspace.
  assert.ok(answers.calls.some((call) => /^\/api\/v1\/datasets\?.*WorkspaceId=40823/.test(call)));
  // Another dataset has other versions: the open list follows.
  await control(page, id).fill(CATALOGUE.Datasets[1].DatasetId);
  const others = CATALOGUE.Datasets[1].Versions.map(({ VersionName: name }) => name);
  await eventually(async () => assert.deepEqual(await values(page, version), others));
  await assertAlive(page, errors);
});

test('machines are filtered by what they have, cost, and whether they can be had', async (t) => {
  const { page, errors } = await withGateway(t);
  await openList(page, 'EcsSpec');
  const list = picker(page, 'EcsSpec');
  const shows = async (wanted) => {
    const names = MACHINES.filter(wanted).map(({ InstanceType: name }) => name);
    assert.ok(names.length > 0 && names.length < MACHINES.length, 'the filter leaves some');
    await eventually(async () => assert.deepEqual((await values(page, 'EcsSpec')).sort(), names.sort()));
    await tells(page, 'EcsSpec', new RegExp(`^${names.length} of ${MACHINES.length} machine types$`));
  };
  await list.locator('.segment [value=GPU]').check();
  await shows((machine) => machine.GPU > 0);
  await filter(page, 'EcsSpec', 'GPU model', 'A10');
  await shows((machine) => machine.GPUType === 'A10');
  await filter(page, 'EcsSpec', 'vCPU', 'at least 16');
  await shows((machine) => machine.GPUType === 'A10' && machine.CPU >= 16);
  await filter(page, 'EcsSpec', 'vCPU', 'Any');
  await filter(page, 'EcsSpec', 'Memory', 'at least 64 GiB');
  await shows((machine) => machine.GPUType === 'A10' && machine.Memory >= 64);
  await filter(page, 'EcsSpec', 'GPU model', 'Any');
  await filter(page, 'EcsSpec', 'Price per hour', 'at most CNY 20');
  await shows((machine) => machine.GPU > 0 && machine.Memory >= 64 && machine.Price <= 20);
  await list.getByLabel('In stock only').check();
  await shows(
    (machine) => machine.GPU > 0 && machine.Memory >= 64 && machine.Price <= 20 && machine.IsAvailable,
  );
  await list.getByLabel('Search').fill('no such machine');
  await tells(page, 'EcsSpec', /^0 of \d+ machine types$/);
  assert.ok(await list.getByText('Nothing matches these filters.').isVisible());
  await list.getByRole('button', { name: 'Clear filters' }).click();
  await tells(page, 'EcsSpec', new RegExp(`^${MACHINES.length} machine types$`));
  await hasFocus(page, 'pick-EcsSpec-search');
  assert.equal(await list.getByLabel('In stock only').isChecked(), false);
  // The cheapest comes first, with its price of an hour and of 30 days.
  const cheapest = [...MACHINES].sort((a, b) => a.Price - b.Price)[0];
  const cells = await list.locator('tbody tr').first().locator('td').allTextContents();
  assert.equal((await values(page, 'EcsSpec'))[0], cheapest.InstanceType);
  assert.ok(cells.some((cell) => cell.startsWith(cheapest.Price.toFixed(3))), `${cells}`);
  assert.ok(cells.includes((cheapest.Price * 720).toFixed(2)), `${cells}`);
  assert.deepEqual(errors, []);
});

test('images are found by framework, chip, Python, CUDA, maker and words', async (t) => {
  const { page, errors } = await withGateway(t);
  await control(page, 'WorkspaceId').fill('40823');
  await openList(page, 'ImageId');
  const label = (image, key) => image.Labels.find(({ Key }) => Key === key)?.Value ?? '';
  const here = (image) =>
    ['', '40823'].includes(image.WorkspaceId) && label(image, 'system.supported.dsw') === 'true';
  const shows = async (wanted) => {
    const ids = CATALOGUE.Images.filter((image) => here(image) && wanted(image)).map(({ ImageId: id }) => id);
    assert.ok(ids.length > 0, 'the filter leaves some');
    await eventually(async () => assert.deepEqual((await values(page, 'ImageId')).sort(), ids.sort()));
  };
  await filter(page, 'ImageId', 'Framework', 'PyTorch');
  await shows((image) => label(image, 'system.framework').startsWith('PyTorch '));
  await filter(page, 'ImageId', 'Chip', 'GPU');
  await filter(page, 'ImageId', 'Python', '3.10');
  await filter(page, 'ImageId', 'CUDA', '12.1');
  const fits = (image) =>
    label(image, 'system.framework').startsWith('PyTorch ') &&
    label(image, 'system.chipType') === 'GPU' &&
    label(image, 'system.pythonVersion') === '3.10' &&
    label(image, 'system.dsw.cudaVersion') === '12.1';
  await shows(fits);
  await picker(page, 'ImageId').getByLabel('Search').fill('2.2 PYTORCH');
  await shows((image) => fits(image) && image.Name.includes('2.2'));
  // Escape empties the search, then closes the list.
  await page.keyboard.press('Escape');
  await shows(fits);
  assert.ok(await picker(page, 'ImageId').isVisible());
  for (const name of ['Framework', 'Chip', 'Python', 'CUDA']) await filter(page, 'ImageId', name, 'Any');
  await filter(page, 'ImageId', 'Made by', 'Custom');
  await shows((image) => label(image, 'system.origin') === 'Custom');
  await page.keyboard.press('Escape');
  await hasFocus(page, 'pick-ImageId-open');
  assert.deepEqual(errors, []);
});

test('a list that comes in pages is there whole, and says how far it is', async (t) => {
  const { page, errors, answers } = await withGateway(t);
  const many = Array.from({ length: 250 }, (_, n) => ({ WorkspaceId: `${1000 + n}`, WorkspaceName: `w${n}` }));
  const real = CATALOGUE.Workspaces.splice(0, Infinity, ...many);
  t.after(() => CATALOGUE.Workspaces.splice(0, Infinity, ...real));
  let release;
  answers.fault = (url) =>
    url.searchParams.get('PageNumber') === '3' ? new Promise((resolve) => (release = resolve)) : undefined;
  await opener(page, 'WorkspaceId').click();
  await tells(page, 'WorkspaceId', /^Loading workspaces: 200 of 250$/);
  release();
  await tells(page, 'WorkspaceId', /^250 workspaces$/);
  assert.equal((await values(page, 'WorkspaceId')).length, 100);
  await picker(page, 'WorkspaceId').getByRole('button', { name: 'Show 100 more' }).click();
  assert.equal((await values(page, 'WorkspaceId')).length, 200);
  await hasFocus(page, 'pick-WorkspaceId-value');
  assert.equal(await page.evaluate(() => document.activeElement.value), '1100');
  // What is not shown is found all the same.
  await picker(page, 'WorkspaceId').getByLabel('Search').fill('1249');
  await eventually(async () => assert.deepEqual(await values(page, 'WorkspaceId'), ['1249']));
  // Each page was asked for once, and opening again asks for none.
  const pages = answers.calls.filter((call) => call.startsWith('/api/v1/workspaces'));
  assert.deepEqual(pages.map((call) => new URL(call, origin).searchParams.get('PageNumber')), ['1', '2', '3']);
  await opener(page, 'WorkspaceId').click();
  await openList(page, 'WorkspaceId', /^250/);
  assert.equal(answers.calls.filter((call) => call.startsWith('/api/v1/workspaces')).length, 3);
  assert.deepEqual(errors, []);
});

test('an empty list says so, and what to do', async (t) => {
  const { page, errors } = await withGateway(t);
  await control(page, 'WorkspaceId').fill('99999');
  await opener(page, 'ResourceId').click();
  await tells(page, 'ResourceId', /^0 quotas$/);
  assert.ok(await picker(page, 'ResourceId').getByText(/^There are no quotas here\./).isVisible());
  await assertAlive(page, errors);
});

test('a list that is refused tells code, request and what to do, and comes on the next try', async (t) => {
  const { page, errors, answers } = await withGateway(t);
  const upstream = {
    status: 403,
    code: 'Forbidden.RAM',
    message: 'User not authorized to operate on the specified resource.',
    requestId: 'A1B2-C3',
  };
  answers.fault = () => ({ status: 400, error: { code: 'UPSTREAM_REFUSED', message: 'No.', upstream } });
  await opener(page, 'EcsSpec').click();
  await tells(page, 'EcsSpec', /^Machine types could not be loaded\.$/);
  const words = await picker(page, 'EcsSpec').locator('.callout').innerText();
  for (const part of ['User not authorized', 'paidsw:ListEcsSpecs', 'Forbidden.RAM', 'A1B2-C3']) {
    assert.ok(words.includes(part), words);
  }
  // Free text is never blocked.
  await picker(page, 'EcsSpec').getByRole('button', { name: 'Enter a type that is not listed' }).click();
  await hasFocus(page, 'EcsSpec');
  await page.keyboard.type('ecs.typed.large');
  await showsBody(page, { EcsSpec: 'ecs.typed.large' });
  answers.fault = () => undefined;
  await picker(page, 'EcsSpec').getByRole('button', { name: 'Try again' }).click();
  await tells(page, 'EcsSpec', /^\d+ machine types$/);
  await hasFocus(page, 'pick-EcsSpec-open');
  assert.ok(
    await picker(page, 'EcsSpec').getByText('ecs.typed.large is not on this list. It is sent as entered.').isVisible(),
  );
  assert.deepEqual(own(errors), []);
});

test('each way in which a gateway fails is told in its words', async (t) => {
  const { page, errors, answers } = await withGateway(t);
  const cases = [
    ['abort', /does not answer\. See that it runs/],
    [{ status: 401, error: { code: 'TOKEN_REQUIRED', message: 'x' } }, /wants its access token/],
    [
      { status: 429, error: { code: 'THROTTLED', message: 'The service asks to wait.' }, headers: { 'Retry-After': '7' } },
      /asks to wait\. Wait 7 seconds\. Code THROTTLED/,
    ],
    [{ status: 504, error: { code: 'UPSTREAM_TIMEOUT', message: 'No answer in time.' } }, /No answer in time\. Code UPSTREAM_TIMEOUT/],
    [{ status: 500, error: {} }, /none of a gateway's \(status 500\)/],
  ];
  await opener(page, 'WorkspaceId').click();
  for (const [fault, words] of cases) {
    answers.fault = () => fault;
    const list = picker(page, 'WorkspaceId');
    await list.getByRole('button', { name: /^(Try|Load) again$/ }).click();
    await eventually(async () => assert.match(await list.innerText(), words));
  }
  assert.deepEqual(own(errors), []);
});

test('a GPU image on a CPU machine is told at both, and what is read-only, sold out or taken', async (t) => {
  const { page, errors } = await withGateway(t);
  const label = (image, key) => image.Labels.find(({ Key }) => Key === key)?.Value;
  const gpuImage = CATALOGUE.Images.find((image) => label(image, 'system.chipType') === 'GPU' && !image.WorkspaceId);
  const cpu = MACHINES.find((machine) => machine.GPU === 0 && machine.IsAvailable);
  // F25: both by hand from their lists.
  await openList(page, 'EcsSpec');
  await picker(page, 'EcsSpec').locator(`[value="${cpu.InstanceType}"]`).check();
  await openList(page, 'ImageId');
  await picker(page, 'ImageId').locator(`[value="${gpuImage.ImageId}"]`).check();
  await told(page, 'EcsSpec', 'R16');
  await told(page, 'ImageId', 'R16');
  // The same for what was typed or imported: the lists are fetched by themselves.
  const sold = MACHINES.find((machine) => !machine.IsAvailable);
  const dataset = CATALOGUE.Datasets.find(
    (row) => row.DataSourceType === 'NAS' && row.MountAccess === 'RO' && row.WorkspaceId === '40823',
  );
  await load(page, {
    WorkspaceId: '40823',
    InstanceName: 'name_of_mine',
    EcsSpec: sold.InstanceType,
    ImageUrl: 'registry.cn-shanghai.aliyuncs.com/a/b:1',
    Datasets: [{ DatasetId: dataset.DatasetId, MountPath: '/mnt/data', MountAccess: 'RW', Options: '{}' }],
  });
  await told(page, 'EcsSpec', 'R108');
  await told(page, 'ImageUrl', 'R15');
  await told(page, 'Datasets[0].Options', 'R22');
  await told(page, 'Datasets[0].MountAccess', 'R41');
  await assertAlive(page, errors);
});

test('a name that is in use is told when it is left, and a free one is not', async (t) => {
  const { page, errors, answers } = await withGateway(t);
  const taken = CATALOGUE.Instances[0].Body.InstanceName;
  const lookups = () => answers.calls.filter((call) => call.startsWith('/api/v2/instances'));
  await control(page, 'InstanceName').focus();
  await page.keyboard.type(taken.slice(0, -1));
  assert.equal(lookups().length, 0, 'not while one types');
  await page.keyboard.press('Tab');
  await eventually(async () => assert.equal(lookups().length, 1));
  await control(page, 'InstanceName').focus();
  await page.keyboard.press('End');
  await page.keyboard.type(taken.slice(-1));
  await page.keyboard.press('Tab');
  await told(page, 'InstanceName', 'R107');
  const query = new URL(lookups()[1], origin).searchParams;
  assert.equal(query.get('ResourceId'), 'ALL');
  // A part of a name in use is free, and leaving it again asks nobody.
  await control(page, 'InstanceName').fill(taken.slice(0, -1));
  await eventually(async () => {
    await eventually(async () => assert.equal(await page.getByTestId('error-InstanceName').locator('.field-msg').count(), 0));
  });
  await assertAlive(page, errors);
});

test('another region has other lists, is kept, and what was known of the first is forgotten', async (t) => {
  const { page, context, errors, answers } = await withGateway(t);
  await load(page, { ImageUrl: 'registry.cn-shanghai.aliyuncs.com/a/b:1' });
  await told(page, 'ImageUrl', 'R15');
  await openList(page, 'WorkspaceId');
  await page.getByLabel('Region').selectOption('China (Shanghai)');
  await eventually(async () => {
    await eventually(async () => assert.equal(await page.getByTestId('error-ImageUrl').locator('.field-msg').count(), 0));
  });
  // The list that is open is fetched anew.
  await eventually(async () => {
    assert.ok(answers.calls.some((call) => /^\/api\/v1\/workspaces\?RegionId=cn-shanghai&/.test(call)));
  });
  const again = await open(t, { context });
  await badge(again.page, /^Sandbox/);
  await eventually(async () => assert.equal(await again.page.getByLabel('Region').inputValue(), 'cn-shanghai'));
  assert.deepEqual(errors, []);
});

test('the mode is told in words at all times, and a gateway that turns live says so', async (t) => {
  const { page, errors, answers } = await withGateway(t);
  assert.equal(await page.locator('.mode .badge').textContent(), 'Sandbox · nothing real is created');
  assert.ok(await byId(page, 'alone').isHidden(), 'a page with a gateway does not say that nothing leaves it');
  answers.mode = 'live';
  await openList(page, 'WorkspaceId');
  await badge(page, /^Live · cn-hangzhou$/);
  assert.equal(await page.locator('.mode .badge').getAttribute('data-tone'), 'warning');
  assert.deepEqual(errors, []);
});

test('S04: the access token leaves the address at once, stays in the tab, and goes with each call', async (t) => {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  const answers = await gateway(context);
  const page = await context.newPage();
  await page.goto(`${origin}/#token=secret-0123456789`);
  await badge(page, /^Sandbox/);
  assert.equal(new URL(page.url()).hash, '#start');
  await page.evaluate(() => {
    location.hash = '#compute';
  });
  await page.goBack();
  assert.doesNotMatch(page.url(), /token/);
  await page.goForward();
  await openList(page, 'WorkspaceId');
  assert.ok(answers.headers.length > 0);
  for (const headers of answers.headers) assert.equal(headers.authorization, 'Bearer secret-0123456789');
  // A reload keeps it; another tab does not have it, nor has anything that outlives the tab.
  await page.reload();
  await badge(page, /^Sandbox/);
  await openList(page, 'WorkspaceId');
  assert.equal(answers.headers.at(-1).authorization, 'Bearer secret-0123456789');
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...localStorage }) + document.cookie), /secret/);
  const other = await context.newPage();
  await other.goto(`${origin}/#all`);
  await badge(other, /^Sandbox/);
  await openList(other, 'WorkspaceId');
  assert.equal(answers.headers.at(-1).authorization, undefined);
});

test('the estimate follows the machine, tells its source, and knows ceilings', async (t) => {
  const { page, errors } = await withGateway(t);
  const machine = MACHINES.find(({ GPU, Price }) => GPU > 0 && Price > 2);
  const foot = page.locator('.estimate');
  assert.equal(await foot.textContent(), '');
  await control(page, 'EcsSpec').fill(machine.InstanceType);
  const price = machine.Price.toFixed(3);
  const hour = `CNY ${price} per hour`;
  await eventually(async () => assert.ok((await foot.textContent()).includes(hour), await foot.textContent()));
  assert.match(await foot.textContent(), /Sandbox sample prices, not an offer\./);
  await load(page, {
    EcsSpec: machine.InstanceType,
    SpotSpec: { SpotStrategy: 'SpotWithPriceLimit', SpotPriceLimit: '1.5' },
  });
  await eventually(async () => {
    assert.match(await foot.textContent(), /at most CNY 1\.500 per hour, 1,080\.00 for 30 days\. The regular price is CNY /);
  });
  await control(page, 'EcsSpec').fill('ecs.unknown.large');
  await eventually(async () => assert.match(await foot.textContent(), /price unknown/));
  await control(page, 'EcsSpec').fill('');
  await eventually(async () => assert.equal(await foot.textContent(), ''));
  assert.deepEqual(errors, []);
});

test('without a gateway there is a dated sample of machines, and no other list', async (t) => {
  const { page, errors } = await open(t, { from: plain });
  await badge(page, /^No gateway · copy and download only$/);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  for (const name of ['WorkspaceId', 'ImageId', 'ResourceId']) assert.ok(await opener(page, name).isHidden(), name);
  assert.ok(await page.getByLabel('Region').isHidden());
  await openList(page, 'EcsSpec');
  const data = asked.filter((path) => path.startsWith('/assets/') && path.endsWith('.json'));
  assert.deepEqual(data, ['/assets/machines.json'], 'the sample is loaded when it is asked for');
  assert.equal((await values(page, 'EcsSpec')).length, MACHINES.length);
  const foot = await picker(page, 'EcsSpec').locator('.picker-foot').innerText();
  assert.match(foot, /A sample of \d{4}-\d\d-\d\d, as there is no gateway\. Prices are no offer/);
  // What was in stock that day is not told, neither here nor by a rule.
  await eventually(async () => assert.equal(await picker(page, 'EcsSpec').getByText('In stock', { exact: true }).count(), 0));
  const sold = MACHINES.find((machine) => !machine.IsAvailable);
  await picker(page, 'EcsSpec').locator(`[value="${sold.InstanceType}"]`).check();
  await showsBody(page, { EcsSpec: sold.InstanceType });
  assert.match(await page.locator('.estimate').textContent(), /Sample price of \d{4}/);
  await eventually(async () => assert.equal(await page.getByTestId('error-EcsSpec').locator('.field-msg').count(), 0));
  await assertAlive(page, errors);
});

test('a gateway that is named but not there is told, and found when it is', async (t) => {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  let there = false;
  const address = 'https://gateway.example';
  await context.route('**/config.json', (route) => {
    const url = new URL(route.request().url());
    if (url.origin !== address) return route.fulfill({ json: { gateway: `${address}/` } });
    const json = { gateway: '/', mode: 'sandbox', defaultRegion: 'cn-hangzhou', regions: [] };
    const headers = { 'Access-Control-Allow-Origin': '*' };
    return there ? route.fulfill({ headers, json }) : route.abort();
  });
  const { page } = await open(t, { context });
  const policy = await page.evaluate(() =>
    fetch(location.href).then((answer) => answer.headers.get('Content-Security-Policy')),
  );
  await badge(page, /^Gateway not reachable$/);
  assert.ok(await opener(page, 'EcsSpec').isVisible(), 'the sample is there');
  there = true;
  await page.locator('.mode').getByRole('button', { name: 'Try again' }).click();
  // Where the page is served with a policy that names no other host, the browser lets nothing through.
  await badge(page, policy?.includes("connect-src 'self'") ? /^Gateway not reachable$/ : /^Sandbox/);
});

test('each list comes from the real program and its sandbox, and what was picked is judged by it', { skip }, async (t) => {
  const { address } = await start(t);
  const { page, errors } = await open(t, { from: address });
  await badge(page, /^Sandbox/);
  const first = async (name) => {
    await openList(page, name);
    await picker(page, name).locator('tbody [type=radio]').first().check();
    await page.keyboard.press('Escape');
    return control(page, name).inputValue();
  };
  assert.equal(await first('WorkspaceId'), CATALOGUE.Workspaces[0].WorkspaceId);
  const machine = await first('EcsSpec');
  assert.ok(MACHINES.some(({ InstanceType: name }) => name === machine));
  await openList(page, 'ImageId');
  await filter(page, 'ImageId', 'Chip', 'GPU');
  await picker(page, 'ImageId').locator('tbody [type=radio]').first().check();
  await told(page, 'ImageId', 'R16');
  await byId(page, 'Datasets-add').click();
  const dataset = await first('Datasets[0].DatasetId');
  assert.ok(CATALOGUE.Datasets.some(({ DatasetId: id }) => id === dataset));
  assert.match(await first('Datasets[0].DatasetVersion'), /^v\d+$/);
  await control(page, 'InstanceName').fill(CATALOGUE.Instances[0].Body.InstanceName);
  await page.keyboard.press('Tab');
  await told(page, 'InstanceName', 'R107');
  await page.locator('[name="EcsSpec | ResourceId"][value="ResourceId"]').check();
  assert.match(await first('ResourceId'), /^quota/);
  // Another region has its own lists.
  await page.getByLabel('Region').selectOption('cn-shanghai');
  await openList(page, 'WorkspaceId');
  assert.ok(!(await values(page, 'WorkspaceId')).includes(CATALOGUE.Workspaces[0].WorkspaceId));
  // There the workspace of the request does not exist, and lists of it are refused.
  assert.deepEqual(own(errors), []);
});

/** What axe finds wrong, in words. */
async function violations(page) {
  const { violations: found } = await page.evaluate(() =>
    window.axe.run(window.document, { resultTypes: ['violations'] }),
  );
  return found.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => html).slice(0, 3).join('\n')}`);
}

test('axe finds nothing in open pickers, nor in one that failed, light, dark and narrow, and they fit', async (t) => {
  const { page, errors, answers } = await withGateway(t);
  await control(page, 'WorkspaceId').fill('40823');
  await byId(page, 'Datasets-add').click();
  for (const name of ['WorkspaceId', 'EcsSpec', 'ImageId', 'Datasets[0].DatasetId']) await openList(page, name);
  await picker(page, 'EcsSpec').locator('tbody [type=radio]').nth(3).check();
  await picker(page, 'ImageId').getByLabel('Search').fill('nothing at all');
  answers.fault = () => 'abort';
  await opener(page, 'ResourceId').click();
  await tells(page, 'ResourceId', /could not be loaded/);
  await layOutAll(page);
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 1024, 360]) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await violations(page), [], `${width} px, ${colorScheme}`);
    }
  }
  for (const width of [1440, 1024, 360, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const wide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      // Nothing is cut off at the edge of a picker either.
      const cut = [...document.querySelectorAll('.picker')].filter(
        (list) => list.getClientRects().length > 0 && list.scrollWidth > list.clientWidth,
      );
      return [...(scrollWidth > clientWidth ? ['page'] : []), ...cut.map(({ id }) => id)];
    });
    assert.deepEqual(wide, [], `${width} px`);
  }
  assert.equal(await focused(page), 'pick-ResourceId-open');
  assert.deepEqual(own(errors), []);
  assert.ok((await body(page)).EcsSpec);
});
