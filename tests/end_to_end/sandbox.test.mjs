// The page with the real gateway in sandbox mode: from a first visit to an instance that runs, and what goes wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as browser from './browser.mjs';
import { control, eventually, hasFocus, load, says } from './fixtures/form.mjs';
import { READY } from './fixtures/gateway.mjs';
import { program } from './fixtures/program.mjs';

/** Patience with a gateway that may be slow on a small machine. */
const PATIENCE = 30_000;

async function visit(t, gateway) {
  const opened = await browser.open(t, `${gateway.address}/#all`);
  opened.page.setDefaultTimeout(PATIENCE);
  return opened;
}

async function send(page) {
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#create').click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).click();
}

const shows = (page, words) =>
  eventually(async () => assert.match(await page.locator('#review-h').textContent(), words), PATIENCE);

/** Refusals by the content policy, and mistakes of the page. */
const own = (errors) => errors.filter((line) => /^exception|Content.Security|Refused to/i.test(line));

/** How many instances of a name there are. */
async function instances(gateway, name) {
  const query = `RegionId=cn-hangzhou&ResourceId=ALL&InstanceName=${name}&PageSize=100`;
  const answer = await fetch(`${gateway.address}/api/v2/instances?${query}`);
  const all = (await answer.json()).Instances;
  return all.filter(({ InstanceName }) => InstanceName === name).length;
}

test('from a first visit to an instance that runs', async (t) => {
  const gateway = await program(t);
  const { page, errors } = await visit(t, gateway);
  for (const [name, value] of Object.entries(READY)) {
    if (name === 'Accessibility') continue;
    await control(page, name).fill(value);
  }
  await send(page);
  await shows(page, /qwen_finetune_01 is being created/);
  await says(page, /^qwen_finetune_01 is running\./, PATIENCE);
  await page.locator('.timeline').getByText('Running').waitFor();
  assert.ok((await page.locator('.opens a').count()) > 0);
  assert.equal(await instances(gateway, READY.InstanceName), 1);
  assert.deepEqual(own(errors), []);
});

test('a name in use is refused at its field', async (t) => {
  const gateway = await program(t);
  const { page, errors } = await visit(t, gateway);
  await load(page, READY);
  await send(page);
  await shows(page, /is being created/);
  const { page: other } = await visit(t, gateway);
  await load(other, { ...READY, Accessibility: 'PUBLIC' });
  await send(other);
  await shows(other, /refused the request/);
  await other.locator('.review').getByRole('button', { name: /^Use qwen_finetune_02/ }).click();
  await hasFocus(other, 'InstanceName');
  await send(other);
  await shows(other, /qwen_finetune_02 is being created/);
  assert.deepEqual(own(errors), []);
});

test('G01 an answer that is lost is found by the mark, and nothing is sent twice', async (t) => {
  const gateway = await program(t);
  const { page, errors } = await visit(t, gateway);
  await load(page, READY);
  await gateway.faults(['drop-after@CreateInstance:1']);
  await send(page);
  await shows(page, /We do not know/);
  await page.getByRole('button', { name: 'Check whether it exists' }).click();
  await shows(page, /was found/);
  assert.equal(await instances(gateway, READY.InstanceName), 1);
  assert.deepEqual(own(errors), []);
});

test('what was not sent is sent again with one click more', async (t) => {
  const gateway = await program(t);
  const { page, errors } = await visit(t, gateway);
  await load(page, READY);
  await gateway.faults(['connect@CreateInstance:1']);
  await send(page);
  await shows(page, /was not sent/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await send(page);
  await shows(page, /is being created/);
  assert.equal(await instances(gateway, READY.InstanceName), 1);
  assert.deepEqual(own(errors), []);
});

test('G13 a reload and a gateway that is stopped and started again, while submitting', async (t) => {
  const gateway = await program(t);
  const { page, errors } = await visit(t, gateway);
  await load(page, READY);
  await page.getByText(/^Saved \d/).waitFor();
  await gateway.faults(['slow=3000@CreateInstance:1']);
  await send(page);
  await shows(page, /^Creating qwen_finetune_01/);
  await page.reload();
  await shows(page, /is being created/);
  await gateway.stop();
  await page.reload().catch(() => {});
  await gateway.start();
  await page.goto(`${gateway.address}/#review`);
  await shows(page, /is being created/);
  await says(page, /is running\./, PATIENCE);
  assert.equal(await instances(gateway, READY.InstanceName), 1);
  assert.deepEqual(own(errors), []);
});

test('an instance that fails tells why', async (t) => {
  const gateway = await program(t);
  const { page, errors } = await visit(t, gateway);
  await load(page, READY);
  await gateway.faults(['fails@CreateInstance:1']);
  await send(page);
  await says(page, /has failed\./, PATIENCE);
  assert.match(await page.locator('.timeline li[data-tone=error]').textContent(), /Failed.*It did not start\. \w+/);
  assert.deepEqual(own(errors), []);
});
