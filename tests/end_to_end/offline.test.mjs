// The page without a network: what the service worker keeps and what it never keeps, a new version, installing, and
// what is done while there is no network.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { assertAlive, body, byId, control, eventually, load, open, says, showsBody } from './fixtures/form.mjs';
import { skip, start } from './fixtures/program.mjs';

/** For `open`: with a service worker, which other tests do without. */
const worker = { serviceWorkers: 'allow' };
/** Making the copy begins some seconds after the page came. */
const PATIENCE = 60_000;

const mode = (page) => page.locator('.mode');
const isMode = (page, pattern) => eventually(async () => assert.match(await mode(page).textContent(), pattern), 15_000);

/** Waits until the page is served by its service worker. */
const served = (page) =>
  page.waitForFunction(() => window.navigator.serviceWorker.controller?.state === 'activated', null, { timeout: PATIENCE });

/** All that is kept: for each cache the addresses, and what of the texts matches. */
const caches = (page, pattern = 'no such text') =>
  page.evaluate(async (pattern) => {
    const all = {};
    for (const name of await window.caches.keys()) {
      const cache = await window.caches.open(name);
      all[name] = [];
      for (const { url } of await cache.keys()) {
        const text = await (await cache.match(url)).text();
        all[name].push(new URL(url).pathname + (text.includes(pattern) ? ' MATCHES' : ''));
      }
    }
    return all;
  }, pattern);

/** Opens the page of a gateway of the test's own, and waits until it is kept. */
async function visit(t, { context, options = [] } = {}) {
  const gateway = await start(t, ...options);
  const opened = await open(t, { ...worker, context, from: gateway.address });
  await served(opened.page);
  return { gateway, ...opened };
}

/** What fails while there is no gateway is no fault of the page. */
const faults = (errors) => errors.filter((it) => !/ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|ERR_FAILED|^failed: /.test(it));

test('F68 G13 the page works after its gateway has gone: both halves, all that is fetched on demand, and it says so', { skip, timeout: 180_000 }, async (t) => {
  const { gateway, page, context, errors } = await visit(t);
  await control(page, 'InstanceName').fill('kept');
  await eventually(async () => assert.match(await page.locator('.bar-draft').textContent(), /Saved/));
  await gateway.stop('SIGKILL');
  await page.reload();
  await isMode(page, /^Offline · copy and download only/);
  await showsBody(page, { InstanceName: 'kept' });
  // The regions are those of the last time: rules about them go on.
  assert.ok((await page.locator('#region option').count()) > 5);
  // The later half: import, the judge, rows, the explanation of a rule.
  await load(page, { InstanceName: 'no-hyphen', EcsSpec: 'ecs.c6.large' });
  await byId(page, 'Datasets-add').click();
  const why = page.getByRole('button', { name: 'Why: rule R03' });
  await why.click();
  const answer = byId(page, await why.getAttribute('aria-controls'));
  await eventually(async () => assert.match(await answer.textContent(), /^Rule R03, documented/));
  // What is fetched when it is first wanted.
  await page.locator('.rail a[href="#review"]').click();
  await page.getByRole('heading', { name: 'Take it away' }).waitFor();
  // Another tab, from nothing but the copy.
  const second = await open(t, { context, from: gateway.address });
  await isMode(second.page, /^Offline/);
  await second.page.getByRole('radio', { name: '简体中文' }).check({ force: true });
  await second.page.waitForFunction(() => window.document.documentElement.lang === 'zh-CN');
  await eventually(async () => assert.match(await mode(second.page).textContent(), /^离线/));
  await second.page.reload();
  await eventually(async () => assert.match(await second.page.locator('h1').first().textContent(), /DSW/));
  assert.equal(await second.page.evaluate(() => window.document.documentElement.lang), 'zh-CN');
  await assertAlive(page, faults(errors));
  assert.deepEqual(faults(second.errors), []);
});

