import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedFirst } from './page.mjs';
import { integrity, split } from './split.mjs';

const file = (text) => Buffer.from(text);
const page = new Map([
  ['dsw-page-0123456789abcdef.js', file('whole script')],
  ['dsw-page-0123456789abcdef_bg.wasm', file('whole program')],
  [
    'index.html',
    file(`<script type="module">import '/dsw-page-0123456789abcdef.js'; init('/dsw-page-0123456789abcdef_bg.wasm')</script>
      <link rel="modulepreload" href="/dsw-page-0123456789abcdef.js" integrity="${integrity(file('whole script'))}">
      <link rel="preload" href="/dsw-page-0123456789abcdef_bg.wasm" integrity="${integrity(file('whole program'))}">`),
  ],
]);
const LOADER = `import { initSync } from "./dsw-page.js";
const chunk = () => fetch(new URL("./chunk_3.wasm", import.meta.url));
export const __wasm_split_load_later = () => fetch(new URL("./split_later.wasm", import.meta.url));
export const __wasm_split_load_more = () => fetch(new URL("./split_more.wasm", import.meta.url));
`;
const halves = new Map([
  [
    'dsw-page.js',
    file(`import * as import1 from "./__wasm_split.js"
import * as import2 from "./__wasm_split.js"
export class Stream {}
export function initSync() { return [import1, import2]; }
async function __wbg_init() {}
export { initSync, __wbg_init as default };
`),
  ],
  ['dsw-page_bg.wasm', file('first part')],
  ['split_later.wasm', file('later part')],
  ['split_more.wasm', file('more')],
  ['chunk_3.wasm', file('shared')],
  ['__wasm_split.js', file(LOADER)],
]);

const BEGIN = "globalThis.trustedTypes?.createPolicy('default', {});";

test('the page loads the first part, and its script the later ones', () => {
  const files = split(page, halves, BEGIN);
  const names = [...files.keys()].sort();
  const [script] = names.filter((name) => name.endsWith('.js'));
  const [first] = names.filter((name) => name.endsWith('_bg.wasm'));
  const [table] = names.filter((name) => name.endsWith('.json'));
  const later = names.filter((name) => name.endsWith('.wasm') && name !== first);
  assert.equal(names.length, 7);
  assert.match(first, /^dsw-page-[0-9a-f]{16}_bg\.wasm$/);
  assert.equal(files.get(first).toString(), 'first part');
  const contents = later.map((name) => [name.replace(/-[0-9a-f]{16}/, ''), files.get(name).toString()]);
  assert.deepEqual(contents, [
    ['dsw-page-chunk_3.wasm', 'shared'],
    ['dsw-page-later.wasm', 'later part'],
    ['dsw-page-more.wasm', 'more'],
  ]);
  const html = files.get('index.html').toString();
  for (const name of [script, first]) {
    assert.ok(html.includes(`"/${name}" integrity="${integrity(files.get(name))}"`), html);
  }
  assert.doesNotMatch(html, /0123456789abcdef/);
  const code = files.get(script).toString();
  // The policy comes first, the start last, and what is fetched between is vouched for.
  assert.ok(code.startsWith(BEGIN), code);
  const vouched = (name) => `{ integrity: "${integrity(files.get(name))}" }`;
  assert.ok(code.includes(`fetch("/${table}", ${vouched(table)})`), code);
  assert.ok(code.includes(`await __wbg_init({ module_or_path: fetch("/${first}", ${vouched(first)}) });`), code);
  const parts = JSON.parse(files.get(table).toString());
  for (const [number, part] of ['chunk_3', 'split_later', 'split_more'].entries()) {
    assert.deepEqual(parts[part], [`/${later[number]}`, integrity(files.get(later[number]))]);
    assert.ok(code.includes(`=> part("${part}")`), code);
    // What it is called now nobody needs to know before the page can be used.
    assert.ok(!code.includes(later[number]), code);
  }
  const loads = '{ __wasm_split_load_later, __wasm_split_load_more }';
  assert.ok(code.includes(`const import1 = ${loads}, import2 = ${loads};`), code);
  // It is one module, which imports and exports nothing, and no script stands in the page itself.
  assert.doesNotMatch(code, /^(import|export) /m);
  assert.equal(html.match(/<script/g).length, 1);
  assert.doesNotMatch(html, /modulepreload|import /);
  assert.deepEqual([...loadedFirst(files)].sort(), [script, first, 'index.html'].sort());
});

test('a part that nobody fetches is refused', () => {
  const other = new Map(halves).set('split_other.wasm', file('other'));
  assert.throws(() => split(page, other, BEGIN), /a part that the page does not know/);
  const less = new Map(halves);
  less.delete('split_more.wasm');
  assert.throws(() => split(page, less, BEGIN), /the loader fetches chunk_3,split_later,split_more/);
});

test('a loader that is not as expected is refused', () => {
  const other = new Map(halves).set('__wasm_split.js', file('export const load = 1;'));
  assert.throws(() => split(page, other, BEGIN), /the import of the program: expected once, found 0 times/);
});
