import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINE, MARKER, REFUSED, expected, given, snippet, withUnknown } from './harness.mjs';
import { runPython } from './runners.mjs';

test('F45 F48 F49 Python, generic: the SDK sends exactly the body', async (t) => {
  const { code, notes } = await snippet('python', withUnknown(given()), '--generic');
  assert.ok(!code.includes(MARKER) && !notes.includes(MARKER));
  const { code: exit, stdout, stderr, received } = await runPython(t, code, FINE);
  assert.equal(exit, 0, stderr);
  assert.equal(stdout, 'dsw-730xxxxxxxxx\n');
  assert.equal(received.length, 1);
  assert.deepEqual([received[0].method, received[0].url], ['POST', '/api/v2/instances']);
  assert.deepEqual(received[0].body, withUnknown(expected()));
});

test('F45 F48 F49 Python, typed: the models know every member, and the notes tell the rest', async (t) => {
  const { code, notes } = await snippet('python', withUnknown(given()), '--typed');
  assert.ok(!code.includes(MARKER));
  assert.match(notes, /Left out, and carried in a comment: .*\(Unknown\)/);
  const { code: exit, stderr, received } = await runPython(t, code, FINE);
  assert.equal(exit, 0, stderr);
  assert.deepEqual(received[0].body, expected());
});

test('F46 Python, typed: the empty lists that the notes tell are all that is added', async (t) => {
  const body = { UserVpc: { VpcId: 'vpc-1' }, DynamicMount: { Enable: true }, CredentialConfig: { Configs: [{ Key: '0' }] } };
  const { code, notes } = await snippet('python', body, '--typed');
  const told = /empty list.* \((.*)\)/.exec(notes)[1].split(', ');
  assert.deepEqual(told, ['UserVpc.ForwardInfos', 'DynamicMount.MountPoints', 'CredentialConfig.Configs[0].Roles']);
  const { received } = await runPython(t, code, FINE);
  body.UserVpc.ForwardInfos = [];
  body.DynamicMount.MountPoints = [];
  body.CredentialConfig.Configs[0].Roles = [];
  assert.deepEqual(received[0].body, body);
});

test('F45 Python: no success is a failure, and nothing is sent twice', async (t) => {
  for (const form of ['--generic', '--typed']) {
    const { code } = await snippet('python', { InstanceName: 'a' }, form);
    const { code: exit, stderr, received } = await runPython(t, code, REFUSED);
    assert.equal(exit, 1);
    assert.match(stderr, /Odd: refused/);
    assert.equal(received.length, 1);
  }
});
