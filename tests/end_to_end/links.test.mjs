// F50 to F52: links that carry a request, and links that lead to a field.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deflateSync, inflateSync } from 'node:zlib';
import { browser, open as openAt, origin } from './browser.mjs';
import {
  alone,
  assertAlive,
  body,
  byId,
  control,
  document,
  eventually,
  focused,
  hasFocus,
  load,
  open,
  paste,
  says,
  showsBody,
  tabTo,
} from './fixtures/form.mjs';
import { skip, start } from './fixtures/program.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** No request has it but where a test puts it. */
const MARKER = 'mArKeR7secret';

const REQUEST = {
  InstanceName: 'shared_01',
  WorkspaceId: '40823',
  EcsSpec: 'ecs.c6.large',
  EnvironmentVariables: { HOME: '/root', 名称: '值 "quoted"\n' },
  Datasets: [{ Uri: 'oss://bucket.oss-cn-hangzhou-internal.aliyuncs.com/a/', MountPath: '/mnt/a' }],
};

/** What stands behind `#` in a link with this document, as the page writes it. */
const packed = (document) => `#request=1.${deflateSync(JSON.stringify(document)).toString('base64url')}`;
/** The same without compression. */
const plain = (document) => `#request=1.${Buffer.from(JSON.stringify(document)).toString('base64url')}`;
/** What a link holds. */
function unpacked(address) {
  const bytes = Buffer.from(address.split('#request=1.')[1], 'base64url');
  return JSON.parse(bytes[0] === 0x7b ? bytes : inflateSync(bytes));
}

const sharing = (page) => byId(page, 'share');
const opened = (page) => byId(page, 'opened');
const link = (page) => byId(page, 'share-link').inputValue();

/** Opens the dialog that shares. */
async function share(page) {
  await page.locator('.words').getByRole('button', { name: 'Share', exact: true }).click();
  await sharing(page).waitFor();
}

/** Opens a fresh page at an address behind `#`, and lists all that it asks for. */
async function arrive(t, hash, options = {}) {
  const context = options.context ?? (await (await browser()).newContext({ viewport: { width: 1280, height: 800 }, ...options.fresh }));
  if (!options.context) t.after(() => context.close());
  const asked = [];
  context.on('request', (request) => asked.push(request));
  const { page, errors } = await openAt(t, `/${hash}`, { ...options, context });
  page.setDefaultTimeout(8000);
  return { page, context, errors, asked };
}

/** Goes to an address behind `#` in a page that is open. */
const goTo = (page, hash) =>
  page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);

/** The table of changes. */
const changes = (page) =>
  opened(page).locator('tbody tr').evaluateAll((all) =>
    all.map((line) => [...line.children].map((cell) => cell.textContent.replace(/\s+/g, ' '))),
  );

const take = (page) => opened(page).getByRole('button', { name: /^(Take it over|Fill it in)$/ }).click();
const gone = (page) => opened(page).waitFor({ state: 'detached' });

/** What was asked for in vain of a link: nothing is sent, and no address that left the page holds it. */
function assertQuiet(asked) {
  for (const request of asked) {
    assert.ok(['GET', 'HEAD'].includes(request.method()), `${request.method()} ${request.url()}`);
    // The address of the page itself is told with what stands behind its #, which is never sent.
    assert.doesNotMatch(request.url().split('#')[0], /request=/);
    assert.doesNotMatch(JSON.stringify(request.headers()), /request=/);
  }
}

test('F50 a request is shared, opened by somebody else, asked about, and is the same', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, REQUEST);
  await share(page);
  assert.match(await sharing(page).textContent(), /No secret was found in the request/);
  const address = await link(page);
  assert.equal(address.split('#')[0], new URL('/', origin).href);
  assert.match(address, /#request=1\.eJ[\w-]+$/);
  assert.deepEqual(unpacked(address).body, REQUEST);
  await sharing(page).getByRole('button', { name: 'Copy link', exact: true }).click();
  await says(page, /^Link copied\.$/);
  await sharing(page).waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  await assertAlive(page, errors);

  const { page: other, errors: more, asked } = await arrive(t, new URL(address).hash);
  await opened(other).waitFor();
  assert.match(await opened(other).locator('h2').textContent(), /^Fill in the request of this link\?$/);
  assert.match(await opened(other).textContent(), /shared_01.*ecs\.c6\.large/);
  // Nothing is taken over before one says so.
  assert.equal(await control(other, 'InstanceName').inputValue(), '');
  await opened(other).locator('summary').click();
  assert.deepEqual((await changes(other))[1], ['Instance name InstanceName', 'not set', 'shared_01']);
  await take(other);
  await says(other, /^Imported: 7 values set\.$/);
  await showsBody(other, REQUEST);
  await other.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(other, {});
  assertQuiet(asked);
  await assertAlive(other, more);
});

