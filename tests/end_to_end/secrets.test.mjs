// F19 and F62: secrets are hidden until asked for, and nothing of them is kept anywhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAlive, byId, control, eventually, load, open, says } from './fixtures/form.mjs';

/** Everything that the browser keeps for the page, the address, and the page itself, as one text. */
function everything(page) {
  return page.evaluate(async () => {
    const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), location.href, document.cookie];
    kept.push(JSON.stringify(history.state), window.name, document.title);
    for (const key of await caches.keys()) {
      const cache = await caches.open(key);
      for (const request of await cache.keys()) kept.push(request.url, await (await cache.match(request)).text());
    }
    for (const { name, version } of await indexedDB.databases()) {
      const database = await new Promise((done, fail) => {
        const opening = indexedDB.open(name, version);
        opening.onsuccess = () => done(opening.result);
        opening.onerror = () => fail(opening.error);
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        kept.push(JSON.stringify(await new Promise((done) => (all.onsuccess = () => done(all.result)))));
      }
      database.close();
    }
    // Values of controls stand in no attribute; what is shown or could be read out does.
    kept.push(document.documentElement.outerHTML);
    return kept.join('\n');
  });
}

/** Where this stands in all that is kept and shown. */
async function places(page, pattern) {
  const text = await everything(page);
  const found = [...text.matchAll(new RegExp(pattern, 'g'))];
  return found.map(({ index }) => text.slice(Math.max(0, index - 60), index + 20));
}

/** Waits until what was entered last is kept. */
async function isKept(page, text) {
  await eventually(async () => {
    assert.ok((await page.evaluate(() => JSON.stringify(localStorage))).includes(text), `${text} is not kept`);
  });
}

const value = (page, row) => control(page, `EnvironmentVariables[${row}].Value`);
const row = (page, number) => byId(page, `EnvironmentVariables[${number}]`);

test('F62 a variable that looks like a secret is hidden and not stored, until one says that it is none', async (t) => {
  const { page, context, errors } = await open(t);
  await load(page, { EnvironmentVariables: { HF_TOKEN: 'marker-one', HF_HOME: 'marker-two', MAX_TOKENS: '4096' } });
  assert.equal(await value(page, 0).getAttribute('type'), 'password');
  assert.match(await row(page, 0).textContent(), /Looks like a secret: hidden here, not stored\./);
  for (const plain of [1, 2]) {
    assert.equal(await value(page, plain).getAttribute('type'), 'text');
    assert.doesNotMatch(await row(page, plain).textContent(), /secret:/i);
  }
  await isKept(page, 'marker-two');
  assert.deepEqual(await places(page, /marker-one/), []);

  // It is none: shown, stored, and no warning is left.
  await row(page, 0).getByRole('button', { name: 'Not a secret' }).click();
  await says(page, /^HF_TOKEN is no secret/);
  assert.equal(await value(page, 0).getAttribute('type'), 'text');
  assert.doesNotMatch(await row(page, 0).textContent(), /Everyone who can open/);
  await isKept(page, 'marker-one');
  // And the reverse, of what nobody would take for one.
  await row(page, 1).getByRole('button', { name: 'Keep variable 2 secret' }).click();
  assert.equal(await value(page, 1).getAttribute('type'), 'password');
  assert.match(await row(page, 1).textContent(), /Kept secret: hidden here, not stored\./);
  await eventually(async () => assert.deepEqual(await places(page, /marker-two/), []));
  await assertAlive(page, errors);
  await page.close();

  // The next visit knows both.
  const { page: next, errors: more } = await open(t, { context });
  await value(next, 0).waitFor();
  assert.equal(await value(next, 0).inputValue(), 'marker-one');
  assert.equal(await value(next, 0).getAttribute('type'), 'text');
  assert.equal(await value(next, 1).inputValue(), '');
  assert.equal(await value(next, 1).getAttribute('type'), 'password');
  await row(next, 0).getByRole('button', { name: 'Keep it secret' }).click();
  assert.equal(await value(next, 0).getAttribute('type'), 'password');
  await eventually(async () => assert.deepEqual(await places(next, /marker-one/), []));
  await assertAlive(next, more);
});

test('F19 what was revealed is hidden again when the page is left', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { ImageAuth: 'bWFya2VyOm1hcmtlcg==', EnvironmentVariables: { HF_TOKEN: 'marker' } });
  const shows = (name) => page.getByRole('button', { name, exact: true });
  await shows('Show Registry login').click();
  await shows('Show value of variable 1').click();
  await page.getByRole('button', { name: 'Show secrets' }).click();
  const preview = page.getByTestId('json-preview');
  assert.match(await preview.textContent(), /marker/);
  assert.equal(await control(page, 'ImageAuth').getAttribute('type'), 'text');
  await page.evaluate(() => {
    Object.defineProperty(window.document, 'hidden', { value: true, configurable: true });
    window.document.dispatchEvent(new Event('visibilitychange'));
    delete window.document.hidden;
  });
  await eventually(async () => {
    assert.equal(await control(page, 'ImageAuth').getAttribute('type'), 'password');
    assert.equal(await value(page, 0).getAttribute('type'), 'password');
    assert.doesNotMatch(await preview.textContent(), /marker/);
  });
  // Nothing was lost.
  assert.equal(await value(page, 0).inputValue(), 'marker');
  await assertAlive(page, errors);
});

test('F62 nothing of a secret is in storage, address, title, console or page', async (t) => {
  const { page, errors } = await open(t);
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  const secret = /marker-\d|bWFya2Vy/;
  await load(page, {
    InstanceName: 'kept',
    ImageUrl: 'registry.cn-hangzhou.aliyuncs.com/a/b:1',
    ImageAuth: 'bWFya2VyOm1hcmtlcg==',
    EnvironmentVariables: { HF_TOKEN: 'marker-1', OPENAI_API_KEY: 'marker-2', A: 'sk-marker-3-0123456789abcdef' },
    CredentialConfig: {
      EnableCredentialInject: true,
      Configs: [{ Type: 'Role', Roles: [{ AssumeRoleFor: 'u', RoleArn: 'acs:ram::1:role/a', UserInfo: { AccessKeyId: 'marker-4', SecurityToken: 'marker-5' } }] }],
    },
  });
  // Typed as well as taken in.
  await page.locator('[aria-controls="ImageAuth-login"]').click();
  await control(page, 'ImageAuth-user').fill('marker');
  await control(page, 'ImageAuth-password').fill('marker-6');
  await page.getByRole('button', { name: 'Use this login' }).click();
  await byId(page, 'EnvironmentVariables-add').click();
  await control(page, 'EnvironmentVariables[3].Key').fill('DB_PASSWORD');
  await control(page, 'EnvironmentVariables[3].Value').fill('marker-7');
  await isKept(page, 'DB_PASSWORD');
  assert.deepEqual(await places(page, secret), []);
  // Every view: findings told, the search, the review, and an undo.
  await page.locator('.output-tools').getByRole('button', { name: 'Download' }).click();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Shift+z');
  assert.deepEqual(await places(page, secret), []);
  await page.locator('.output-tools').getByRole('link', { name: 'Review' }).click();
  await page.locator('.review').getByRole('heading', { name: 'Review' }).waitFor();
  await page.locator('.answers').first().waitFor();
  assert.match(await page.locator('.answers').allTextContents().then((all) => all.join()), /HF_TOKEN/);
  await page.locator('.fold > summary').first().click();
  assert.deepEqual(await places(page, secret), []);
  assert.doesNotMatch(said.join('\n'), secret);
  await assertAlive(page, errors);
});
