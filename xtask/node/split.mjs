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

/** An address that a browser fetches only if its content is this. */
const vouched = (address, bytes) => `fetch(${address}, { integrity: "${integrity(bytes)}" })`;

/**
 * One module of four: what begins the page (assets/start.js), what wasm-bindgen wrote, what loads the later half, which
 * it imports, and the call that starts the program. Nobody imports it, so it exports nothing.
 */
function joined({ begin, script, loader }, { first, later }) {
  const name = one(script, /^import \* as (\w+) from "\.\/__wasm_split\.js";?$/gm, 'the import of the loader');
  const [exported, start] = one(script, /^export \{.*\b(\w+) as default\b.*\};?$/gm, 'the export of the start');
  one(loader, /^import \{ initSync \} from .*$/gm, 'the import of the program');
  const load = one(loader, /fetch\((new URL\("\.\/)split_later\.wasm(", import\.meta\.url\))\)/g, 'the later half');
  const loads = [...loader.matchAll(/^export const (\w+) =/gm)].map((found) => found[1]);
  const body = loader
    .replace(/^import .*$/m, '')
    .replaceAll(/^export const /gm, 'const ')
    .replace(load[0], vouched(`${load[1]}${later.name}${load[2]}`, later.bytes));
  const program = script
    .replace(name[0], '')
    .replace(exported, '')
    .replaceAll(/^export (?=(async )?(class|const|function) )/gm, '');
  return `${begin}
${program}
${body}
const ${name[1]} = { ${loads.join(', ')} };
await ${start}({ module_or_path: ${vouched(`"/${first.name}"`, first.bytes)} });
`;
}

/**
 * The page with the program in two halves. `files` maps names to buffers, and so does `halves`: the script and the
 * first half from wasm-bindgen, the later half, and what loads it. `begin` is the text of assets/start.js.
 */
export function split(files, halves, begin) {
  const result = new Map(files);
  const names = [...files.keys()];
  const old = (pattern) => one(names.join('\n'), pattern, `a file ${pattern}`)[0];
  const [oldScript, oldProgram] = [old(/^dsw-page-[0-9a-f]+\.js$/gm), old(/^dsw-page-[0-9a-f]+_bg\.wasm$/gm)];
  const half = (name, prefix, ending) => {
    const bytes = halves.get(name);
    return { name: `${prefix}${digest(bytes)}${ending}`, bytes };
  };
  const later = half(LATER, 'dsw-page-later-', '.wasm');
  const first = half('dsw-page_bg.wasm', 'dsw-page-', '_bg.wasm');
  const [script, loader] = ['dsw-page.js', '__wasm_split.js'].map((name) => halves.get(name).toString());
  const module = Buffer.from(joined({ begin, script, loader }, { first, later }));
  const moduleName = `dsw-page-${digest(module)}.js`;
  let html = files.get('index.html').toString();
  // Trunk starts the program by a script in the page, and announces both files. The module is loaded by its tag, so
  // that the browser checks it; only the program needs to be announced.
  const announced = one(html, /<link\b[^>]*\brel="?modulepreload\b[^>]*>/g, 'the announcement of the script');
  const starting = one(html, /<script\b[^>]*\btype="?module\b[^>]*>(?:(?!<\/script)[\s\S])*<\/script\s*>/g, 'the script that starts');
  const tag = `<script type="module" crossorigin src="/${moduleName}" integrity="${integrity(module)}"></script>`;
  html = html.replace(announced[0], '').replace(starting[0], tag);
  html = html.replaceAll(oldProgram, first.name).replaceAll(integrity(files.get(oldProgram)), integrity(first.bytes));
  for (const name of [oldScript, oldProgram]) result.delete(name);
  for (const { name, bytes } of [first, later, { name: moduleName, bytes: module }]) result.set(name, bytes);
  result.set('index.html', Buffer.from(html));
  return result;
}
