// Finishes the built page: `node page.mjs <dist> <folder of npm packages> <folder of the program's halves> <folder of assets>`
// puts the halves in the place of the program, minifies the scripts (the minifier inside Trunk does not know all of
// JavaScript), makes the service worker that keeps a copy of all of it, writes a brotli and a gzip copy beside each text and WebAssembly file, and prints a report with one
// tab-separated fact a line:
//
//   script  <source expression of an inline script, for the Content-Security-Policy>
//   file    <name>  <bytes>  <bytes after brotli>  <first | later>
//
// "first" files are what a browser loads before the page can be used: index.html, what it names,
// and what those name in turn, but for the later half of the program, which is fetched when the form is there. Node
// does this because it brings brotli and SHA-256 along.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { IS_LATER, integrity, split } from './split.mjs';
import { worker } from './worker.mjs';

const COMPRESSIBLE = /\.(css|html|js|json|mjs|svg|tsv|txt|wasm|webmanifest)$/;
/** What nothing waits for, though it is named: the later half of the program, and what a page is installed by. */
const NOT_FIRST = new RegExp(`${IS_LATER.source}|\\.webmanifest$`);
const TEXT = /\.(css|html|js|mjs)$/;

/** Source expressions that allow exactly the inline scripts of this HTML to run. */
export function inlineScripts(html) {
  return [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi)]
    .filter(([, attributes]) => !/\ssrc\s*=/i.test(attributes))
    .map(([, , text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
}

/** Names of the files that are loaded first. `files` maps names to buffers. */
export function loadedFirst(files) {
  const first = new Set();
  const waiting = files.has('index.html') ? ['index.html'] : [];
  for (let name; (name = waiting.pop()) !== undefined; ) {
    if (first.has(name)) continue;
    first.add(name);
    if (!TEXT.test(name)) continue;
    const text = files.get(name).toString();
    const isFirst = (other) => !IS_LATER.test(other) && !other.startsWith('assets/');
    waiting.push(...[...files.keys()].filter((other) => isFirst(other) && text.includes(other)));
  }
  return first;
}

export function compressed(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}

/** Minifies each script, and mends what index.html says of its content. `files` maps names to buffers. */
export async function minified(files, minify) {
  const result = new Map(files);
  let html = files.get('index.html')?.toString() ?? '';
  for (const [name, bytes] of files) {
    if (!/\.m?js$/.test(name)) continue;
    const { code } = await minify(bytes.toString(), { module: true, compress: { passes: 2 } });
    result.set(name, Buffer.from(code));
    html = html.replaceAll(integrity(bytes), integrity(code));
  }
  if (files.has('index.html')) result.set('index.html', Buffer.from(html));
  return result;
}

/** Problems with what index.html loads: each script, style and program is to be vouched for, and no script stands in it. */
export function unvouched(html) {
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/gi)].map(([tag]) => tag);
  const loads = tags.filter((tag) => /^<script/i.test(tag) || /\brel="?(?:stylesheet|preload|modulepreload)\b/i.test(tag));
  const styled = [...html.matchAll(/<[a-z][^>]*\sstyle\s*=[^>]*>/gi)].map(([tag]) => tag);
  return [...loads.filter((tag) => !/\bintegrity="?sha256-/.test(tag)), ...styled];
}

/** The files below a folder, by name; compressed copies aside. */
function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
}

async function finish(dist, packages, halves, assets) {
  const { minify } = createRequire(join(packages, 'package.json'))('terser');
  const built = filesOf(dist);
  const asset = (name) => readFileSync(join(assets, name), 'utf8');
  const files = await minified(split(built, filesOf(halves), asset('start.js')), minify);
  const first = loadedFirst(files);
  const { code } = await minify(worker(asset('sw.js'), files), { compress: { passes: 2 } });
  files.set('sw.js', Buffer.from(code));
  for (const name of built.keys()) {
    if (!files.has(name)) rmSync(join(dist, name));
  }
  for (const [name, bytes] of files) {
    if (bytes !== built.get(name)) writeFileSync(join(dist, name), bytes);
  }
  const html = files.get('index.html')?.toString() ?? '';
  const odd = unvouched(html);
  if (odd.length > 0) throw new Error(`index.html loads without integrity, or has a style: ${odd.join(' ')}`);
  const lines = inlineScripts(html).map((source) => ['script', source]);
  for (const [name, bytes] of files) {
    let small = bytes;
    if (COMPRESSIBLE.test(name)) {
      small = compressed(bytes);
      writeFileSync(join(dist, `${name}.br`), small);
      writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    }
    lines.push(['file', name, bytes.length, small.length, first.has(name) ? 'first' : 'later']);
  }
  for (const line of lines) console.log(line.join('\t'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await finish(...process.argv.slice(2));
