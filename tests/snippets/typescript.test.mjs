import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINE, MARKER, REFUSED, expected, given, snippet, withUnknown } from './harness.mjs';
import { classes } from './model.mjs';
import { compile, runTypeScript } from './runners.mjs';

test('F45 F48 F49 TypeScript, generic: compiled with --strict, the SDK sends exactly the body', async (t) => {
  const { code, notes } = await snippet('typescript', withUnknown(given()));
  assert.ok(!code.includes(MARKER) && !notes.includes(MARKER));
  const { code: exit, stdout, stderr, received } = await runTypeScript(t, code, FINE);
  assert.equal(exit, 0, stderr);
  assert.equal(stdout, 'dsw-730xxxxxxxxx\n');
  assert.equal(received.length, 1);
  assert.deepEqual(received[0].body, withUnknown(expected()));
});

test('F45 TypeScript: no success is a failure, and nothing is sent twice', async (t) => {
  const { code } = await snippet('typescript', { InstanceName: 'a' });
  const { code: exit, stderr, received } = await runTypeScript(t, code, REFUSED);
  assert.equal(exit, 1);
  assert.match(stderr, /Odd: refused/);
  assert.equal(received.length, 1);
});

test('F45 TypeScript, typed: compiled with --strict against stand-ins for the classes', async (t) => {
  const { code, notes } = await snippet('typescript', withUnknown(given()), '--typed');
  assert.match(code, /^\s*\/\/ Left out of the request: /m);
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
