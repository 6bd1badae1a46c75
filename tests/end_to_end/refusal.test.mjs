// Error replies of the service that are pasted: at the field they speak of, with code, request id and the reply.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open as openAt } from './browser.mjs';
import { assertAlive, byId, control, eventually, hasFocus, load, open, paste, previewText, says } from './fixtures/form.mjs';

const REQUEST = { WorkspaceId: '40823', InstanceName: 'train_1', Datasets: [
  { DatasetId: 'd-111', MountPath: '/mnt/a' }, { DatasetId: 'd-222', MountPath: '/mnt/b' },
] };
const reply = (message, code = 'ValidationError') =>
  JSON.stringify({ RequestId: '7C21-88F0', Success: false, Code: code, Message: message, HttpStatusCode: 400 });
const said = (page, name) => page.getByTestId(`error-${name}`).textContent();

test('F31 a reply that is pasted marks its field, leads there, and goes when that is edited', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, REQUEST);
  await paste(page, reply('The instance name already exists.'));
  await hasFocus(page, 'InstanceName');
  await says(page, /^An error reply, read/);
  assert.match(await said(page, 'InstanceName'), /Refused: The instance name already exists\./);
  assert.equal(await control(page, 'InstanceName').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByTestId('import-json').inputValue(), '');
  assert.deepEqual(JSON.parse(await previewText(page)), REQUEST, 'a reply is no request');
  const panel = page.locator('#refused');
  const text = await panel.textContent();
  for (const words of ['ValidationError, HTTP 400', '7C21-88F0', 'Change what the message speaks of']) assert.ok(text.includes(words), words);
  assert.equal(await panel.locator('pre').isVisible(), false);
  await panel.locator('summary').click();
  assert.equal(await panel.locator('pre').textContent(), reply('The instance name already exists.'));
  await panel.getByRole('button', { name: 'Copy the request id' }).click();
  await says(page, /^Copied the request id/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '7C21-88F0');
  const rail = page.locator('.rail-link', { hasText: 'Basics' });
  const lines = page.locator('.code-line[data-tone=error]');
  assert.match(await rail.textContent(), /1 error/, 'both ends say it');
  assert.match(await lines.textContent(), /InstanceName/);
  await control(page, 'InstanceName').fill('train_9');
  await eventually(async () => assert.equal(await said(page, 'InstanceName'), ''));
  await eventually(async () => assert.doesNotMatch(await rail.textContent(), /error/));
  await eventually(async () => assert.equal(await lines.count(), 0));
  // What was refused is no more, and nothing offers a name that is no longer asked for.
  assert.match(await panel.textContent(), /^Changed since the service refused it/);
  assert.equal(await panel.getByRole('button').count(), 1);
  await panel.getByRole('button', { name: 'Dismiss' }).click();
  await eventually(async () => assert.equal(await panel.count(), 0));
  await assertAlive(page, errors);
});

test('F31 the field may be in a folded row; a name in use is changed by one click', async (t) => {
  const { page, errors } = await open(t);
  await load(page, REQUEST);
  await paste(page, reply('Dataset d-222 does not exist'));
  await hasFocus(page, 'Datasets[1].DatasetId');
  assert.match(await said(page, 'Datasets[1].DatasetId'), /Refused: Dataset d-222/);
  await paste(page, reply('Duplicate name'));
  await page.getByTestId('error-InstanceName').getByRole('button', { name: 'Use train_2' }).click();
  assert.equal(await control(page, 'InstanceName').inputValue(), 'train_2');
  await eventually(async () => assert.equal(await said(page, 'InstanceName'), ''));
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.match(await said(page, 'InstanceName'), /Refused/));
  await assertAlive(page, errors);
});

test('F31 replies of every shape are read, also from a file', async (t) => {
  const { page, errors } = await open(t);
  for (const [text, words] of [
    ['{"requestId":"a1","code":"Forbidden.RAM","message":"no","accessDeniedDetail":{"AuthAction":"paidsw:CreateInstance"}}', /A right is missing.*Access denied detail/],
    ['{"RequestId":"a1","HostId":"h","Code":"Throttling.User","Message":"slow","Recommend":"x"}', /Too many calls/],
    ['<Error><RequestId>a1</RequestId><Code>InternalError</Code><Message>oops</Message></Error>', /may have created the instance/],
    ['ERROR: SDK.ServerError\nErrorCode: InvalidAccessKeyId.NotFound\nRequestId: a1\nMessage: no key', /access key of the gateway/],
  ]) {
    await paste(page, text);
    await eventually(async () => assert.match(await page.locator('#refused').textContent(), words));
    await hasFocus(page, 'refused');
    assert.ok((await page.locator('#refused').textContent()).includes('a1'));
  }
  await page.locator('.output [name=import-file]').setInputFiles({ name: 'r.json', mimeType: 'application/json', buffer: Buffer.from(reply('WorkspaceId is unknown')) });
  await hasFocus(page, 'WorkspaceId');
  await assertAlive(page, errors);
});

test('S17 what a reply says is text', async (t) => {
  const { page, errors } = await open(t);
  const evil = '<img src=x onerror=alert(1)> \u202egnp.exe "InstanceName"';
  await paste(page, reply(evil, '<b>"&'));
  await hasFocus(page, 'InstanceName');
  assert.match(await said(page, 'InstanceName'), /<img src=x onerror=alert\(1\)> ⟨U\+202E⟩gnp/);
  await eventually(async () => assert.equal(await page.locator('#refused img, #refused b b').count(), 0));
  const about = await page.getByRole('link', { name: 'About this code' }).getAttribute('href');
  assert.equal(about, 'https://api.aliyun.com/troubleshoot?q=%3Cb%3E%22%26&requestId=7C21-88F0');
  await assertAlive(page, errors);
});

test('F31 a reply that is pasted at the start leads to the form, where it is told', async (t) => {
  const { page, errors } = await openAt(t, '/#start');
  await page.getByTestId('start-json').fill(reply('Nothing that is known'));
  await hasFocus(page, 'refused');
  await eventually(async () => assert.match(await page.locator('#refused').innerText(), /Nothing that is known/));
  assert.doesNotMatch(page.url(), /#start/);
  await assertAlive(page, errors);
});

test('F31 F65 each code says what it means and what to do, in both languages', async (t) => {
  for (const [locale, cases] of [
    ['en-US', [
      ['Forbidden.RAM', /no RAM policy of the caller allows this\..*Ask your administrator/],
      ['SignatureNonceUsed', /came twice.*look for the instance/],
      ['Throttling.Api', /Too many calls of this operation.*Wait a minute/],
      ['Never.Heard', /This code is not in our list/],
    ]],
    ['zh-CN', [
      ['Forbidden.RAM', /没有允许此操作的 RAM 权限策略。.*让管理员/],
      ['InvalidAction.NotFound', /服务没有此操作。.*CreateInstance/],
      ['Never.Heard', /此错误码不在列表中/],
    ]],
  ]) {
    const { page, errors } = await open(t, { locale });
    for (const [code, words] of cases) {
      await paste(page, JSON.stringify({ RequestId: 'r-1', Code: code, Message: 'm' }));
      await eventually(async () => assert.match(await page.locator('#refused').textContent(), words, code));
      const about = page.locator('#refused a[target=_blank]');
      assert.match(await about.getAttribute('href'), new RegExp(`q=${code}`));
    }
    await assertAlive(page, errors);
  }
});
