import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { integrity } from './split.mjs';
import { worker } from './worker.mjs';

const template = readFileSync(new URL('../../assets/sw.js', import.meta.url), 'utf8');
const files = new Map(
  Object.entries({ 'index.html': '<p>', 'a-0123456789abcdef.js': '1', 'assets/zh.tsv': '#', 'config.json': '{}' }),
);
const made = (changed = {}) => {
  const text = worker(template, new Map([...files, ...Object.entries(changed)]));
  return [JSON.parse(/^const FILES = (.*);$/m.exec(text)[1]), /^const VERSION = '(.*)';$/m.exec(text)[1]];
};

test('F68 the service worker names each file of the page and what vouches for it, but for its setting up', () => {
  const [list, version] = made();
  const names = ['a-0123456789abcdef.js', 'assets/zh.tsv', 'index.html'];
  assert.deepEqual(list, Object.fromEntries(names.map((name) => [name, integrity(files.get(name))])));
  assert.match(version, /^[0-9a-f]{16}$/);
});

test('F68 its version changes with any file, and with nothing else', () => {
  const [, version] = made();
  assert.equal(made({ 'config.json': '{"gateway":"/"}' })[1], version);
  assert.notEqual(made({ 'assets/zh.tsv': '# 1' })[1], version);
  assert.notEqual(made({ 'new.json': '{}' })[1], version);
});

test('a template without its places is refused', () => {
  assert.throws(() => worker('const FILES = {};', files), /expected once/);
});
