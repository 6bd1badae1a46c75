import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, open, origin } from './browser.mjs';
import { eventually } from './fixtures/form.mjs';

test('the page starts without an error and within its policy', async (t) => {
  const { page, errors } = await open(t);
  assert.notEqual((await page.locator('body').textContent()).trim(), '');
  assert.deepEqual(errors, []);
});

test('S16: the policy is in force', async (t) => {
  const { page, errors } = await open(t);
  const outcomes = await page.evaluate(() => {
    const [script, block] = ['script', 'div'].map((name) => document.createElement(name));
    const attempts = {
      'HTML of a stranger': () => (block.innerHTML = '<img src="x" onerror="window.intruder = true">'),
      'a class of a stranger': () => (block.innerHTML = '<span class="btn">'),
      'HTML of the preview': () => (block.innerHTML = '<span class="code-line"><i class=s>"a"</i> &lt;b&gt;</span>'),
      'text of a script': () => (script.textContent = 'window.intruder = true'),
      'address of a script': () => (script.src = '/intruder.js'),
      'another policy': () => trustedTypes.createPolicy('other', {}),
      'the policy again': () => trustedTypes.createPolicy('default', { createHTML: (html) => html }),
    };
    const made = (attempt) => {
      try {
        attempt();
        return 'made';
      } catch {
        return 'refused';
      }
    };
    return Object.entries(attempts).map(([name, attempt]) => [name, made(attempt)]);
  });
  for (const [name, outcome] of outcomes) {
    assert.equal(outcome, name === 'HTML of the preview' ? 'made' : 'refused', name);
  }
  // The tool that drives the browser may make programs of text; what runs after it may not.
  const evaluated = await page.evaluate(async () => {
    const attempt = (done) => {
      try {
        done(eval('1'));
      } catch {
        done('refused');
      }
    };
    return new Promise((done) => setTimeout(attempt, 0, done));
  });
  assert.equal(evaluated, 'refused');
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.append('window.intruder = true');
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => window.intruder), undefined);
  assert.match(errors.join('\n'), /Content Security Policy/);
});

test('S16: a file that is not what the build made is not used', async (t) => {
  const html = await (await fetch(origin)).text();
  for (const [ending, named] of [['js', 'dsw-page'], ['wasm', 'dsw-page'], ['css', 'main']]) {
    const name = new RegExp(`${named}[\\w-]+\\.${ending}\\b`).exec(html)[0];
    const context = await (await browser()).newContext();
    t.after(() => context.close());
    await context.route(`**/${name}`, async (route) => {
      const response = await route.fetch();
      const body = Buffer.concat([await response.body(), Buffer.from(ending === 'wasm' ? [0, 2, 1, 65] : ' ')]);
      await route.fulfill({ response, body });
    });
    const page = await context.newPage();
    const told = [];
    page.on('console', (message) => told.push(message.text()));
    await page.goto(origin);
    await eventually(() => assert.match(told.join('\n'), /integrity/));
    if (ending !== 'css') assert.equal(await page.locator('#loading').isVisible(), true, name);
  }
});

test('nothing is fetched twice', async (t) => {
  const context = await (await browser()).newContext();
  t.after(() => context.close());
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  await open(t, '/', { context });
  assert.deepEqual([...new Set(asked)], asked);
});

test('files are served compressed, typed, and nothing beside them', async () => {
  const html = await fetch(origin);
  assert.match(html.headers.get('content-security-policy'), /default-src 'none'.*script-src 'self' 'wasm-unsafe-eval' 'sha256-/);
  assert.equal(html.headers.get('cache-control'), 'no-cache');
  const wasm = /[\w-]+\.wasm/.exec(await html.text())[0];
  const module = await fetch(new URL(wasm, origin), { headers: { 'accept-encoding': 'br' } });
  assert.equal(module.headers.get('content-type'), 'application/wasm');
  assert.equal(module.headers.get('content-encoding'), 'br');
  assert.match(module.headers.get('cache-control'), /immutable/);
  assert.equal((await fetch(new URL('/%2e%2e/Cargo.toml', origin))).status, 404);
});
