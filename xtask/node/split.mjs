// Puts the parts of the program (xtask/src/split.rs) into the page that Trunk made of the whole.
import { createHash } from 'node:crypto';

/** The parts that are fetched later, in the folder that the parts are in, and what several of them share. */
const PART = /^(?:split_)?(\w+)\.wasm$/;

/** What such a part, and their table, is called in the page; it is not loaded first, whoever names it. */
export const IS_LATER = /^dsw-page-(?:(?:later|more|exchange|policy|chunk_\d+)-[0-9a-f]{16}\.wasm|parts-[0-9a-f]{16}\.json)$/;

export const integrity = (bytes) => `sha256-${createHash('sha256').update(bytes).digest('base64')}`;

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

function one(text, pattern, what) {
  const found = [...text.matchAll(pattern)];
  if (found.length !== 1) throw new Error(`${what}: expected once, found ${found.length} times`);
  return found[0];
}

/**
 * How a later part is fetched: by a table of their addresses and hashes, which nobody needs before the page can be used.
 * It is asked for once the program runs, and again where that has failed.
 */
const fetching = (table) => `let parts;
const table = () => (parts ??= ${vouched(`"/${table.name}"`, table.bytes)}
  .then((answer) => answer.json())
  .catch((error) => { parts = undefined; throw error; }));
const part = async (name) => {
  const [address, integrity] = (await table())[name];
  return fetch(address, { integrity });
};`;

/** An address that a browser fetches only if its content is this. */
const vouched = (address, bytes) => `fetch(${address}, { integrity: "${integrity(bytes)}" })`;

/**
 * One module of four: what begins the page (assets/start.js), what wasm-bindgen wrote, what loads the later parts, which
 * it imports, and the call that starts the program. Nobody imports it, so it exports nothing. `table` has each later part
 * by the name of its file, of which `later` are all.
 */
function joined({ begin, script, loader }, first, table, later) {
  const imports = /^import \* as (\w+) from "\.\/__wasm_split\.js";?$/gm;
  const names = [...script.matchAll(imports)].map((found) => found[1]);
  if (names.length === 0) throw new Error('the import of the loader: found nowhere');
  const [exported, start] = one(script, /^export \{.*\b(\w+) as default\b.*\};?$/gm, 'the export of the start');
  one(loader, /^import \{ initSync \} from .*$/gm, 'the import of the program');
  const loads = [...loader.matchAll(/^export const (\w+) =/gm)].map((found) => found[1]);
  const fetched = /fetch\(new URL\("\.\/(\w+)\.wasm", import\.meta\.url\)\)/g;
  const asked = [...loader.matchAll(fetched)].map((found) => found[1]).sort();
  if (asked.join() !== [...later].sort().join()) throw new Error(`the later parts: the loader fetches ${asked}`);
  const body = loader
    .replace(/^import .*$/m, '')
    .replaceAll(/^export const /gm, 'const ')
    .replace(fetched, 'part("$1")');
  const program = script
    .replaceAll(imports, '')
    .replace(exported, '')
    .replaceAll(/^export (?=(async )?(class|const|function) )/gm, '');
  return `${begin}
${program}
${fetching(table)}
${body}
const ${names.map((name) => `${name} = { ${loads.join(', ')} }`).join(', ')};
await ${start}({ module_or_path: ${vouched(`"/${first.name}"`, first.bytes)} });
// So that the first part to be asked for need not wait for it. Who asks is told if it fails.
table().catch(() => {});
`;
}

/**
 * The page with the program in parts. `files` maps names to buffers, and so does `parts`: the script and the first part
 * from wasm-bindgen, the later parts, and what loads them. `begin` is the text of assets/start.js.
 */
export function split(files, parts, begin) {
  const result = new Map(files);
  const names = [...files.keys()];
  const old = (pattern) => one(names.join('\n'), pattern, `a file ${pattern}`)[0];
  const [oldScript, oldProgram] = [old(/^dsw-page-[0-9a-f]+\.js$/gm), old(/^dsw-page-[0-9a-f]+_bg\.wasm$/gm)];
  const named = (bytes, prefix, ending) => ({ name: `${prefix}${digest(bytes)}${ending}`, bytes });
  const first = named(parts.get('dsw-page_bg.wasm'), 'dsw-page-', '_bg.wasm');
  const later = {};
  const partFiles = [];
  for (const [name, bytes] of parts) {
    const part = name === 'dsw-page_bg.wasm' ? null : PART.exec(name);
    if (!part) continue;
    const file = named(bytes, `dsw-page-${part[1]}-`, '.wasm');
    partFiles.push(file);
    later[name.replace('.wasm', '')] = [`/${file.name}`, integrity(bytes)];
    if (!IS_LATER.test(file.name)) throw new Error(`${name}: a part that the page does not know`);
  }
  const [script, loader] = ['dsw-page.js', '__wasm_split.js'].map((name) => parts.get(name).toString());
  const table = named(Buffer.from(JSON.stringify(later)), 'dsw-page-parts-', '.json');
  const module = Buffer.from(joined({ begin, script, loader }, first, table, Object.keys(later)));
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
  for (const { name, bytes } of [first, table, ...partFiles, { name: moduleName, bytes: module }]) result.set(name, bytes);
  result.set('index.html', Buffer.from(html));
  return result;
}
