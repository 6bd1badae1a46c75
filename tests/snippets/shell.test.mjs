import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { FINE, MARKER, REFUSED, SECRETS, expected, given, run, snippet, withUnknown } from './harness.mjs';
import { runScript } from './runners.mjs';

test('F44 F48 F49 aliyun, plain call: exactly the body, secrets from the environment', async (t) => {
  const { code, notes } = await snippet('aliyun', withUnknown(given()));
  assert.ok(!code.includes(MARKER) && !notes.includes(MARKER));
  const { code: exit, args, stderr } = await runScript(t, code, FINE);
  assert.equal(exit, 0, stderr);
  const body = args.pop();
  assert.deepEqual(args, [
    'pai-dsw', 'POST', '/api/v2/instances', '--region', 'cn-hangzhou', '--header', 'Content-Type=application/json', '--body',
  ]);
  assert.deepEqual(JSON.parse(body), withUnknown(expected()));
});

test('F44 a reply without success is a failure, and so is a secret that is not set', async (t) => {
  const { code } = await snippet('aliyun', given());
  assert.notEqual((await runScript(t, code, REFUSED)).code, 0);
  const { DSW_HF_TOKEN: _, ...others } = SECRETS;
  const unset = await runScript(t, code, FINE, others);
  assert.notEqual(unset.code, 0);
  assert.match(unset.stderr, /DSW_HF_TOKEN/);
  assert.equal(unset.args, undefined, 'nothing was called');
});

test('F44 F48 F49 curl: exactly the body, by the gateway, and no secret among the arguments', async (t) => {
  const { code, notes } = await snippet('curl', withUnknown(given()), '--region', 'cn-beijing');
  assert.ok(!code.includes(MARKER) && !notes.includes(MARKER));
  const token = 't'.repeat(43);
  const ran = await runScript(t, code, { state: 'CONFIRMED', instanceId: 'dsw-1' }, { ...SECRETS, DSW_GATEWAY_TOKEN: token });
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(JSON.parse(ran.input), withUnknown(expected()));
  assert.equal(ran.args.at(-1), 'http://127.0.0.1:8080/api/v2/instances?RegionId=cn-beijing');
  assert.ok(ran.args.some((argument) => /^Idempotency-Key: [0-9a-f]{32}$/.test(argument)));
  assert.equal(ran.config, `header = "Authorization: Bearer ${token}"\n`);
  for (const secret of [token, ...Object.values(SECRETS).filter((text) => text.length > 3)]) {
    assert.ok(!ran.args.join('\n').includes(secret));
  }
  assert.notEqual((await runScript(t, code, { state: 'OUTCOME_UNKNOWN' })).code, 0);
});

test('F44 the curl command is taken by a gateway, and a refusal is shown', async (t) => {
  const port = 20_000 + (process.pid % 20_000);
  const gateway = spawn(process.env.DSW_PROGRAM, ['serve', '--port', String(port), '--log-level', 'error'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => gateway.kill());
  await new Promise((ready) => gateway.stdout.once('data', ready));
  const body = { WorkspaceId: '40823', InstanceName: 'from_curl', EcsSpec: 'ecs.c6.large', ImageId: 'image-05cefd0be2exxxx' };
  const { code } = await snippet('curl', body);
  const here = code.replace('http://127.0.0.1:8080', `http://127.0.0.1:${port}`);
  const created = await run('bash', ['-c', here]);
  assert.equal(created.code, 0, created.stdout + created.stderr);
  assert.match(JSON.parse(created.stdout).instanceId, /^dsw-/);
  // The name is in use now: the refusal is shown, and is a failure.
  const refused = await run('bash', ['-c', here]);
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /from_curl|InstanceName|exist/i);
});

test('F44 aliyun, plugin: flags where they can say it', async (t) => {
  const body = {
    WorkspaceId: '40823', InstanceName: "it's", Priority: 1, ImageAuth: MARKER,
    Datasets: [{ DatasetId: 'd-1', MountPath: '/mnt/data', Dynamic: false }],
    UserVpc: { VpcId: 'vpc-1', ExtendedCIDRs: ['10.0.0.0/8'] },
    EnvironmentVariables: { userName: 'Chris' },
  };
  const { code } = await snippet('aliyun-plugin', body);
  const { code: exit, args, stderr } = await runScript(t, code, FINE);
  assert.equal(exit, 0, stderr);
  const vpc = args.splice(args.indexOf('--user-vpc') + 1, 1);
  assert.deepEqual(JSON.parse(vpc), body.UserVpc);
  assert.deepEqual(args, [
    'pai-dsw', 'create-instance', '--region', 'cn-hangzhou', '--workspace-id', '40823', '--instance-name', "it's",
    '--priority', '1', '--image-auth', SECRETS.DSW_IMAGE_AUTH,
    '--datasets', 'DatasetId=d-1', 'MountPath=/mnt/data', 'Dynamic=false', '--user-vpc', '--environment-variables', 'userName=Chris',
  ]);
});
