// Makes the service worker (assets/sw.js) of one built page.
import { createHash } from 'node:crypto';
import { integrity } from './split.mjs';

/** What the place says where the page lies, and what no copy of the page is made of. */
const NOT_COPIED = /^(config|policy)\.json$/;

function replaced(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`assets/sw.js: expected once: ${from}`);
  return text.replace(from, () => to);
}

/** The service worker for these files. `files` maps names to buffers; its version changes with any of them. */
export function worker(template, files) {
  const names = [...files.keys()].filter((name) => !NOT_COPIED.test(name)).sort();
  const list = JSON.stringify(Object.fromEntries(names.map((name) => [name, integrity(files.get(name))])));
  const version = createHash('sha256').update(list).digest('hex').slice(0, 16);
  return replaced(replaced(template, 'const FILES = {};', `const FILES = ${list};`), "const VERSION = '';", `const VERSION = '${version}';`);
}
