// The special controls by keyboard alone: their other modes, what they make and take away, where the focus goes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertAlive,
  byId,
  control,
  eventually,
  focused,
  hasFocus,
  open,
  showsBody,
  tabTo,
} from './fixtures/form.mjs';

test('a quantity and its unit', async (t) => {
  const { page, errors } = await open(t);
  await tabTo(page, '[name="RequestedResource.Memory"]');
  await page.keyboard.type('32');
  await showsBody(page, { RequestedResource: { Memory: '32Gi' } });
  await page.keyboard.press('Tab');
  await hasFocus(page, 'RequestedResource.Memory-unit');
  await page.keyboard.press('ArrowDown');
  await showsBody(page, { RequestedResource: { Memory: '32Mi' } });
  // A text with a unit of its own is taken whole, and the unit shows it.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('1Ti');
  await showsBody(page, { RequestedResource: { Memory: '1Ti' } });
  const unit = control(page, 'RequestedResource.Memory-unit');
  await eventually(async () => assert.equal(await unit.inputValue(), 'Ti'));
  await assertAlive(page, errors);
});

test('the choice between alternatives', async (t) => {
  const { page, errors } = await open(t);
  await tabTo(page, '[name="EcsSpec"]');
  await page.keyboard.type('ecs.c6.large');
  await tabTo(page, '[name="EcsSpec | ResourceId"]', { back: true, most: 3 });
  await page.keyboard.press('ArrowDown');
  await showsBody(page, {});
  await page.getByText('Kept until you switch back, not sent: Machine type').waitFor();
  await tabTo(page, '[name="ResourceId"]', { most: 3 });
  await page.keyboard.type('quota1');
  await showsBody(page, { ResourceId: 'quota1' });
  await tabTo(page, '[name="EcsSpec | ResourceId"]', { back: true, most: 3 });
  await page.keyboard.press('ArrowUp');
  await showsBody(page, { EcsSpec: 'ecs.c6.large' });
  await assertAlive(page, errors);
});

test('a list as text and as rows', async (t) => {
  const { page, errors } = await open(t);
  const as = '[id="UserVpc.ExtendedCIDRs-as"]';
  await tabTo(page, as);
  await page.keyboard.press('Enter');
  await tabTo(page, '[name="UserVpc.ExtendedCIDRs-text"]', { back: true, most: 3 });
  await page.keyboard.type('10.0.0.0/8\n192.168.0.0/16');
  await showsBody(page, { UserVpc: { ExtendedCIDRs: ['10.0.0.0/8', '192.168.0.0/16'] } });
  await tabTo(page, as, { most: 3 });
  await page.keyboard.press('Space');
  await tabTo(page, '[name="UserVpc.ExtendedCIDRs[1]"]', { back: true, most: 8 });
  assert.equal(await control(page, 'UserVpc.ExtendedCIDRs[1]').inputValue(), '192.168.0.0/16');
  await tabTo(page, '[aria-label="Delete range 2"]', { most: 4 });
  await page.keyboard.press('Enter');
  await showsBody(page, { UserVpc: { ExtendedCIDRs: ['10.0.0.0/8'] } });
  await hasFocus(page, 'UserVpc.ExtendedCIDRs[0]');
  await assertAlive(page, errors);
});

test('mount options as rows and as JSON', async (t) => {
  const { page, errors } = await open(t);
  const name = 'Datasets[0].Options';
  const toggle = `[data-for="${name}"] + .line > [data-kind]`;
  const sends = (Options) => showsBody(page, { Datasets: [Options ? { Options } : {}] });
  await tabTo(page, '[id="Datasets-add"]');
  await page.keyboard.press('Enter');
  await hasFocus(page, 'Datasets[0].DatasetId');
  await tabTo(page, `[id="${name}-add"]`);
  await page.keyboard.press('Enter');
  await hasFocus(page, `${name}.0.Name`);
  await page.keyboard.type('a');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1');
  await sends('{"a":"1"}');
  await tabTo(page, toggle, { most: 4 });
  await page.keyboard.press('Enter');
  await tabTo(page, `[name="${name}"]`, { back: true, most: 3 });
  await page.keyboard.press('Control+a');
  await page.keyboard.type('{"b":"2"}');
  await sends('{"b":"2"}');
  await tabTo(page, toggle, { most: 3 });
  await page.keyboard.press('Space');
  await tabTo(page, `[name="${name}.0.Name"]`, { back: true, most: 5 });
  assert.equal(await control(page, `${name}.0.Name`).inputValue(), 'b');
  await tabTo(page, '[aria-label="Delete option 1"]', { most: 3 });
  await page.keyboard.press('Enter');
  await sends('');
  await hasFocus(page, `${name}-add`);
  await assertAlive(page, errors);
});

test('names with commas between them, one by one', async (t) => {
  const { page, errors } = await open(t);
  const name = 'AssignNodeSpec.NodeNames';
  await tabTo(page, `[name="${name}"]`);
  await page.keyboard.type('node-a,node-b,node-c');
  await tabTo(page, '[aria-label="Delete node-b"]', { most: 3 });
  await page.keyboard.press('Enter');
  await showsBody(page, { AssignNodeSpec: { NodeNames: 'node-a,node-c' } });
  await hasFocus(page, `${name}-chip-1`);
  await page.keyboard.press('Space');
  await showsBody(page, { AssignNodeSpec: { NodeNames: 'node-a' } });
  await hasFocus(page, name);
  await assertAlive(page, errors);
});

