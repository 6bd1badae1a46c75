import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { CREDENTIALS, FINE, MARKER, REFUSED, SECRETS, expected, folder, given, own, run, service, snippet, withUnknown } from './harness.mjs';
import { classes } from './model.mjs';

/** Compiles code in a folder beside the packages. */
async function compile(t, code, more = {}) {
  const files = { 'code.ts': code, ...more };
  // By its place it would be a module of the packages' kind.
  const path = folder(t, { 'package.json': '{"type":"commonjs"}', ...files }, join(own, 'node_modules'));
  const compiler = join(own, 'node_modules/typescript/bin/tsc');
  const { stdout, code: exit } = await run(process.execPath, [
    compiler, '--strict', '--noUnusedLocals', '--skipLibCheck', '--target', 'es2022', '--module', 'commonjs', '--esModuleInterop',
    '--outDir', join(path, 'out'), ...Object.keys(files).map((name) => join(path, name)),
  ], { cwd: own });
  assert.deepEqual([exit, stdout], [0, '']);
  return join(path, 'out/code.js');
}

async function send(t, code, reply) {
  const script = await compile(t, code);
  const { received, host } = await service(t, reply);
  const env = { ...CREDENTIALS, ...SECRETS, DSW_TEST_HOST: host };
  const ended = await run(process.execPath, ['--require', join(own, 'local.cjs'), script], { env });
  return { ...ended, received };
}

test('F45 F48 F49 TypeScript, generic: compiled with --strict, the SDK sends exactly the body', async (t) => {
  const { code, notes } = await snippet('typescript', withUnknown(given()));
  assert.ok(!code.includes(MARKER) && !notes.includes(MARKER));
  const { code: exit, stdout, stderr, received } = await send(t, code, FINE);
  assert.equal(exit, 0, stderr);
  assert.equal(stdout, 'dsw-730xxxxxxxxx\n');
  assert.equal(received.length, 1);
  assert.deepEqual(received[0].body, withUnknown(expected()));
});

test('F45 TypeScript: no success is a failure, and nothing is sent twice', async (t) => {
  const { code } = await snippet('typescript', { InstanceName: 'a' });
  const { code: exit, stderr, received } = await send(t, code, REFUSED);
  assert.equal(exit, 1);
  assert.match(stderr, /Odd: refused/);
  assert.equal(received.length, 1);
});

test('F45 TypeScript, typed: compiled with --strict against stand-ins for the classes', async (t) => {
  const { code, notes } = await snippet('typescript', given(), '--typed');
  assert.ok(!code.includes(MARKER));
  assert.match(notes, /Not tried/);
  const names = Object.keys(classes());
  const model = (name) => `  export class ${name} { constructor(map?: { [key: string]: unknown }); private readonly of${name}: 1; }`;
  const stand = `declare module '@alicloud/pai-dsw20220101' {
${names.map(model).join('\n')}
  interface Reply { success?: boolean; code?: string; message?: string; instanceId?: string }
  export default class Client {
    constructor(config: unknown);
    createInstanceWithOptions(request: CreateInstanceRequest, headers: object, runtime: unknown): Promise<{ body?: Reply }>;
  }
}
`;
  await compile(t, code, { 'stand.d.ts': stand });
});