test('F51 S19 secrets are left out of a link and listed, and the other side is told what to enter', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, {
    InstanceName: 'secretive',
    ImageAuth: Buffer.from(MARKER).toString('base64'),
    EnvironmentVariables: { HF_TOKEN: MARKER, PLAIN: `plain-${MARKER}`, HOME: '/root' },
    UserCommand: { OnStart: { Content: `export DB_PASSWORD=${MARKER}\n` } },
    Future: { access_key_secret: MARKER },
  });
  await byId(page, 'EnvironmentVariables[1]').getByRole('button', { name: 'Keep variable 2 secret' }).click();
  await share(page);
  const listed = await sharing(page).getByTestId('left-out').locator('code').allTextContents();
  assert.deepEqual(listed, [
    'ImageAuth',
    'EnvironmentVariables.HF_TOKEN',
    'EnvironmentVariables.PLAIN',
    'UserCommand.OnStart.Content',
    'Future',
  ].sort((one, other) => listed.indexOf(one) - listed.indexOf(other)));
  assert.equal(listed.length, 5);
  const address = await link(page);
  const held = JSON.stringify(unpacked(address));
  for (const text of [MARKER, Buffer.from(MARKER).toString('base64')]) assert.ok(!held.includes(text), held);
  assert.deepEqual(unpacked(address).body, {
    InstanceName: 'secretive',
    EnvironmentVariables: { HF_TOKEN: '', PLAIN: '', HOME: '/root' },
  });
  await sharing(page).getByRole('button', { name: 'Copy link', exact: true }).click();
  await says(page, /^Link copied, without 5 secrets\.$/);

  const { page: other, errors: more } = await arrive(t, new URL(address).hash);
  await opened(other).waitFor();
  const missing = await opened(other).locator('.left-out code').allTextContents();
  assert.deepEqual(missing, listed);
  await take(other);
  await says(other, /Secrets to enter: ImageAuth, EnvironmentVariables\.HF_TOKEN/);
  // What is a secret for the one who shared it is one here.
  assert.equal(await control(other, 'EnvironmentVariables[1].Value').getAttribute('type'), 'password');
  await assertAlive(other, more);
  await assertAlive(page, errors);
});

test('F51 a link over a draft shows each change, leaves it when one wants, and is one step', async (t) => {
  const { page, errors } = await open(t);
  const draft = { InstanceName: 'mine', WorkspaceId: '40823', ImageAuth: 'bWluZTptaW5l', Priority: 3 };
  await load(page, draft);
  await goTo(page, packed({ body: REQUEST, region: 'cn-shanghai' }));
  await opened(page).waitFor();
  assert.match(await opened(page).locator('h2').textContent(), /^Replace your draft with the request of this link\?$/);
  const table = await changes(page);
  assert.deepEqual(table.slice(0, 2), [
    ['Instance name InstanceName', 'mine', 'shared_01'],
    ['Machine type EcsSpec', 'not set', 'ecs.c6.large'],
  ]);
  // A secret that goes is told, without its value.
  assert.ok(table.some((line) => /ImageAuth/.test(line[0]) && line[1] === 'hidden, since it is a secret' && line[2] === 'not set'), JSON.stringify(table));
  assert.doesNotMatch(await page.content(), /bWluZTptaW5l/);
  // The address is clean already, so that loading the page again does not ask again.
  assert.equal(new URL(page.url()).hash, '#all');
  // One reads from the beginning, and nothing is pressed by a key that was meant for something else.
  await hasFocus(page, 'opened-h');
  await page.keyboard.press('Enter');
  assert.equal(await opened(page).isVisible(), true);
  await page.keyboard.press('Escape');
  await gone(page);
  await showsBody(page, draft);
  await goTo(page, packed({ body: REQUEST }));
  await opened(page).getByRole('button', { name: 'Keep my draft' }).click();
  await gone(page);
  await showsBody(page, draft);

  await goTo(page, packed({ body: REQUEST }));
  await opened(page).waitFor();
  await take(page);
  await says(page, /^Imported: 7 values set\.$/);
  await hasFocus(page, 'main');
  await showsBody(page, REQUEST);
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(page, draft);
  // What gave way is in the history.
  const past = await page.evaluate(() => JSON.parse(localStorage['dsw-composer.past']).entries.map(({ end }) => end));
  assert.deepEqual(past, ['replaced']);
  await page.reload();
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
  await eventually(async () => assert.equal(await opened(page).count(), 0));
  await assertAlive(page, errors);
});

