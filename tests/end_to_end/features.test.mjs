// Every feature is shown by tests that exist: `docs/features.md` names them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

/** The rows of the tables: id, words, what shows it. `N` stands for what no peer has. */
const rows = [...read('docs/features.md').matchAll(/^\| ([FN]\d+) \| ([^|]+) \| ([^|]+) \|$/gm)];

test('every feature has its row, and every row a test or a word that there is none', () => {
  // Each once; those of importing other things than requests, of code, and of sharing are not built yet.
  const ids = rows.map(([, id]) => id);
  assert.deepEqual(ids, [...new Set(ids)]);
  assert.ok(ids.length >= 44, `${ids.length} features`);
  for (const [, id, words, shown] of rows) {
    assert.match(words, /\S/, id);
    assert.match(shown, /`[^`]+::[^`]+`|^Not yet: /, id);
  }
});

test('every test that the table of features names is there', () => {
  let count = 0;
  for (const [, id, , shown] of rows) {
    for (const [, path, name] of shown.matchAll(/`([^`]+?)::([^`]+)`/g)) {
      const text = read(path);
      const there = path.endsWith('.rs') ? isRustTest(text, name) : isNodeTest(text, name);
      assert.ok(there, `${id}: ${path} has no test "${name}"`);
      count += 1;
    }
  }
  assert.ok(count > rows.length, `${count} tests are named`);
});

/** Whether Rust code has a test of this name: the attribute stands right before it, or others between. */
function isRustTest(text, name) {
  return new RegExp(`#\\[(wasm_bindgen_)?test\\]\\s+(#\\[[^\\n]*\\]\\s+)*(async )?fn ${name}\\(`).test(text);
}

/** Whether a test file has a test of this name, as it is written there. */
function isNodeTest(text, name) {
  return [`test('${name}'`, `test(\`${name}\``].some((begin) => text.includes(begin));
}