test('F68 the copy is made when the page is quiet, holds the whole page, and nothing of the API, of errors or of secrets', { skip, timeout: 180_000 }, async (t) => {
  const gateway = await start(t);
  const { page, errors } = await open(t, { ...worker, from: gateway.address });
  // What is typed first has nothing to wait for.
  assert.equal(await page.evaluate(async () => (await window.caches.keys()).length), 0);
  await load(page, { InstanceName: 'quiet', ImageAuth: 'bWFya2VyOnNlY3JldA==', WorkspaceId: '1' });
  await served(page);
  // A read that succeeds, one that fails, and a page that is not there.
  const statuses = await page.evaluate(async () => {
    const ask = async (path) => (await fetch(path)).status;
    return [
      await ask('/api/v2/ecsspecs?RegionId=cn-hangzhou&AcceleratorType=CPU'),
      await ask('/api/v2/instances/dsw-none?RegionId=cn-hangzhou'),
      await ask('/no-such.json'),
      await ask('/assets/rules.json?x=1'),
    ];
  });
  assert.equal(statuses[0], 200);
  assert.ok(statuses[1] >= 400 && statuses[2] === 404, `${statuses}`);
  const kept = await caches(page, 'bWFya2Vy');
  const names = Object.keys(kept);
  assert.equal(names.length, 2, `${names}`);
  const copy = kept[names.find((name) => /^dsw-composer-[0-9a-f]{16}$/.test(name))];
  // That there is no policy is an answer as well.
  assert.deepEqual(kept['dsw-composer-setup'], ['/config.json', '/policy.json']);
  for (const file of ['/index.html', '/assets/zh.tsv', '/assets/rules.json', '/assets/machines.json', '/manifest.webmanifest']) {
    assert.ok(copy.includes(file), `${file} in ${copy}`);
  }
  for (const pattern of [/^\/dsw-page-[0-9a-f]+\.js$/, /_bg\.wasm$/, /-later-.*\.wasm$/, /^\/main-.*\.css$/]) {
    assert.ok(copy.some((file) => pattern.test(file)), `${pattern} in ${copy}`);
  }
  const all = Object.values(kept).flat();
  assert.deepEqual(all.filter((path) => /api|healthz|no-such|config|MATCHES|sw\.js/.test(path)), ['/config.json']);
  await assertAlive(page, errors.filter((it) => !/40[04]|dsw-none|no-such/.test(it)));
});

test('F68 how the place is set up is asked of the network first', { skip, timeout: 180_000 }, async (t) => {
  const { page, errors } = await visit(t);
  const config = () => page.evaluate(async () => {
    const answer = await fetch('config.json');
    return [answer.headers.get('X-Kept'), (await answer.json()).mode];
  });
  // What is kept is changed: it is not what the page is told while there is a network.
  await page.evaluate(async () => {
    const cache = await window.caches.open('dsw-composer-setup');
    const url = new URL('config.json', window.location).href;
    await cache.put(url, new Response('{"gateway":"/","mode":"old"}', { headers: { 'Content-Type': 'application/json' } }));
  });
  assert.deepEqual(await config(), [null, 'sandbox']);
  // And that is kept from then on.
  assert.ok((await caches(page, '"old"'))['dsw-composer-setup'].every((path) => !path.includes('MATCHES')));
  await assertAlive(page, errors);
});

