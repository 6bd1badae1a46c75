// Pages of others, in a real browser: what they try reaches the gateway, and goes no further.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { FLAGS, browser } from './browser.mjs';
import { READY } from './fixtures/gateway.mjs';
import { instances, skip, start } from './fixtures/program.mjs';

const CREATE = '/api/v2/instances?RegionId=cn-hangzhou';
const LIST = '/api/v1/workspaces?RegionId=cn-hangzhou';

/** A number of the gateway's own counting: the sum over all labels that hold this text. */
async function counted(gateway, name, labels = '') {
  const text = await (await fetch(new URL('/metrics', gateway.address))).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`dsw_composer_${name}{`) && line.includes(labels));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Serves an empty page of another origin, on another port of this machine. */
async function stranger(t) {
  const server = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end('<!doctype html><title>Stranger</title><iframe name="out"></iframe>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Tries in a page of a stranger all ways to create and to read. Runs in the page; says what each came to. */
async function attack({ address, create, list, body }) {
  const to = (path) => new URL(path, address).href;
  const key = (n) => `attack-attack-attack-${n}`;
  const json = { 'Content-Type': 'application/json', 'Idempotency-Key': key(1) };
  const told = {};
  const fetched = async (name, path, options) => {
    try {
      const answer = await fetch(to(path), options);
      told[name] = answer.type === 'opaque' ? 'opaque' : answer.status;
    } catch {
      told[name] = 'refused';
    }
  };
  await fetched('create as JSON', create, { method: 'POST', headers: json, body });
  await fetched('create as text', create, { method: 'POST', mode: 'no-cors', body });
  await fetched('read', list);
  await fetched('read unseen', list, { mode: 'no-cors' });
  await fetched('read with cookies', list, { mode: 'no-cors', credentials: 'include' });
  told.beacon = navigator.sendBeacon(to(create), new Blob([body], { type: 'text/plain' }));
  const loaded = (element) =>
    new Promise((done) => {
      element.onload = () => done('loaded');
      element.onerror = () => done('refused');
      document.body.append(element);
    });
  told.script = await loaded(Object.assign(document.createElement('script'), { src: to(list) }));
  told.image = await loaded(Object.assign(document.createElement('img'), { src: to('/favicon.svg') }));
  const form = Object.assign(document.createElement('form'), {
    action: to(create),
    method: 'post',
    enctype: 'text/plain',
    target: 'out',
  });
  // As text it is the body, but for the sign between name and value, which stands in a member of its own.
  const field = Object.assign(document.createElement('input'), { name: body.replace(/}$/, ',"x":"'), value: '"}' });
  form.append(field);
  document.body.append(form);
  const answered = new Promise((done) => (document.querySelector('iframe').onload = done));
  form.submit();
  await answered;
  return told;
}

test('S05 a page on another port of this machine creates and reads nothing', { skip }, async (t) => {
  const gateway = await start(t);
  const context = await (await browser()).newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(await stranger(t));
  const address = gateway.address;
  const told = await page.evaluate(attack, { address, create: CREATE, list: LIST, body: JSON.stringify(READY) });
  assert.deepEqual(told, {
    'create as JSON': 'refused',
    'create as text': 'refused',
    read: 'refused',
    'read unseen': 'refused',
    'read with cookies': 'refused',
    beacon: true,
    script: 'refused',
    image: 'refused',
  });
  // The two creates, the reads, the beacon, the script and the form have come; none was passed on.
  assert.ok((await counted(gateway, 'refusals_total', 'promise="S05"')) >= 7);
  assert.equal(await counted(gateway, 'upstream_calls_total'), 0);
  assert.deepEqual(await instances(address, READY.InstanceName), []);
});

test('S15 S16 a page of a stranger neither frames the page nor holds its window', { skip }, async (t) => {
  const gateway = await start(t);
  const context = await (await browser()).newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(await stranger(t));
  await page.evaluate((address) => {
    const frame = document.querySelector('iframe');
    return new Promise((done) => Object.assign(frame, { onload: done, src: address }));
  }, gateway.address);
  const framed = page.frames().find((frame) => frame !== page.mainFrame());
  assert.equal(await framed.locator('#app, .page, form').count(), 0, 'nothing of the page is in the frame');
  const opening = context.waitForEvent('page');
  const held = page.evaluate(async (address) => {
    const opened = window.open(address);
    await new Promise((done) => setTimeout(done, 2_000));
    // A window that is in a group of its own looks closed to who has opened it.
    return opened === null || opened.closed;
  }, gateway.address);
  const opened = await opening;
  assert.equal(await held, true);
  assert.equal(await opened.evaluate(() => window.opener), null);
});

test('S03 a name that is made to lead to this machine is not answered', { skip }, async (t) => {
  const gateway = await start(t);
  const { port } = new URL(gateway.address);
  const executablePath = process.env.CHROMIUM;
  // Browsers that keep pages of the internet away from this machine would answer for us.
  const open = '--disable-features=LocalNetworkAccessChecks';
  const args = [...FLAGS, open, '--host-resolver-rules=MAP rebound.example 127.0.0.1'];
  const rebound = await chromium.launch({ executablePath, args });
  t.after(() => rebound.close());
  const page = await rebound.newPage();
  const address = `http://rebound.example:${port}`;
  const direct = await page.goto(address);
  assert.equal(direct.status(), 421, 'the page itself');
  // The name led to the attacker when this page was loaded, and leads here from now on.
  await page.route(`${address}/bait`, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Bait</title>' }));
  await page.goto(`${address}/bait`);
  const told = await page.evaluate(
    async ({ create, list, body }) => {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'rebound-rebound-rebound' };
      const told = async (path, options) => {
        try {
          return (await fetch(path, options)).status;
        } catch (error) {
          return String(error);
        }
      };
      return [
        await told(list),
        await told('/config.json'),
        await told('/metrics'),
        await told(create, { method: 'POST', headers, body }),
      ];
    },
    { create: CREATE, list: LIST, body: JSON.stringify(READY) },
  );
  assert.deepEqual(told, [421, 421, 421, 421]);
  assert.ok((await counted(gateway, 'refusals_total', 'promise="S03"')) >= 5);
  assert.equal(await counted(gateway, 'upstream_calls_total'), 0);
});