test('F50 the same request is no change, and asks nothing', async (t) => {
  const { page, errors } = await open(t);
  await load(page, REQUEST);
  await goTo(page, packed({ body: REQUEST }));
  await opened(page).waitFor();
  assert.match(await opened(page).textContent(), /is in the form already/);
  await opened(page).getByRole('button', { name: 'Close' }).click();
  await gone(page);
  assert.equal(await page.evaluate(() => localStorage['dsw-composer.past']), undefined);
  await assertAlive(page, errors);
});

test('F51 a link of somebody hostile shows text, hides secrets, runs and sends nothing', async (t) => {
  const evil = '<img src=x onerror="globalThis.ran = true">\u202etxt';
  const document = {
    body: {
      InstanceName: evil,
      ImageAuth: MARKER,
      EnvironmentVariables: { [evil]: '1', HF_TOKEN: MARKER },
      [`${evil}Member`]: { __proto__x: evil },
      Datasets: 'none',
    },
    region: 'cn-hangzhou',
    leftOut: [evil, 'EnvironmentVariables.<b>'],
  };
  const { page, errors, asked } = await arrive(t, packed(document));
  await opened(page).waitFor();
  await opened(page).locator('summary').click();
  await eventually(async () => assert.equal(await opened(page).locator('img, b, script').count(), 0));
  const shown = await opened(page).textContent();
  assert.match(shown, /<img src=x/);
  assert.ok(!shown.includes('\u202e'), 'what turns the direction is written out');
  assert.ok(!shown.includes(MARKER), 'a secret is hidden');
  await take(page);
  await says(page, /^Imported: .* 1 not in the reference but kept, 1 of another type but kept/);
  assert.equal((await body(page)).InstanceName, evil);
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  assertQuiet(asked);
  await assertAlive(page, errors);
});

test('F51 links that are cut, changed, of a newer version or too long say so and change nothing', async (t) => {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  // How much of what was compressed is taken.
  await context.addInitScript(() => {
    globalThis.taken = 0;
    const { read } = ReadableStreamDefaultReader.prototype;
    ReadableStreamDefaultReader.prototype.read = async function () {
      const piece = await read.call(this);
      globalThis.taken += piece.value?.length ?? 0;
      return piece;
    };
  });
  const { page, errors } = await open(t, { context });
  await load(page, { InstanceName: 'mine' });
  const whole = packed({ body: REQUEST });
  const changed = whole.slice(0, 60) + (whole[60] === 'A' ? 'B' : 'A') + whole.slice(61);
  const bomb = `#request=1.${deflateSync(Buffer.alloc(200 * 1024 * 1024, ' ')).toString('base64url')}`;
  for (const [hash, said] of [
    [whole.slice(0, -9), /Part of the link is missing, or was changed on its way\. Copy it again/],
    [whole.slice(0, 30), /Part of the link is missing/],
    ['#request=1.', /Part of the link is missing/],
    ['#request=', /Part of the link is missing/],
    [changed, /Part of the link is missing/],
    [`${whole}eJyrVg`, /Part of the link is missing/],
    [plain({ body: 7 }), /Part of the link is missing/],
    [`#request=1.${deflateSync('{"body":{"A":1,"A":2}}').toString('base64url')}`, /Part of the link is missing/],
    ['#request=2.eJyrVg', /A newer version of this page has made the link\. Load this page again/],
    [bomb, /The link holds more than 1 MiB/],
  ]) {
    await goTo(page, hash);
    await eventually(async () => assert.match(await opened(page).textContent(), said, hash.slice(0, 40)));
    assert.match(await opened(page).textContent(), /Nothing was changed\./);
    assert.equal(new URL(page.url()).hash, '#all', hash.slice(0, 40));
    await opened(page).getByRole('button', { name: 'Close' }).click();
    await gone(page);
  }
  const taken = await page.evaluate(() => globalThis.taken);
  assert.ok(taken > 1024 * 1024 && taken < 2 * 1024 * 1024, `${taken} bytes were taken`);
  await showsBody(page, { InstanceName: 'mine' });
  // As chats and mail programs pass it on: escaped, with the full stop of the sentence behind it.
  await goTo(page, `${encodeURIComponent(whole.slice(1))}.`);
  await opened(page).getByRole('button', { name: 'Take it over' }).waitFor();
  await assertAlive(page, errors);
});

