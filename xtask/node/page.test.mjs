import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { compressed, inlineScripts, loadedFirst, minified, unvouched } from './page.mjs';

test('inline scripts are allowed by their exact text', () => {
  // The example of the Content Security Policy specification.
  const html = '<script type="module">alert(\'Hello, world.\');</script>';
  assert.deepEqual(inlineScripts(html), ["'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"]);
});

test('scripts in files of their own need no permission', () => {
  assert.deepEqual(inlineScripts('<script src="/a.js"></script><p>script</p>'), []);
});

test('what index.html names is loaded first, and what that names', () => {
  const file = (text) => Buffer.from(text);
  const files = new Map([
    ['index.html', file('<link href="/a.css"><script>import "/b.js"</script>')],
    ['a.css', file('')],
    ['b.js', file('import "./snippets/c.js"')],
    ['snippets/c.js', file('')],
    ['locales/zh.json', file('{}')],
  ]);
  const first = ['a.css', 'b.js', 'index.html', 'snippets/c.js'];
  assert.deepEqual([...loadedFirst(files)].sort(), first);
});

test('index.html vouches for the minified script', async () => {
  const script = 'export const long = 1 ;';
  // The hash of that script, and of the short one.
  const [before, after] = [
    'sha256-/YyhXkzN+HcQeZp7Fcvt4FZhN85o3YRACfWZLrw57+0=',
    'sha256-ZxLnIyWGHh6PI+DG0+RVK9rsJ+3Cv9Hz+2ziyMgYyO8=',
  ];
  const files = new Map([
    ['a.js', Buffer.from(script)],
    ['index.html', Buffer.from(`<link href="/a.js" integrity="${before}">`)],
  ]);
  const result = await minified(files, async () => ({ code: 'export const long=1;' }));
  assert.equal(result.get('a.js').toString(), 'export const long=1;');
  assert.equal(result.get('index.html').toString(), `<link href="/a.js" integrity="${after}">`);
});

test('what index.html loads is vouched for (S16)', () => {
  const fine = [
    '<script type=module src=/a.js integrity=sha256-abc></script>',
    '<link rel="stylesheet" href="/a.css" integrity="sha256-abc">',
    '<link rel=preload href=/a.wasm integrity=sha256-abc><link rel=icon href="data:,"><p class=style>',
  ];
  for (const html of fine) assert.deepEqual(unvouched(html), []);
  const odd = [
    '<script src=/a.js>',
    '<script>',
    '<link rel=stylesheet href=/a.css>',
    '<link href=/a.wasm as=fetch rel=preload>',
    '<link rel="modulepreload" href="/a.js">',
    '<link rel=preload integrity=md5-abc href=/a.wasm>',
    '<p style="color: red">',
  ];
  for (const html of odd) assert.deepEqual(unvouched(html), [html]);
});

test('compression loses nothing', () => {
  const bytes = Buffer.from('abc'.repeat(1000));
  assert.ok(compressed(bytes).length < 100);
  assert.deepEqual(brotliDecompressSync(compressed(bytes)), bytes);
});
