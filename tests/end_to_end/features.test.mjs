// Every feature is shown by tests that exist: `docs/features.md` names them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

/** The features that there are to show, in the order of the tables. */
const FEATURES = `
  F02 F03 F04 F05 F06 F07 F08 F09 F10 F11 F12 F13 F14 F15 F16 F17
  F18 F19 F20 F21 F22 F23 F24 F25 F26 F27 F28 F29 F30 F31 F32 N10
  F33 F34 F35 F36 F39 F40 F37 F38 F41 F42 F43 F44 F45 F46
  F47 F48 F49 F53 F50 F51 F52 F67 F68 F54 F55 F56 F57 F58 F59 F60
  F61 F62 F63 F65 F64 F66 F69
`.trim().split(/\s+/);

/** The rows of the tables: id, words, what shows it. `N` stands for what no peer has. */
const rows = [...read('docs/features.md').matchAll(/^\| ([FN]\d+) \| ([^|]+) \| ([^|]+) \|$/gm)];

test('every feature has its row, and every row a test or a word that there is none', () => {
  assert.deepEqual(rows.map(([, id]) => id), FEATURES);
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
  assert.ok(count > FEATURES.length, `${count} tests are named`);
});

/** Whether Rust code has a test of this name: the attribute stands right before it, or others between. */
function isRustTest(text, name) {
  return new RegExp(`#\\[(wasm_bindgen_)?test\\]\\s+(#\\[[^\\n]*\\]\\s+)*(async )?fn ${name}\\(`).test(text);
}

/** Whether a test file has a test of this name, as it is written there. */
function isNodeTest(text, name) {
  return [`test('${name}'`, `test(\`${name}\``].some((begin) => text.includes(begin));
}