test('F50 where the link would be over 8 KB a file is offered, without secrets', async (t) => {
  const { page, errors } = await open(t);
  // What cannot be compressed.
  let seed = 7;
  const noise = Array.from({ length: 9000 }, () => {
    seed = (seed * 48271) % 2147483647;
    return 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'[seed % 62];
  }).join('');
  const request = { InstanceName: 'large', EnvironmentVariables: { NOISE: noise, HF_TOKEN: MARKER } };
  await load(page, request);
  await share(page);
  assert.match(await sharing(page).textContent(), /of at most 8,192 characters/);
  assert.match(await sharing(page).textContent(), /Hand on a file instead/);
  await eventually(async () => assert.equal(await byId(page, 'share-link').count(), 0));
  const coming = page.waitForEvent('download');
  await sharing(page).getByRole('button', { name: 'Download as a file' }).click();
  const text = readFileSync(await (await coming).path(), 'utf8');
  assert.ok(!text.includes(MARKER));
  const without = { ...request, EnvironmentVariables: { NOISE: noise, HF_TOKEN: '' } };
  assert.deepEqual(JSON.parse(text), without);
  await eventually(async () => assert.match(await byId(page, 'share-said').textContent(), /^Downloaded\.$/));
  await page.keyboard.press('Escape');
  await load(page, text);
  await showsBody(page, without);
  // A request that is repetitive is no large link, however long it is.
  await load(page, { InstanceName: 'long', Datasets: Array.from({ length: 300 }, (_, n) => ({ DatasetId: `d-${n}`, MountPath: `/mnt/${n}` })) });
  await share(page);
  assert.ok((await link(page)).length < 8192);
  await assertAlive(page, errors);
});

