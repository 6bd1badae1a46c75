// Runs every `*.test.mjs` of a folder (this one unless another is named) with Node's own runner.
//
//   cargo xtask test --only e2e              builds the page, serves it and runs this
//   DSW_URL=http://… node run.mjs            runs against a page that is already served
//   DSW_ONLY=import DSW_URL=http://… node …  runs only files whose name contains the word
//   DSW_SLOW=6 cargo xtask test --only e2e   slows the page down: a test that looks before the page has answered fails
//                                            here, and not on the day when the machine is busy
//
// `cargo xtask test` also sets, for tests that need more than a page:
//
//   DSW_URL        a gateway with a fresh sandbox, shared by all tests
//   DSW_PLAIN_URL  the same page from plain files: no gateway
//   DSW_PROGRAM    the program, for tests that start a gateway of their own
//   DSW_PAGE       the folder of the page, for its option --page
//   DSW_PYTHON     a Python that has the vendor's SDK, for tests that run what they copy
//
// Ends with a line as cargo's runner prints it, which is what `cargo xtask test` adds up.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('.', import.meta.url));
const folder = resolve(process.argv[2] ?? own);
const only = process.env.DSW_ONLY ?? '';
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs') && name.includes(only))
  .sort()
  .map((name) => join(folder, name));

if (resolve(own) === folder && !process.env.DSW_URL) {
  console.error('DSW_URL does not say where the page is: use `cargo xtask test --only e2e`.');
  process.exit(1);
}
if (files.length === 0) {
  console.error(`${folder} holds no test.`);
  process.exit(1);
}

let passed = 0;
let failed = 0;
// A file that crashes is reported like a test of its own; a suite is not, its tests are.
const leaf = ({ details }) => details?.type !== 'suite';
// One file after another: two browsers at once make tests unsteady on a small machine.
const stream = run({ files, concurrency: 1, timeout: 600_000 })
  .on('test:pass', (event) => leaf(event) && event.skip === undefined && (passed += 1))
  // A test marked as still to be done may fail.
  .on('test:fail', (event) => leaf(event) && event.todo === undefined && (failed += 1));
stream.compose(new spec()).pipe(process.stdout, { end: false });
stream.on('end', () => {
  // The reporter ends a moment after its source.
  setImmediate(() => {
    const verdict = failed === 0 ? 'ok' : 'FAILED';
    console.log(`\ntest result: ${verdict}. ${passed} passed; ${failed} failed;`);
    process.exitCode = failed === 0 ? 0 : 1;
  });
});
