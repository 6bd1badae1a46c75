// Runs code against what stands in for the service: its own tools, and the vendor's SDKs.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CREDENTIALS, SECRETS, folder, own, read, run, service } from './harness.mjs';

/** Stands in for a program: keeps its arguments and what it reads, and answers. */
const standIn = (reply) => `#!/usr/bin/env bash
printf '%s\\0' "$@" > "$DSW_TEST/arguments"
for argument in "$@"; do case $argument in /dev/fd/*|/proc/*) cat "$argument" > "$DSW_TEST/config";; esac; done
if [ "\${0##*/}" = curl ]; then cat > "$DSW_TEST/input"; fi
printf '%s\\n' '${JSON.stringify(reply)}'
`;

/** Runs a script with stand-ins for curl and the aliyun CLI, and tells what they were given. */
export async function runScript(t, code, reply, env = SECRETS) {
  const path = folder(t, { 'script.sh': code, aliyun: standIn(reply), curl: standIn(reply) });
  const syntax = await run('bash', ['-n', join(path, 'script.sh')]);
  assert.deepEqual([syntax.code, syntax.stderr], [0, ''], 'bash -n');
  const ended = await run('bash', [join(path, 'script.sh')], {
    env: { ...env, DSW_TEST: path, PATH: `${path}:${process.env.PATH}` },
  });
  const file = (name) => {
    try { return read(join(path, name)); } catch { return null; }
  };
  return { ...ended, args: file('arguments')?.split('\0').slice(0, -1), input: file('input'), config: file('config') };
}

// Leads the SDK to this machine; the code itself is run as it is.
const LOCAL = `
import os, runpy, sys
from alibabacloud_tea_openapi.client import Client

begin = Client.__init__

def local(self, config):
    assert config.endpoint == "pai-dsw.cn-hangzhou.aliyuncs.com", config.endpoint
    config.endpoint, config.protocol = os.environ["DSW_TEST_HOST"], "HTTP"
    begin(self, config)

Client.__init__ = local
runpy.run_path(sys.argv[1], run_name="__main__")
`;

/** Runs a Python program with the SDK, and tells what the service received. */
export async function runPython(t, code, reply, env = SECRETS) {
  const { received, host } = await service(t, reply);
  const path = folder(t, { 'code.py': code, 'local.py': LOCAL });
  const ended = await run(process.env.DSW_PYTHON, [join(path, 'local.py'), join(path, 'code.py')], {
    env: { ...CREDENTIALS, ...env, DSW_TEST_HOST: host },
  });
  return { ...ended, received };
}

/** Compiles code in a folder beside the packages. */
export async function compile(t, code, more = {}) {
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

/** Runs a TypeScript program with the SDK, and tells what the service received. */
export async function runTypeScript(t, code, reply, secrets = SECRETS) {
  const script = await compile(t, code);
  const { received, host } = await service(t, reply);
  const env = { ...CREDENTIALS, ...secrets, DSW_TEST_HOST: host };
  const ended = await run(process.execPath, ['--require', join(own, 'local.cjs'), script], { env });
  return { ...ended, received };
}