test('F50 without the means to compress links are longer and work; compressed ones say what is missing', async (t) => {
  const context = await (await browser()).newContext();
  t.after(() => context.close());
  await context.addInitScript(() => {
    delete globalThis.CompressionStream;
    delete globalThis.DecompressionStream;
  });
  const { page, errors } = await open(t, { context });
  await load(page, REQUEST);
  await share(page);
  const address = await link(page);
  assert.match(address, /#request=1\.ey/);
  assert.deepEqual(unpacked(address).body, REQUEST);
  await page.keyboard.press('Escape');
  await goTo(page, packed({ body: { InstanceName: 'other' } }));
  await eventually(async () => assert.match(await opened(page).textContent(), /cannot open compressed links/));
  await page.keyboard.press('Escape');
  await gone(page);
  await showsBody(page, REQUEST);
  await goTo(page, plain({ body: { InstanceName: 'other' } }));
  await opened(page).waitFor();
  await take(page);
  await showsBody(page, { InstanceName: 'other' });
  await assertAlive(page, errors);
});

test('F50 an empty form and one with secrets alone have nothing to share, and say so', async (t) => {
  const { page, errors } = await open(t);
  await share(page);
  assert.match(await sharing(page).textContent(), /The form is empty, so there is no request to share\./);
  await eventually(async () => assert.equal(await byId(page, 'share-link').count(), 0));
  await page.keyboard.press('Escape');
  await load(page, { ImageAuth: MARKER });
  await share(page);
  assert.match(await sharing(page).textContent(), /Only secrets are in the form/);
  assert.ok(!(await sharing(page).textContent()).includes(MARKER));
  await assertAlive(page, errors);
});

test('F50 the region of a link is chosen with it, where one wants that', async (t) => {
  const { page, errors } = await open(t);
  const region = page.locator('#region');
  await eventually(async () => assert.equal(await region.inputValue(), 'cn-hangzhou'));
  const hash = packed({ body: REQUEST, region: 'cn-shanghai' });
  await goTo(page, hash);
  await opened(page).waitFor();
  await byId(page, 'opened-region').uncheck();
  await take(page);
  await showsBody(page, REQUEST);
  assert.equal(await region.inputValue(), 'cn-hangzhou');
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(page, {});
  await goTo(page, hash);
  await opened(page).waitFor();
  assert.match(await opened(page).textContent(), /Choose the region cn-shanghai too; now it is cn-hangzhou/);
  await take(page);
  await eventually(async () => assert.equal(await region.inputValue(), 'cn-shanghai'));
  // One that the page does not know is told, and cannot be chosen.
  await goTo(page, packed({ body: { InstanceName: 'elsewhere' }, region: 'xx-nowhere' }));
  await eventually(async () => assert.match(await opened(page).textContent(), /xx-nowhere/));
  assert.equal(await byId(page, 'opened-region').isVisible(), false);
  await assertAlive(page, errors);
});

for (const [mode, address] of [['all fields', '#all'], ['the guided form', '#guided']]) {
  test(`F52 a link to a field opens its section and focuses it, in ${mode}`, async (t) => {
    const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
    t.after(() => context.close());
    const { page, errors } = await openAt(t, `/${address}`, { context });
    page.setDefaultTimeout(8000);
    await load(page, REQUEST);
    for (const [hash, focus] of [
      ['#field=UserVpc.VpcId', 'UserVpc.VpcId'],
      ['#field=Datasets[0].MountPath', 'Datasets[0].MountPath'],
      ['#field=Datasets%5B0%5D.Uri', 'Datasets[0].Uri'],
      ['#field=%45nvironmentVariables.HOME', 'EnvironmentVariables[0].Key'],
      ['#field=WorkspaceId', 'WorkspaceId'],
    ]) {
      await goTo(page, hash);
      await hasFocus(page, focus);
      const now = new URL(page.url()).hash;
      assert.ok(now === '#all' ? address === '#all' : now.startsWith('#guided/') && address === '#guided', now);
    }
    // Long enough for the page to say that one is not there.
    await page.waitForTimeout(500);
    assert.doesNotMatch(await page.locator('.toast-area').textContent(), /not offered/);
    await assertAlive(page, errors);
    // The same from outside, in a new page: the form that was used last.
    await eventually(async () => assert.match(await page.locator('.bar-draft').textContent(), /Saved/));
    const { page: next, errors: more } = await openAt(t, '/#field=Datasets[0].MountPath', { context });
    await hasFocus(next, 'Datasets[0].MountPath');
    await assertAlive(next, more);
  });
}

test('F50 F52 an address of the page that is pasted as a request asks as it does when it is opened', async (t) => {
  const { page, errors } = await open(t);
  await load(page, REQUEST);
  await paste(page, `  ${new URL(page.url()).origin}/${packed({ body: { InstanceName: 'elsewhere' } })}\n`);
  await opened(page).waitFor();
  assert.match(await opened(page).textContent(), /Replace your draft with the request of this link\?/);
  await take(page);
  await showsBody(page, { InstanceName: 'elsewhere' });
  assert.equal(await page.getByTestId('import-json').inputValue(), '');
  await paste(page, `${new URL(page.url()).origin}/#field=UserVpc.VpcId`);
  await hasFocus(page, 'UserVpc.VpcId');
  await assertAlive(page, errors);
});

test('F52 of addresses that follow each other at once the last counts', async (t) => {
  const { page, errors } = await openAt(t, '/#guided');
  page.setDefaultTimeout(8000);
  await load(page, REQUEST);
  const all = (...hashes) => page.evaluate((hashes) => hashes.forEach((hash) => (window.location.hash = hash)), hashes);
  // What reads links is there from now on.
  await goTo(page, '#field=UserVpc.VpcId');
  await hasFocus(page, 'UserVpc.VpcId');
  await all('#guided/image', '#field=Datasets[0].MountPath');
  await hasFocus(page, 'Datasets[0].MountPath');
  await page.waitForTimeout(200);
  assert.equal(await focused(page), 'Datasets[0].MountPath');
  // The address of the section is written a moment later: by then a link may stand there.
  await page.evaluate(() => {
    const section = window.document.querySelector('#network');
    new MutationObserver(() => (window.location.hash = '#field=EcsSpec')).observe(section, { attributes: true });
    window.location.hash = '#field=UserVpc.VpcId';
  });
  await hasFocus(page, 'EcsSpec');
  await page.waitForTimeout(200);
  assert.equal(await focused(page), 'EcsSpec');
  await eventually(() => assert.equal(new URL(page.url()).hash, '#guided/compute'));
  await assertAlive(page, errors);
});

test('F52 a link to what is not there says so, and leads as near as it can', async (t) => {
  const { page, errors } = await open(t);
  await load(page, REQUEST);
  await goTo(page, '#field=Datasets[7].MountPath');
  await says(page, /^Datasets\[7\]\.MountPath is not in the form\. This is Datasets\.$/);
  assert.ok(await page.evaluate(() => window.document.activeElement.closest('[id="Datasets"], [data-for="Datasets"]') !== null));
  await goTo(page, '#field=EnvironmentVariables.NONE');
  await says(page, /^EnvironmentVariables\.NONE is not in the form\. This is /);
  await goTo(page, `#field=${encodeURIComponent('<img src=x onerror=alert(1)>')}`);
  await says(page, /^No field is called "<img src=x onerror=alert\(1\)>"\.$/);
  await eventually(async () => assert.equal(await page.locator('.toast img').count(), 0));
  await goTo(page, '#field=');
  await says(page, /^No field is called ""\.$/);
  // Other addresses with such a sign are nobody's business.
  await goTo(page, '#anything=else');
  await goTo(page, '#guided/storage');
  await eventually(async () => assert.equal(await page.locator('#storage').isVisible(), true));
  await assertAlive(page, errors);
});

test('F52 a field that the policy of the team hides is told not to be offered', async (t) => {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  const policy = { version: 1, name: 'Team', fields: { Driver: { hidden: true } } };
  await context.route('**/policy.json', (route) => route.fulfill({ json: policy }));
  const { page, errors } = await openAt(t, '/#all', { context, ready: '#team' });
  await goTo(page, '#field=Driver');
  await says(page, /^.* is not offered with what is chosen now\.$/);
  await goTo(page, '#field=Priority');
  await hasFocus(page, 'Priority');
  await assertAlive(page, errors);
});

test('F52 the link to a field is found by its name, copied, and holds no value', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, REQUEST);
  await share(page);
  const names = await page.locator('#share-fields option').evaluateAll((all) => all.map(({ value }) => value));
  for (const name of ['UserVpc.VpcId', 'Datasets[0].MountPath', 'EnvironmentVariables']) assert.ok(names.includes(name), name);
  await byId(page, 'share-field').fill('Nothing');
  await sharing(page).getByRole('button', { name: 'Copy link to the field' }).click();
  await eventually(async () => assert.equal(await byId(page, 'share-said').textContent(), 'No field is called "Nothing".'));
  await hasFocus(page, 'share-field');
  await byId(page, 'share-field').fill('Datasets[0].MountPath');
  await sharing(page).getByRole('button', { name: 'Copy link to the field' }).click();
  await says(page, /^Link to Datasets\[0\]\.MountPath copied\.$/);
  const address = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(address, new URL('/#field=Datasets%5B0%5D.MountPath', origin).href);
  await goTo(page, new URL(address).hash);
  await hasFocus(page, 'Datasets[0].MountPath');
  await assertAlive(page, errors);
});

