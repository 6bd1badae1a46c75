// Runs every `*.test.mjs` of a folder (this one unless another is named) with Node's own runner.
//
//   cargo xtask test --only e2e              builds the page, serves it and runs this
//   DSW_URL=http://… node run.mjs            runs against a page that is already served
//   DSW_ONLY=import DSW_URL=http://… node …  runs only files whose name contains the word
//
// `cargo xtask test` also sets, for tests that need more than a page:
//
//   DSW_URL        a gateway with a fresh sandbox, shared by all tests
//   DSW_PLAIN_URL  the same page from plain files: no gateway
//   DSW_PROGRAM    the program, for tests that start a gateway of their own
//   DSW_PAGE       the folder of the page, for its option --page
//
// Ends with a line as cargo's runner prints it, which is what `cargo xtask test` adds up.
import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('.', import.meta.url));
const folder = resolve(process.argv[2] ?? own);
const only = process.env.DSW_ONLY ?? '';
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs') && name.includes(only))
  .sort()
  .map((name) => resolve(folder, name));

if (resolve(own) === folder && !process.env.DSW_URL) {
  console.error('DSW_URL does not say where the page is: use `cargo xtask test --only e2e`.');
  process.exit(1);
}
if (files.length === 0) {
  console.error(`${folder} holds no test.`);
  process.exit(1);
}

// A file that crashes is reported like a test of its own; a suite is not, its tests are.
const leaf = ({ details }) => details?.type !== 'suite';

/** Runs files, one after another: two browsers at once make tests unsteady on a small machine. Returns what became of each. */
function go(some) {
  const counts = new Map(some.map((file) => [file, { passed: 0, failed: 0 }]));
  const count = (event, what) => {
    const file = resolve(event.file ?? '');
    if (!counts.has(file)) counts.set(file, { passed: 0, failed: 0 });
    counts.get(file)[what] += 1;
  };
  const stream = run({ files: some, concurrency: 1, timeout: 600_000 })
    .on('test:pass', (event) => leaf(event) && event.skip === undefined && count(event, 'passed'))
    // A test marked as still to be done may fail.
    .on('test:fail', (event) => leaf(event) && event.todo === undefined && count(event, 'failed'));
  stream.compose(new spec()).pipe(process.stdout, { end: false });
  return new Promise((done) => {
    // The reporter ends a moment after its source.
    stream.on('end', () => setImmediate(() => done(counts)));
  });
}

const counts = await go(files);
const failing = [...counts].filter(([, { failed }]) => failed > 0).map(([file]) => file);
// On a machine that others use too a browser may answer too late. What is really broken fails again.
if (failing.length > 0 && failing.every((file) => files.includes(file))) {
  console.log(`\nOnce more, since something failed: ${failing.map((file) => basename(file)).join(', ')}`);
  for (const [file, count] of await go(failing)) counts.set(file, count);
}
const sum = (what) => [...counts.values()].reduce((all, count) => all + count[what], 0);
const [passed, failed] = [sum('passed'), sum('failed')];
const verdict = failed === 0 ? 'ok' : 'FAILED';
console.log(`\ntest result: ${verdict}. ${passed} passed; ${failed} failed;`);
process.exitCode = failed === 0 ? 0 : 1;