/** A copy of the built page in which one file differs, as another version has. */
function variant(t) {
  const folder = mkdtempSync(join(tmpdir(), 'dsw-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(process.env.DSW_PAGE, folder, { recursive: true });
  const integrity = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
  const [old, next] = [readFileSync(join(folder, 'index.html'), 'utf8'), readFileSync(join(folder, 'index.html'), 'utf8').replace('<title>', '<meta name="version" content="next"><title>')];
  const script = readFileSync(join(folder, 'sw.js'), 'utf8');
  const version = /"[0-9a-f]{16}"/.exec(script)[0];
  const changed = script.replace(integrity(old), integrity(next)).replace(version, '"00000000000000ff"');
  assert.ok(changed.includes(integrity(next)) && changed !== script);
  for (const [name, text] of [['index.html', next], ['sw.js', changed]]) {
    writeFileSync(join(folder, name), text);
    for (const ending of ['br', 'gz']) rmSync(join(folder, `${name}.${ending}`));
  }
  return folder;
}

const version = (page) => page.evaluate(() => window.document.querySelector('meta[name=version]')?.content ?? 'first');
const port = (address) => ['--port', new URL(address).port];

test('F68 a new version is offered while one types on, taken when one wants it, and the draft is kept; two tabs', { skip, timeout: 240_000 }, async (t) => {
  const { gateway, page, context, errors } = await visit(t);
  const second = await open(t, { context, from: gateway.address });
  await served(second.page);
  await gateway.stop('SIGKILL');
  const next = await start(t, ...port(gateway.address), '--page', variant(t));
  const name = control(page, 'InstanceName');
  await name.focus();
  await page.keyboard.type('half');
  await page.evaluate(async () => (await window.navigator.serviceWorker.ready).update());
  const offer = byId(page, 'update');
  await offer.waitFor({ timeout: PATIENCE });
  // Nothing is forced: the focus stays, and what is typed goes on.
  await page.keyboard.type('_typed');
  await showsBody(page, { InstanceName: 'half_typed' });
  assert.equal(await version(page), 'first');
  await byId(second.page, 'update').waitFor();
  await control(second.page, 'WorkspaceId').focus();
  const again = page.waitForEvent('load');
  await offer.getByRole('button', { name: 'Reload' }).click();
  await again;
  await eventually(async () => assert.equal(await version(page), 'next'));
  await showsBody(page, { InstanceName: 'half_typed' });
  // The other tab is left as it was, and can go on with files of its version.
  assert.equal(await version(second.page), 'first');
  assert.equal(await second.page.evaluate(() => window.document.activeElement.name), 'WorkspaceId');
  const later = await second.page.evaluate(async () => {
    const script = window.document.querySelector('script[type=module]').src;
    return [(await fetch(script)).status, (await window.caches.keys()).filter((it) => /-[0-9a-f]{16}$/.test(it)).length];
  });
  assert.deepEqual(later, [200, 2]);
  const reloaded = second.page.waitForEvent('load');
  await byId(second.page, 'update').getByRole('button', { name: 'Reload' }).click();
  await reloaded;
  await eventually(async () => assert.equal(await version(second.page), 'next'));
  await next.stop('SIGKILL');
  await page.reload();
  await isMode(page, /^Offline/);
  assert.equal(await version(page), 'next');
  await assertAlive(page, faults([...errors, ...second.errors]));
});

test('F68 a version that does not come whole is not taken: what was kept stays', { skip, timeout: 180_000 }, async (t) => {
  const { gateway, page, errors } = await visit(t);
  const folder = variant(t);
  // A page that says something else than what the service worker was built with.
  writeFileSync(join(folder, 'index.html'), '<p>502 Bad Gateway</p>');
  await gateway.stop('SIGKILL');
  const broken = await start(t, ...port(gateway.address), '--page', folder);
  const failed = await page.evaluate(async () => {
    const registration = await window.navigator.serviceWorker.ready;
    await registration.update();
    const coming = registration.installing;
    if (coming) await new Promise((resolve) => coming.addEventListener('statechange', resolve));
    return [coming?.state, registration.waiting];
  });
  assert.deepEqual(failed, ['redundant', null]);
  await eventually(async () => assert.equal(await byId(page, 'update').count(), 0));
  const copies = Object.keys(await caches(page)).filter((name) => /-[0-9a-f]{16}$/.test(name));
  assert.equal(copies.length, 1);
  await broken.stop('SIGKILL');
  await page.reload();
  await isMode(page, /^Offline/);
  await assertAlive(page, faults(errors).filter((it) => !/integrity|Failed to find a valid digest/.test(it)));
});

test('F68 the page can be installed', { skip, timeout: 120_000 }, async (t) => {
  const gateway = await start(t);
  // A profile that leaves nothing behind installs nothing, whatever the page.
  const folder = mkdtempSync(join(tmpdir(), 'dsw-profile-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  t.after(() => context.close());
  const { page, errors } = await open(t, { context, from: gateway.address });
  const session = await context.newCDPSession(page);
  const manifest = await session.send('Page.getAppManifest');
  assert.deepEqual(manifest.errors, []);
  const told = JSON.parse(manifest.data);
  assert.equal(told.name, 'DSW Composer');
  for (const { src, sizes, type } of told.icons) {
    const answer = await fetch(new URL(src, manifest.url));
    assert.equal(answer.headers.get('Content-Type'), type, src);
    if (type !== 'image/png') continue;
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes);
  }
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors, []);
  await assertAlive(page, errors);
});

test('G13 without a network the mode says so, the draft is kept, and nothing can be created; with it all comes back', { skip, timeout: 120_000 }, async (t) => {
  const { page, context, errors } = await visit(t);
  await isMode(page, /^Sandbox/);
  await context.setOffline(true);
  await isMode(page, /^Offline · copy and download only/);
  await control(page, 'InstanceName').fill('offline');
  await eventually(async () => assert.match(await page.locator('.bar-draft').textContent(), /Saved/));
  await page.locator('.rail a[href="#review"]').click();
  await page.getByRole('heading', { name: 'Take it away' }).waitFor();
  await eventually(async () => assert.equal(await page.getByRole('button', { name: 'Create instance' }).count(), 0));
  await context.setOffline(false);
  await isMode(page, /^Sandbox/);
  await page.locator('#create').waitFor();
  assert.equal((await body(page)).InstanceName, 'offline');
  await assertAlive(page, faults(errors));
});

test('F67 F68 clearing everything ends the copy too', { skip, timeout: 120_000 }, async (t) => {
  const { page, errors } = await visit(t);
  await control(page, 'InstanceName').fill('a');
  await page.getByRole('button', { name: 'History' }).click();
  await byId(page, 'past').getByRole('button', { name: 'Clear everything…' }).click();
  const again = page.waitForEvent('load');
  await byId(page, 'clear').getByRole('button', { name: 'Delete all of it' }).click();
  await again;
  await says(page, /^Everything kept in this browser was deleted\.$/);
  const left = await page.evaluate(async () => [
    await window.caches.keys(),
    (await window.navigator.serviceWorker.getRegistrations()).length,
  ]);
  assert.deepEqual(left, [[], 0]);
  await assertAlive(page, errors);
});