test('F50 F63 a link is made by keyboard, and the focus goes back', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, REQUEST);
  const button = page.locator('.words').getByRole('button', { name: 'Share', exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  await sharing(page).waitFor();
  await hasFocus(page, 'share-h');
  await page.keyboard.press('Escape');
  await sharing(page).waitFor({ state: 'detached' });
  assert.ok(await button.evaluate((it) => it === window.document.activeElement));
  await page.locator('main').evaluate((main) => main.focus());
  await page.keyboard.press('?');
  await hasFocus(page, 'palette-input');
  await page.keyboard.type('share');
  await page.keyboard.press('Enter');
  await sharing(page).waitFor();
  await tabTo(page, '#share .btn[data-kind=primary]');
  await page.keyboard.press('Enter');
  await says(page, /^Link copied/);
  // Where the browser does not let it copy, the link is there to be taken.
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('no'));
  });
  await share(page);
  await sharing(page).getByRole('button', { name: 'Copy link', exact: true }).click();
  await eventually(async () => assert.match(await byId(page, 'share-said').textContent(), /The link is selected: press Ctrl\+C/));
  assert.equal(await page.evaluate(() => window.document.getSelection().toString() || window.document.activeElement.value.slice(window.document.activeElement.selectionStart, window.document.activeElement.selectionEnd)), await link(page));
  await assertAlive(page, errors);
});

