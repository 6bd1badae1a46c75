// The team's policy, from its file to the page, the gateway and the command line. Bodies are sent to the real program.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as browser from './browser.mjs';
import { alone, control, eventually, load, paste, previewText, says, showsBody } from './fixtures/form.mjs';
import { READY } from './fixtures/gateway.mjs';
import { instances, skip, start } from './fixtures/program.mjs';

const POLICY = {
  version: 1,
  name: { en: 'Vision team', zh: '视觉团队' },
  contact: { text: { en: 'Ask the platform group.', zh: '联系平台组。' }, link: 'https://wiki.example.com/dsw' },
  regions: { allowed: ['cn-hangzhou'] },
  machines: {
    allowed: ['ecs.g6.*'],
    message: { en: 'Use a g6 machine; others are for production.', zh: '使用 g6 机型，其他机型供生产使用。' },
  },
  labels: { team: { allowed: ['vision'] } },
  fields: {
    Accessibility: { fixed: 'PRIVATE', message: 'Instances of this team are private.' },
    Driver: { hidden: true },
    ResourceId: { hidden: true },
    WorkspaceSource: { default: 'rootfsCloudDisk' },
  },
  price: { ceiling: 2, currency: 'CNY', unknown: 'block' },
};

/** What a new request begins with under this policy. */
const BEGUN = {
  Accessibility: 'PRIVATE',
  WorkspaceSource: 'rootfsCloudDisk',
  Labels: [{ Key: 'team', Value: 'vision' }],
};

/** A request that the policy lets through. */
const ALLOWED = { ...READY, EcsSpec: 'ecs.g6.large', Labels: BEGUN.Labels };

