import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, origin } from './browser.mjs';

test('the page starts without an error and within its policy', async (t) => {
  const { page, errors } = await open(t);
  assert.notEqual((await page.locator('body').textContent()).trim(), '');
  assert.deepEqual(errors, []);
});

test('the policy is in force', async (t) => {
  const { page, errors } = await open(t);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.intruder = true';
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => window.intruder), undefined);
  assert.match(errors.join('\n'), /Content Security Policy/);
});

test('files are served compressed, typed, and nothing beside them', async () => {
  const html = await fetch(origin);
  assert.match(html.headers.get('content-security-policy'), /default-src 'none'.*'sha256-/);
  assert.equal(html.headers.get('cache-control'), 'no-cache');
  const wasm = /[\w-]+\.wasm/.exec(await html.text())[0];
  const module = await fetch(new URL(wasm, origin), { headers: { 'accept-encoding': 'br' } });
  assert.equal(module.headers.get('content-type'), 'application/wasm');
  assert.equal(module.headers.get('content-encoding'), 'br');
  assert.match(module.headers.get('cache-control'), /immutable/);
  assert.equal((await fetch(new URL('/%2e%2e/Cargo.toml', origin))).status, 404);
});
