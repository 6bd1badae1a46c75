// Puts the two halves of the program (xtask/src/split.rs) into the page that Trunk made of the whole.
import { createHash } from 'node:crypto';

/** The later half, in the folder that the halves are in. */
const LATER = 'split_later.wasm';

/** What a file of the later half is called in the page; such a file is not loaded first, whoever names it. */
export const IS_LATER = /-later-[0-9a-f]{16}\.wasm$/;

export const integrity = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

function one(text, pattern, what) {
  const found = [...text.matchAll(pattern)];
  if (found.length !== 1) throw new Error(`${what}: expected once, found ${found.length} times`);
  return found[0];
}

/** One script of two: what wasm-bindgen wrote, and what loads the later half, which it imports. */
function joined(script, loader, later) {
  const name = one(script, /^import \* as (\w+) from "\.\/__wasm_split\.js";?$/gm, 'the import of the loader');
  one(loader, /^import \{ initSync \} from .*$/gm, 'the import of the program');
  one(loader, /"\.\/split_later\.wasm"/g, 'the address of the later half');
  const exported = [...loader.matchAll(/^export const (\w+) =/gm)].map((found) => found[1]);
  const body = loader
    .replace(/^import .*$/m, '')
    .replaceAll(/^export const /gm, 'const ')
    .replace(`"./${LATER}"`, `"./${later}"`);
  return `${script.replace(name[0], '')}\n${body}\nconst ${name[1]} = { ${exported.join(', ')} };\n`;
}

/**
 * The page with the program in two halves. `files` maps names to buffers, and so does `halves`: the script and the
 * first half from wasm-bindgen, the later half, and what loads it.
 */
export function split(files, halves) {
  const result = new Map(files);
  const names = [...files.keys()];
  const old = (pattern) => one(names.join('\n'), pattern, `a file ${pattern}`)[0];
  const [oldScript, oldProgram] = [old(/^dsw-page-[0-9a-f]+\.js$/gm), old(/^dsw-page-[0-9a-f]+_bg\.wasm$/gm)];
  const [first, last] = [halves.get('dsw-page_bg.wasm'), halves.get(LATER)];
  const later = `dsw-page-later-${digest(last)}.wasm`;
  const texts = ['dsw-page.js', '__wasm_split.js'].map((name) => halves.get(name).toString());
  const script = Buffer.from(joined(...texts, later));
  let html = files.get('index.html').toString();
  const replaced = [
    [oldScript, `dsw-page-${digest(script)}.js`, script],
    [oldProgram, `dsw-page-${digest(first)}_bg.wasm`, first],
  ];
  for (const [oldName, name, bytes] of replaced) {
    html = html.replaceAll(oldName, name).replaceAll(integrity(files.get(oldName)), integrity(bytes));
    result.delete(oldName);
    result.set(name, bytes);
  }
  result.set(later, last);
  result.set('index.html', Buffer.from(html));
  return result;
}