test('F50 F51 a page without a gateway shares and opens links too', async (t) => {
  const { page, errors } = await open(t, alone);
  await load(page, { ...REQUEST, ImageAuth: MARKER });
  await share(page);
  const address = await link(page);
  const { page: other, errors: more, asked } = await arrive(t, new URL(address).hash, alone);
  await opened(other).waitFor();
  await take(other);
  await showsBody(other, REQUEST);
  assertQuiet(asked);
  await assertAlive(other, more);
  await assertAlive(page, errors);
});

test('F50 F68 links are opened without a network, by the copy of the page', { skip, timeout: 180_000 }, async (t) => {
  const gateway = await start(t);
  const { page, context } = await open(t, { serviceWorkers: 'allow', from: gateway.address });
  await page.waitForFunction(() => window.navigator.serviceWorker.controller?.state === 'activated', null, { timeout: 60_000 });
  await gateway.stop('SIGKILL');
  const next = await context.newPage();
  await next.goto(new URL(packed({ body: REQUEST }), gateway.address).href);
  await opened(next).waitFor();
  await take(next);
  await showsBody(next, REQUEST);
});

for (const language of ['en', 'zh-CN']) {
  for (const colorScheme of ['light', 'dark']) {
    test(`F64 axe finds nothing in the dialogs of links, in ${language} and ${colorScheme}`, async (t) => {
      const context = await (await browser()).newContext({ colorScheme, reducedMotion: 'reduce', viewport: { width: 360, height: 740 } });
      t.after(() => context.close());
      await context.addInitScript((tag) => localStorage.setItem('dsw-composer.language', tag), language);
      const { page, errors } = await open(t, { context });
      const check = async (id) => {
        await byId(page, id).waitFor();
        const { violations } = await page.evaluate(() => window.axe.run(window.document, { resultTypes: ['violations'] }));
        assert.deepEqual(violations.map(({ id: rule, nodes }) => [rule, nodes[0].html]), [], id);
        const overflow = await byId(page, id).evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
        assert.ok(overflow <= 1, `${id}: ${overflow} px do not fit`);
        await page.keyboard.press('Escape');
        await byId(page, id).waitFor({ state: 'detached' });
      };
      await page.getByTestId('import-json').evaluate((area, text) => {
        area.value = text;
        area.dispatchEvent(new Event('input', { bubbles: true }));
      }, document('full'));
      await eventually(async () => assert.ok((await page.locator('.code-line').count()) > 20));
      await page.evaluate(axe);
      await page.locator('.words .btn:has([href="#i-link"])').evaluate((button) => button.click());
      await check('share');
      await goTo(page, packed({ body: REQUEST, region: 'cn-shanghai', leftOut: ['ImageAuth', 'EnvironmentVariables.HF_TOKEN'] }));
      await check('opened');
      await goTo(page, '#request=1.x');
      await check('opened');
      await assertAlive(page, errors);
    });
  }
}