/** A file with this policy, for as long as the test runs. */
function file(t, policy) {
  const folder = mkdtempSync(join(tmpdir(), 'dsw-policy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const name = join(folder, 'policy.json');
  writeFileSync(name, typeof policy === 'string' ? policy : JSON.stringify(policy, null, 2));
  return name;
}

/** Opens the page of a gateway with this policy. */
async function open(t, policy = POLICY, options = {}) {
  const gateway = await start(t, '--policy', file(t, policy));
  const opened = await browser.open(t, '/#all', { from: gateway.address, ready: '#team', ...options });
  opened.page.setDefaultTimeout(10_000);
  return { ...opened, gateway };
}

/** Opens the page of plain files, beside which this policy lies; `null` where none does. */
async function openAlone(t, policy, options = {}) {
  const context = await (await browser.browser()).newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  t.after(() => context.close());
  const beside = { status: 200, text: policy };
  await context.route('**/policy.json', (route) =>
    beside.status
      ? route.fulfill({ status: beside.status, contentType: 'application/json', body: beside.text ?? '' })
      : route.abort('connectionrefused'),
  );
  const opened = await browser.open(t, '/#all', { ...alone, context, ...options });
  return { ...opened, context, beside };
}

const message = (page, name) => page.getByTestId(`error-${name}`);

test('policy: a breach is told in the words of the team, explained, and stands in the way of Create', { skip }, async (t) => {
  const { page, gateway, errors } = await open(t);
  await load(page, { ...ALLOWED, EcsSpec: 'ecs.gn7i-c8g1.2xlarge' });
  await eventually(async () => assert.match(await message(page, 'EcsSpec').textContent(), /Use a g6 machine/));
  assert.match(await page.locator('.rail a[href="#compute"]').textContent(), /1 error|errors/);
  const why = message(page, 'EcsSpec').getByRole('button', { name: 'Why: rule P03' });
  await why.click();
  const answer = page.locator('[id="EcsSpec-why-P03"]');
  for (const words of [/from your team's policy/, /machine type is not one/, /Ask the platform group\./]) {
    assert.match(await answer.textContent(), words);
  }
  const link = answer.getByRole('link', { name: 'More about the policy' });
  assert.equal(await link.getAttribute('href'), POLICY.contact.link);
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#send-h').waitFor();
  await page.locator('#create').click();
  await page.locator('#review-summary').getByText('Use a g6 machine').waitFor();
  await eventually(async () => assert.equal(await page.locator('#confirm[open]').count(), 0));
  assert.deepEqual(await instances(gateway.address, ALLOWED.InstanceName), []);
  assert.deepEqual(errors, []);
});

test('policy: a new request begins with the values of the team, as one step', { skip }, async (t) => {
  const { page } = await open(t);
  await says(page, /^Values of your team were filled in: 3\./);
  await showsBody(page, BEGUN);
  await page.keyboard.press('Control+z');
  await showsBody(page, {});
  await page.locator('#team').getByRole('button', { name: 'Fill in your team' }).click();
  await showsBody(page, BEGUN);
  assert.equal(await page.locator('#team').getByRole('button', { name: 'Fill in your team' }).isVisible(), false);
});

test('policy: a preset takes the values of the team where it leaves them open, in the same step', { skip }, async (t) => {
  const { page } = await open(t);
  await showsBody(page, BEGUN);
  await page.evaluate(() => { location.hash = 'start'; });
  await page.locator('#preset-cpu').click();
  await says(page, /^CPU trial: 2 fields set\. Values of your team were filled in: \d\.$/);
  const { EcsSpec, ...rest } = JSON.parse(await previewText(page));
  assert.equal(EcsSpec, 'ecs.c6.large');
  assert.deepEqual(rest, BEGUN);
  await page.keyboard.press('Control+z');
  await showsBody(page, BEGUN);
});

test('policy: a draft of an earlier visit is left as it is', { skip }, async (t) => {
  const gateway = await start(t, '--policy', file(t, POLICY));
  const { page, context } = await browser.open(t, '/#all', { from: gateway.address, ready: '#team' });
  await load(page, READY);
  await page.locator('.status, .bar').getByText(/Saved/).first().waitFor();
  await page.close();
  const { page: second } = await browser.open(t, '/#all', { from: gateway.address, context, ready: '#team' });
  await showsBody(second, READY);
  await second.locator('#team').getByRole('button', { name: 'Fill in your team' }).waitFor();
});

test('policy: fixed fields are read-only with the reason, hidden ones are not offered until they hold a value', { skip }, async (t) => {
  const { page } = await open(t);
  await showsBody(page, BEGUN);
  const fixed = control(page, 'Accessibility');
  await eventually(async () => assert.equal(await fixed.isDisabled(), true));
  assert.match(await message(page, 'Accessibility').textContent(), /Instances of this team are private\./);
  const driver = control(page, 'Driver');
  assert.equal(await driver.isVisible(), false);
  assert.equal(await control(page, 'ResourceId').isVisible(), false);
  assert.equal(await page.locator('.either input[value=ResourceId]').locator('xpath=ancestor::label').isVisible(), false);
  await load(page, { ...ALLOWED, Accessibility: 'PUBLIC', Driver: '535.54.03' });
  await driver.waitFor();
  await eventually(async () => assert.match(await message(page, 'Driver').textContent(), /does not use this field/));
  assert.equal(await fixed.isDisabled(), false, 'the way out is open');
  await message(page, 'Accessibility').getByRole('button', { name: 'Use PRIVATE' }).click();
  await message(page, 'Driver').getByRole('button', { name: 'Clear it' }).click();
  await showsBody(page, ALLOWED);
  await eventually(async () => assert.equal(await fixed.isDisabled(), true));
  assert.equal(await driver.isVisible(), false);
});

test('policy: lists mark what the team does not use', { skip }, async (t) => {
  const { page } = await open(t);
  await page.locator('[id="pick-EcsSpec-open"]').click();
  const row = (value) => page.locator('#pick-EcsSpec tr', { has: page.locator(`input[value="${value}"]`) });
  await row('ecs.g6.large').waitFor();
  assert.doesNotMatch(await row('ecs.g6.large').textContent(), /Not for your team/);
  assert.match(await row('ecs.c6.large').textContent(), /Not for your team/);
  // Above the ceiling, though the name would do.
  assert.match(await row('ecs.g6.4xlarge').textContent(), /Not for your team/);
});

test('policy: the region and the price are held against it too', { skip }, async (t) => {
  const { page } = await open(t);
  await load(page, { ...ALLOWED, EcsSpec: 'ecs.g6.4xlarge' });
  await eventually(async () => assert.match(await message(page, 'EcsSpec').textContent(), /ceiling of your team is 2\.00 CNY/));
  await page.locator('#region').selectOption('cn-beijing');
  await page.locator('#team').getByText('Your team does not work in this region. It uses cn-hangzhou.').waitFor();
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#review-summary').getByText('does not work in this region').click();
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'region'));
  await page.locator('#region').selectOption('cn-hangzhou');
  await page.locator('#team').getByText('does not work in this region').waitFor({ state: 'detached' });
});

test('policy: the gateway refuses a create that bypasses the page', { skip }, async (t) => {
  const gateway = await start(t, '--policy', file(t, POLICY));
  const post = (body, region = 'cn-hangzhou') =>
    fetch(new URL(`/api/v2/instances?RegionId=${region}`, gateway.address), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': '0123456789abcdef0123' },
      body: JSON.stringify(body),
    });
  const refused = await post({ ...ALLOWED, EcsSpec: 'ecs.c6.large' });
  assert.equal(refused.status, 422);
  const { error } = await refused.json();
  assert.equal(error.code, 'INVALID_REQUEST');
  const [finding] = error.findings;
  assert.deepEqual(
    [finding.rule, finding.pointer, finding.message],
    ['P03', '/EcsSpec', POLICY.machines.message.en],
  );
  assert.equal((await (await post(ALLOWED, 'cn-beijing')).json()).error.findings[0].rule, 'P01');
  assert.deepEqual(await instances(gateway.address, ALLOWED.InstanceName), []);
  const created = await post(ALLOWED);
  assert.equal(created.status, 200, await created.text());
  assert.equal((await instances(gateway.address, ALLOWED.InstanceName)).length, 1);
});

