// The page with the real program and its sandbox: from the first visit to an instance that runs, and what goes wrong on
// the way.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as browser from './browser.mjs';
import { control, eventually, load, previewText, says } from './fixtures/form.mjs';
import { READY } from './fixtures/gateway.mjs';
import { instances, skip, start } from './fixtures/program.mjs';

/** Opens the page of a gateway, with every field. */
async function open(t, gateway, options = {}) {
  const opened = await browser.open(t, '/#all', { from: gateway.address, ...options });
  opened.page.setDefaultTimeout(10_000);
  return opened;
}

/** Waits until the heading of the view says this. */
function shows(page, words, patience = 10_000) {
  const heading = page.locator('#review-h');
  return eventually(async () => assert.match(await heading.textContent(), words), patience);
}

/** Opens the review of a request and sends it. */
async function submit(page, request) {
  await load(page, request);
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#send-h').waitFor();
  await page.locator('#create').click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).click();
}

/** A request with a name of its own, since the sandbox refuses one that is in use. */
const request = (name) => ({ ...READY, InstanceName: name });

test('from the first visit to an instance that runs, without an account', { skip }, async (t) => {
  const gateway = await start(t);
  const { page, errors } = await open(t, gateway);
  await eventually(async () => assert.match(await page.locator('.mode .badge').textContent(), /^Sandbox/));
  await submit(page, request('first_visit'));
  await shows(page, /first_visit is being created/);
  await says(page, /^first_visit is running\./, 30_000);
  const [instance] = await instances(gateway.address, 'first_visit');
  assert.equal(instance.Status, 'Running');
  assert.deepEqual(errors, []);
});

test('F31 the service refuses a name that is in use, and the page says so at the name', { skip }, async (t) => {
  const gateway = await start(t);
  const { page } = await open(t, gateway);
  await submit(page, request('twice'));
  await shows(page, /twice is being created/);
  const { page: other } = await open(t, gateway);
  await submit(other, request('twice'));
  await shows(other, /The service refused the request/);
  await other.getByRole('button', { name: /^Use twice_/ }).first().click();
  assert.notEqual(await control(other, 'InstanceName').inputValue(), 'twice');
  assert.equal((await instances(gateway.address, 'twice')).length, 1);
});

test('G01 a lost answer is unknown, and the instance is found by its mark', { skip }, async (t) => {
  const gateway = await start(t, '--fault', 'drop-after@CreateInstance:1');
  const { page } = await open(t, gateway);
  await submit(page, request('lost_answer'));
  await shows(page, /We do not know/);
  await page.getByRole('button', { name: 'Check whether it exists' }).click();
  await shows(page, /lost_answer was found/);
  assert.equal((await instances(gateway.address, 'lost_answer')).length, 1);
});

test('G06 what was not sent is sent later, with the same key', { skip }, async (t) => {
  const gateway = await start(t);
  await gateway.faults('connect@CreateInstance:1');
  const { page } = await open(t, gateway);
  await submit(page, request('not_sent'));
  await shows(page, /was not sent/);
  assert.equal((await instances(gateway.address, 'not_sent')).length, 0);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('#send-h').waitFor();
  await page.locator('#create').click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).click();
  await shows(page, /not_sent is being created/);
  assert.equal((await instances(gateway.address, 'not_sent')).length, 1);
});

test('G02 G13 a page that is reloaded while it submits is told what became of it', { skip }, async (t) => {
  const gateway = await start(t, '--fault', 'slow=3000@CreateInstance:1');
  const { page } = await open(t, gateway);
  await load(page, request('reloaded'));
  await page.getByText(/^Saved \d/).waitFor();
  await submit(page, request('reloaded'));
  await shows(page, /Creating reloaded/);
  await page.reload();
  await shows(page, /reloaded is being created/, 15_000);
  assert.equal((await instances(gateway.address, 'reloaded')).length, 1);
});

test('G03 a button that is pressed twice creates once', { skip }, async (t) => {
  const gateway = await start(t, '--fault', 'slow=500@CreateInstance');
  const { page } = await open(t, gateway);
  await load(page, request('pressed_twice'));
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#send-h').waitFor();
  await page.locator('#create').dblclick();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).evaluate((button) => {
    button.click();
    button.click();
  });
  await shows(page, /pressed_twice is being created/);
  assert.equal((await instances(gateway.address, 'pressed_twice')).length, 1);
});

test('G08 a gateway that ends and starts again tells the truth about what it had sent', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dsw-composer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const state = join(folder, 'state.json');
  const first = await start(t, '--state', state, '--fault', 'hang=60@CreateInstance:1');
  const { page } = await open(t, first);
  await submit(page, request('restarted'));
  await shows(page, /Creating restarted/);
  await eventually(async () => assert.equal((await instances(first.address, 'restarted')).length, 1));
  await first.stop('SIGKILL');
  await shows(page, /does not answer/);
  await start(t, '--state', state, '--port', new URL(first.address).port);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await shows(page, /We do not know/);
  await page.getByRole('button', { name: 'Check whether it exists' }).click();
  await shows(page, /restarted was found/);
  assert.equal((await instances(first.address, 'restarted')).length, 1);
});

test('F60 an instance that fails tells why', { skip }, async (t) => {
  const gateway = await start(t, '--fault', 'fails@CreateInstance:1');
  const { page } = await open(t, gateway);
  await submit(page, request('failing'));
  await says(page, /^failing has failed\./, 30_000);
  assert.match(await page.locator('.timeline li[data-tone=error]').textContent(), /Failed.*It did not start\. ImagePullBackOff/);
});

test('S04 with a token the page is opened by the address that is printed, and forgets it there', { skip }, async (t) => {
  const gateway = await start(t, '--token');
  const { origin, hash } = new URL(gateway.address);
  const { page } = await browser.open(t, `/${hash}`, { from: origin });
  await eventually(async () => assert.ok(!page.url().includes('token')));
  await page.evaluate(() => {
    location.hash = '#all';
  });
  await submit(page, request('with_token'));
  await shows(page, /with_token is being created/);
});

test('S02 without a gateway the page composes alone', { skip }, async (t) => {
  const { page, errors } = await browser.open(t, '/#all', { from: browser.plain });
  await load(page, READY);
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#review-h').waitFor();
  await eventually(async () => assert.equal(await page.locator('#create').count(), 0));
  await page.getByRole('button', { name: 'Back to the form' }).click();
  await eventually(async () => assert.deepEqual(JSON.parse(await previewText(page)), READY));
  assert.deepEqual(errors, []);
});