test('the lines of a .env file', async (t) => {
  const { page, errors } = await open(t);
  const opens = '[aria-controls="EnvironmentVariables-env"]';
  await tabTo(page, opens);
  await page.keyboard.press('Enter');
  assert.equal(await page.locator(opens).getAttribute('aria-expanded'), 'true');
  await tabTo(page, '[name="EnvironmentVariables-env-text"]', { most: 2 });
  await page.keyboard.type('# two\nexport A=1\nB="2 3"');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await showsBody(page, { EnvironmentVariables: { A: '1', B: '2 3' } });
  assert.equal(await page.locator(opens).getAttribute('aria-expanded'), 'false');
  await hasFocus(page, 'EnvironmentVariables-add');
  await assertAlive(page, errors);
});

test('a login from user and password', async (t) => {
  const { page, errors } = await open(t);
  await tabTo(page, '[aria-controls="ImageAuth-login"]');
  await page.keyboard.press('Space');
  await tabTo(page, '[name="ImageAuth-user"]', { most: 2 });
  await page.keyboard.type('user');
  await page.keyboard.press('Tab');
  await page.keyboard.type('password');
  assert.equal(await control(page, 'ImageAuth-password').getAttribute('type'), 'password');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await showsBody(page, { ImageAuth: 'dXNlcjpwYXNzd29yZA==' });
  await hasFocus(page, 'ImageAuth');
  await eventually(async () => assert.equal(await control(page, 'ImageAuth-password').count(), 0));
  await assertAlive(page, errors);
});

test('the Tab key indents a script that one works in, and Escape lets one go', async (t) => {
  const { page, errors } = await open(t);
  const name = 'UserCommand.OnStart.Content';
  const sends = (Content) => showsBody(page, { UserCommand: { OnStart: { Content } } });
  const left = () =>
    eventually(async () => {
      assert.notEqual(await page.evaluate(() => window.document.activeElement.name), name);
    });
  await tabTo(page, `[name="${name}"]`);
  await page.keyboard.press('Tab');
  await left();
  await page.keyboard.press('Shift+Tab');
  await hasFocus(page, name);
  await page.keyboard.type('if x\n');
  await page.keyboard.press('Tab');
  await page.keyboard.type('y');
  await sends('if x\n  y');
  await hasFocus(page, name);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await left();
  await sends('if x\n  y');
  await assertAlive(page, errors);
});

test('a public key is freed of the white space around it', async (t) => {
  const { page, errors } = await open(t);
  const name = 'UserVpc.ForwardInfos[0].SSHPublicKey';
  const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`;
  const sends = (SSHPublicKey) => showsBody(page, { UserVpc: { ForwardInfos: [{ SSHPublicKey }] } });
  await tabTo(page, '[id="UserVpc.ForwardInfos-add"]');
  await page.keyboard.press('Enter');
  await hasFocus(page, 'UserVpc.ForwardInfos[0].Name');
  await tabTo(page, `[name="${name}"]`);
  await page.keyboard.type(`${key}\n`);
  await sends(`${key}\n`);
  await tabTo(page, `[id="${name}-note"] button`, { most: 3 });
  await page.keyboard.press('Enter');
  await sends(key);
  await hasFocus(page, name);
  assert.match(await byId(page, `${name}-note`).textContent(), /^ssh-ed25519/);
  await assertAlive(page, errors);
});

test('any text beside those that are suggested', async (t) => {
  const { page, errors } = await open(t);
  const suggested = await page.locator('[id="RequestedResource.GPUType-list"] option').count();
  assert.ok(suggested > 1, `${suggested} are suggested`);
  await tabTo(page, '[name="RequestedResource.GPUType"]');
  await page.keyboard.type('X900');
  await showsBody(page, { RequestedResource: { GPUType: 'X900' } });
  await assertAlive(page, errors);
});

test('Enter in a field changes nothing and leads nowhere', async (t) => {
  const { page, errors } = await open(t);
  const url = page.url();
  await control(page, 'InstanceName').focus();
  await page.keyboard.type('abc');
  await page.keyboard.press('Enter');
  await byId(page, 'EnvironmentVariables-add').press('Enter');
  await hasFocus(page, 'EnvironmentVariables[0].Key');
  await page.keyboard.type('HF_TOKEN');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('x');
  await page.keyboard.press('Enter');
  await hasFocus(page, 'EnvironmentVariables[0].Value');
  await showsBody(page, { InstanceName: 'abc', EnvironmentVariables: { HF_TOKEN: 'x' } });
  assert.equal(page.url(), url);
  await assertAlive(page, errors);
});

test('the focus goes back where it was when the status line that had it goes', async (t) => {
  const { page, errors } = await open(t);
  await control(page, 'InstanceName').fill('a');
  await page.getByRole('button', { name: 'Clear draft' }).focus();
  await page.keyboard.press('Enter');
  const toast = page.locator('.toast');
  await toast.getByRole('button', { name: 'Undo' }).waitFor();
  await control(page, 'WorkspaceId').focus();
  for (const name of ['Undo', 'Dismiss']) {
    await toast.getByRole('button', { name }).focus();
    await page.keyboard.press('Enter');
    await hasFocus(page, 'WorkspaceId');
  }
  assert.equal(await control(page, 'InstanceName').inputValue(), 'a');
  await eventually(async () => assert.equal(await toast.count(), 0));
  await assertAlive(page, errors);
});