test('policy: what the page lets through the gateway creates', { skip }, async (t) => {
  const { page, gateway } = await open(t);
  await load(page, ALLOWED);
  // Until the list of machines has come the price is unknown, which this policy does not let pass.
  await eventually(async () => assert.doesNotMatch(await page.locator('.output-foot').textContent(), /error/));
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#send-h').waitFor();
  await page.locator('#create').click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).click();
  await eventually(async () => assert.match(await page.locator('#review-h').textContent(), /is being created/), 10_000);
  assert.equal((await instances(gateway.address, ALLOWED.InstanceName)).length, 1);
});

test('policy: a broken one names the place, and nothing counts as fine until it is mended', async (t) => {
  const broken = '{\n  "version": 1,\n  "machine": { "allowed": ["ecs.g6.*"] }\n}';
  const { page, beside } = await openAlone(t, broken, { ready: '#team' });
  const notice = page.locator('#team');
  for (const words of [/Your team's policy is broken/, /Line 3, column 3 \(\/machine\)/, /machines is meant/]) {
    assert.match(await notice.textContent(), words);
  }
  await load(page, READY);
  await eventually(async () => assert.match(await page.locator('.output-foot').textContent(), /1 error/));
  await page.locator('.output-tools .copy').click();
  await says(page, /^Copied with 1 error/);
  await page.locator('#summary').getByText("Your team's policy is broken at line 3, column 3").click();
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'team'));
  beside.text = '{"version": 1, "name": "Vision team"}';
  await notice.getByRole('button', { name: 'Try again' }).click();
  await notice.getByText('This policy holds in this form: Vision team.').waitFor();
  await eventually(async () => assert.doesNotMatch(await page.locator('.output-foot').textContent(), /error/));
});

test('policy: a broken one at the gateway blocks Create on the page', { skip }, async (t) => {
  const gateway = await start(t, '--policy', file(t, POLICY));
  const context = await (await browser.browser()).newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  t.after(() => context.close());
  // What a gateway never serves: it does not start with such a file.
  await context.route('**/policy.json', (route) => route.fulfill({ status: 500, body: 'no' }));
  const { page } = await browser.open(t, '/#all', { from: gateway.address, context, ready: '#team' });
  assert.match(await page.locator('#team').textContent(), /could not be loaded[\s\S]*status 500/);
  await load(page, ALLOWED);
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#send-h').waitFor();
  await page.locator('#create').click();
  await page.locator('#review-summary').getByText("Your team's policy could not be loaded").waitFor();
  await eventually(async () => assert.equal(await page.locator('#confirm[open]').count(), 0));
  assert.deepEqual(await instances(gateway.address, ALLOWED.InstanceName), []);
});

test('policy: where none lies beside the page nothing is said, and one that was there holds without a connection', async (t) => {
  const { page, context, beside } = await openAlone(t, null);
  beside.status = 404;
  await page.reload();
  await load(page, READY);
  await eventually(async () => assert.equal(await page.locator('#team').count(), 0));
  Object.assign(beside, { status: 200, text: JSON.stringify(POLICY) });
  const { page: second } = await browser.open(t, '/#all', { ...alone, context, ready: '#team' });
  await second.close();
  beside.status = 0;
  const { page: third } = await browser.open(t, '/#all', { ...alone, context, ready: '#team' });
  assert.match(await third.locator('#team').textContent(), /Vision team/);
});

test('policy: in Chinese too', { skip }, async (t) => {
  const { page } = await open(t, POLICY, { locale: 'zh-CN' });
  await eventually(async () => assert.match(await page.locator('#team').textContent(), /视觉团队[\s\S]*联系平台组。/));
  await paste(page, JSON.stringify({ ...ALLOWED, EcsSpec: 'ecs.c6.large' }));
  await eventually(async () => assert.match(await message(page, 'EcsSpec').textContent(), /使用 g6 机型/));
});

test('policy: the command line checks by it', { skip }, async (t) => {
  const policy = file(t, POLICY);
  const request = policy.replace('policy.json', 'request.json');
  const run = (body) => {
    writeFileSync(request, JSON.stringify(body));
    const options = ['check', '--policy', policy, '--region', 'cn-hangzhou', '--format', 'json', request];
    return new Promise((done) =>
      execFile(process.env.DSW_PROGRAM, options, (failed, out) => done([failed?.code ?? 0, JSON.parse(out)])),
    );
  };
  const [code, report] = await run({ ...ALLOWED, EcsSpec: 'ecs.c6.large' });
  assert.equal(code, 1);
  const found = report.files[0].findings.map(({ rule, message }) => [rule, message]);
  assert.deepEqual(found[0], ['P03', POLICY.machines.message.en]);
  assert.equal(found[1][0], 'P10', 'there is nobody to ask for prices');
  const { price: _, ...cheap } = POLICY;
  writeFileSync(policy, JSON.stringify(cheap));
  assert.equal((await run(ALLOWED))[0], 0);
});
