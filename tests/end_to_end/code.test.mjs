// The request as code: shown, kept current, copied, and run: it sends exactly the body that the page shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FINE, run } from '../snippets/harness.mjs';
import { runPython, runScript, runTypeScript } from '../snippets/runners.mjs';
import { browser, origin } from './browser.mjs';
import {
  alone,
  assertAlive,
  body,
  byId,
  control,
  document,
  eventually,
  hasFocus,
  load,
  open,
  paste,
  says,
  showsBody,
  tabTo,
} from './fixtures/form.mjs';
import { instances } from './fixtures/program.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Stands where secrets belong. */
const MARKER = 'sk-MARKER-0123456789abcdef';

/** All that is hard to write in some language, and a secret of each sort. */
const REQUEST = {
  WorkspaceId: '40823',
  InstanceName: 'from_the_page',
  EcsSpec: 'ecs.c6.large',
  ImageUrl: 'registry.cn-hangzhou.aliyuncs.com/a/b:1',
  ImageAuth: Buffer.from(`user:${MARKER}`).toString('base64'),
  Priority: 1,
  Datasets: [
    { Uri: 'oss://a.oss-cn-hangzhou-internal.aliyuncs.com/p/', MountPath: '/mnt/a', MountAccess: 'RO' },
    { Uri: 'oss://b.oss-cn-hangzhou-internal.aliyuncs.com/p/', MountPath: '/mnt/b', Options: '{"a":"b"}', Dynamic: false },
  ],
  EnvironmentVariables: { userName: 'it\'s "q" `id` $(id) ${HOME} \\n 工作\n\tEOF\nJSON', HF_TOKEN: MARKER },
  UserCommand: { OnStart: { Content: '#!/bin/bash\necho "it\'s $HOME" && true\n' } },
};
const SECRETS = { DSW_IMAGE_AUTH: REQUEST.ImageAuth, DSW_HF_TOKEN: MARKER };

/** Each form: its tab, its name within the tab if there are two, the file, and what only it has. */
const FORMS = [
  ['curl', null, 'create-instance.sh', /curl --config/],
  ['aliyun', 'Plain call', 'create-instance.sh', /aliyun pai-dsw POST/],
  ['aliyun', 'Flags of the plugin', 'create-instance.sh', /aliyun pai-dsw (create-instance|POST)/],
  ['Python', 'Models of the SDK', 'create_instance.py', /dsw\.CreateInstanceRequest\(/],
  ['Python', 'Body as JSON', 'create_instance.py', /OpenApiRequest\(body=body\)/],
  ['TypeScript', 'Body as JSON', 'create-instance.ts', /OpenApiRequest\(\{ body \}\)/],
  ['TypeScript', 'Models of the SDK', 'create-instance.ts', /\$dsw\.CreateInstanceRequest/],
  ['Go', null, 'main.go', /package main/],
  ['Java', null, 'CreateDswInstance.java', /public class CreateDswInstance/],
  ['ROS', null, 'template.json', /ALIYUN::PaiDswApi::Instance/],
  ['Terraform', null, 'main.tf', /resource "terraform_data"/],
];

const tab = (page, name) => page.getByRole('tab', { name, exact: true });
const preview = (page) => page.getByTestId('code-preview');
const tools = (page) => page.locator('.output-tools');

/** Shows a form, and waits until it is there. */
async function show(page, [name, form, , has]) {
  await tab(page, name).click();
  if (form) await page.getByRole('radio', { name: form, exact: true }).check();
  await eventually(async () => assert.match(await preview(page).textContent(), has));
}

/** Takes away what is shown, by the clipboard. */
async function copy(page) {
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await tools(page).getByRole('button', { name: 'Copy' }).click();
  return eventually(async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.notEqual(text, '');
    return text;
  });
}

/** What axe finds in a part of the page. */
async function violations(page, where) {
  const { violations: found } = await page.evaluate((at) => window.axe.run(at, { resultTypes: ['violations'] }), where);
  return found.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.slice(0, 3).map(({ html }) => html).join('\n')}`);
}

for (const [language, colorScheme] of [['en', 'light'], ['en', 'dark'], ['zh-CN', 'light'], ['zh-CN', 'dark']]) {
  test(`F44 F45 F46 F47 F64 every tab shows its code, and axe finds nothing, in ${language} and ${colorScheme}`, async (t) => {
    const context = await (await browser()).newContext({ colorScheme, reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } });
    t.after(() => context.close());
    await context.addInitScript((tag) => localStorage.setItem('dsw-composer.language', tag), language);
    const { page, errors } = await open(t, { context });
    await page.getByTestId('import-json').fill(document('full'));
    await page.locator('.code-line').nth(20).waitFor();
    await page.evaluate(axe);
    for (const [name, form, , has] of FORMS) {
      if ((await tab(page, name).getAttribute('aria-selected')) === 'true') {
        // The other form of the same tab, whatever it is called in the language.
        await page.locator('.code-head input:not(:checked)').check();
      } else {
        await tab(page, name).click();
      }
      await eventually(async () => assert.match(await preview(page).textContent(), has));
      const panel = byId(page, await tab(page, name).getAttribute('aria-controls'));
      assert.equal(await panel.getAttribute('aria-labelledby'), await tab(page, name).getAttribute('id'));
      assert.equal(await panel.isVisible(), true);
      assert.equal(await byId(page, 'body').isVisible(), false);
      // What is shown is coloured, and what it was made for is named.
      assert.ok((await preview(page).locator('i.s').count()) > 5, name);
      assert.match(await page.locator('.code-notes li').last().textContent(), /\d/);
      assert.deepEqual(await violations(page, '#output'), [], `${name} ${form ?? ''}`);
    }
    await tab(page, 'JSON').click();
    assert.equal(await byId(page, 'body').isVisible(), true);
    assert.deepEqual(await violations(page, '#output'), []);
    await assertAlive(page, errors);
  });
}

test('F47 code follows the form letter by letter, and the body is as it was', async (t) => {
  const { page, errors } = await open(t);
  await show(page, FORMS[3]);
  assert.match(await page.locator('.code-notes').textContent(), /Nothing is set yet/);
  await control(page, 'InstanceName').pressSequentially('qwen');
  await eventually(async () => assert.match(await preview(page).textContent(), /instance_name="qwen"/));
  assert.doesNotMatch(await page.locator('.code-notes').textContent(), /Nothing is set yet/);
  // Lines that come and go, over several blocks of them.
  const rows = Array.from({ length: 150 }, (_, n) => [`V${n}`, 'x']);
  await load(page, { InstanceName: 'qwen', EnvironmentVariables: Object.fromEntries(rows) });
  await eventually(async () => assert.match(await preview(page).textContent(), /"V149": "x"/));
  const shown = await preview(page).textContent();
  assert.deepEqual(await numbers(page), Array.from(shown.split('\n'), (_, n) => `${n + 1}`));
  await load(page, { InstanceName: 'b' });
  await eventually(async () => assert.doesNotMatch(await preview(page).textContent(), /"V149"/));
  await tab(page, 'JSON').click();
  assert.deepEqual(await body(page), { InstanceName: 'b' });
  // The region is the one that is chosen.
  await page.locator('#region').selectOption('cn-beijing');
  await show(page, FORMS[3]);
  await eventually(async () => assert.match(await preview(page).textContent(), /pai-dsw\.cn-beijing\.aliyuncs\.com/));
  await assertAlive(page, errors);
});

/** The numbers beside the lines of code. */
function numbers(page) {
  return page.evaluate(() => {
    const blocks = [...window.document.querySelectorAll('#code .code-chunk')];
    return blocks.flatMap((block) => block.dataset.numbers.trim().split('\n'));
  });
}

test('F47 the tabs are led through by keys, and the choice is kept', async (t) => {
  const { page, context, errors } = await open(t);
  await load(page, REQUEST);
  await tabTo(page, '#tab-json');
  await page.keyboard.press('ArrowRight');
  await hasFocus(page, 'tab-curl');
  await eventually(async () => assert.match(await preview(page).textContent(), FORMS[0][3]));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await hasFocus(page, 'tab-terraform');
  await eventually(async () => assert.match(await preview(page).textContent(), /terraform_data/));
  await page.keyboard.press('Home');
  await hasFocus(page, 'tab-json');
  assert.equal(await byId(page, 'body').isVisible(), true);
  await page.keyboard.press('End');
  await hasFocus(page, 'tab-terraform');
  // One stop of the Tab key for all of them, then what takes the code away, then the code.
  await eventually(async () => assert.equal(await page.locator('[role=tab]:not([tabindex="-1"])').count(), 1));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => window.document.activeElement.textContent), 'Download');
  await tabTo(page, '#code .code', { most: 6 });
  // A tab is left in the form that was chosen in it.
  await show(page, FORMS[4]);
  await tab(page, 'Go').click();
  await tab(page, 'Python').click();
  await eventually(async () => assert.match(await preview(page).textContent(), FORMS[4][3]));
  // In another language, and on the next visit.
  await byId(page, 'language-zh-CN').check({ force: true });
  await eventually(async () => assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN'));
  await eventually(async () => assert.match(await preview(page).textContent(), FORMS[4][3]));
  await assertAlive(page, errors);
  const next = await open(t, { context });
  await eventually(async () => assert.match(await preview(next.page).textContent(), FORMS[4][3]));
  await assertAlive(next.page, next.errors);
});

test('F48 F49 F53 what is copied from the page and run sends exactly the body that the page shows', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, REQUEST);
  const wanted = await body(page);
  assert.deepEqual(wanted, REQUEST);
  await page.locator('#region').selectOption('cn-hangzhou');

  await show(page, FORMS[0]);
  const curl = await copy(page);
  await says(page, /^Copied as curl\.$/);
  const sent = await runScript(t, curl, { state: 'CONFIRMED', instanceId: 'dsw-1' }, SECRETS);
  assert.equal(sent.code, 0, sent.stderr);
  assert.deepEqual(JSON.parse(sent.input), wanted);
  assert.equal(sent.args.at(-1), `${new URL(origin).origin}/api/v2/instances?RegionId=cn-hangzhou`);
  // The gateway that serves the page takes it.
  const created = await run('bash', ['-c', curl], { env: SECRETS });
  assert.equal(created.code, 0, created.stdout + created.stderr);
  const [instance] = await instances(origin, wanted.InstanceName);
  assert.equal(instance.InstanceId, JSON.parse(created.stdout).instanceId);

  for (const form of [FORMS[1], FORMS[2]]) {
    await show(page, form);
    const script = await copy(page);
    const { args, code, stderr } = await runScript(t, script, FINE, SECRETS);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(args.pop()), wanted);
    assert.deepEqual(args.slice(0, 5), ['pai-dsw', 'POST', '/api/v2/instances', '--region', 'cn-hangzhou']);
  }
  for (const form of [FORMS[3], FORMS[4]]) {
    await show(page, form);
    const { received, code, stderr } = await runPython(t, await copy(page), FINE, SECRETS);
    assert.equal(code, 0, stderr);
    assert.deepEqual(received.map((request) => request.body), [wanted]);
  }
  await show(page, FORMS[5]);
  const { received, code, stderr } = await runTypeScript(t, await copy(page), FINE, SECRETS);
  assert.equal(code, 0, stderr);
  assert.deepEqual(received.map((request) => request.body), [wanted]);
  await assertAlive(page, errors);
});

test('F39 F47 the body that is edited in place waits behind the other tabs', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { InstanceName: 'a' });
  await show(page, FORMS[7]);
  await page.locator('.output').getByRole('button', { name: 'Edit JSON' }).click();
  const area = byId(page, 'edit-json');
  await area.waitFor();
  assert.equal(await byId(page, 'code').isVisible(), false);
  await area.fill('{"InstanceName": "b"');
  await tab(page, 'Go').click();
  await eventually(async () => assert.match(await preview(page).textContent(), /InstanceName: +dara\.String\("a"\)/));
  assert.equal(await area.isVisible(), false);
  await tab(page, 'JSON').click();
  assert.equal(await area.isVisible(), true);
  assert.equal(await area.inputValue(), '{"InstanceName": "b"');
  assert.equal(await byId(page, 'body').isVisible(), false);
  await assertAlive(page, errors);
});

test('F44 the flags of the plugin send the body too', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, { WorkspaceId: '40823', InstanceName: 'by_flags', Priority: 1, ImageAuth: REQUEST.ImageAuth });
  await show(page, FORMS[2]);
  const { args } = await runScript(t, await copy(page), FINE, SECRETS);
  assert.deepEqual(args, [
    'pai-dsw', 'create-instance', '--region', 'cn-hangzhou', '--workspace-id', '40823', '--instance-name', 'by_flags',
    '--priority', '1', '--image-auth', REQUEST.ImageAuth,
  ]);
  await assertAlive(page, errors);
});

test('F49 F53 S18 no secret is in what is copied, downloaded, shown, said or kept, and the files have their names', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, REQUEST);
  for (const form of FORMS) {
    await show(page, form);
    const copied = await copy(page);
    assert.equal(await preview(page).textContent(), copied.trimEnd());
    await says(page, /^Copied as /);
    const saved = page.waitForEvent('download');
    await tools(page).getByRole('button', { name: 'Download' }).click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), form[2]);
    assert.equal(readFileSync(await file.path(), 'utf8'), copied);
    await says(page, new RegExp(`^Downloaded ${form[2].replace('.', '\\.')}\\.$`));
    const notes = await page.locator('.code-notes').textContent();
    assert.match(notes, /DSW_HF_TOKEN/, form.join());
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + location.href);
    const page_ = await page.locator('#code').evaluate((panel) => panel.outerHTML);
    const said = await page.locator('.toast-area').textContent();
    for (const text of [copied, notes, kept, page_, said, file.suggestedFilename()]) {
      assert.ok(!text.includes(MARKER) && !text.includes(REQUEST.ImageAuth), `${form.join()}: ${text}`);
    }
  }
  // A variable that is said to be none is written as it is.
  await show(page, FORMS[4]);
  await byId(page, 'EnvironmentVariables[1]').getByRole('button', { name: 'Not a secret' }).click();
  await eventually(async () => assert.ok((await preview(page).textContent()).includes(MARKER)));
  await assertAlive(page, errors);
});

test('F53 code is copied and downloaded whatever is wrong with the request, and it is said', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, { InstanceName: 'training-data', Priority: 77 });
  await show(page, FORMS[3]);
  assert.match(await copy(page), /instance_name="training-data"/);
  await says(page, /^Copied as Python with \d+ errors\.$/);
  await hasFocus(page, 'summary');
  const saved = page.waitForEvent('download');
  await tools(page).getByRole('button', { name: 'Download' }).click();
  await saved;
  await says(page, /^Downloaded create_instance\.py with \d+ errors\.$/);
  // It is in the history, as what is copied as JSON.
  assert.match(await page.evaluate(() => localStorage.getItem('dsw-composer.past')), /training-data/);
  await page.evaluate(() => {
    const refuse = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    Object.defineProperty(navigator.clipboard, 'writeText', { value: refuse });
  });
  await tools(page).getByRole('button', { name: 'Copy' }).click();
  await says(page, /does not allow copying\. Select the text/);
  await assertAlive(page, errors);
});

test('F44 what the code does not say is told below it, and without a gateway what it stands for', async (t) => {
  const { page, errors } = await open(t, { ...alone });
  await load(page, { ...REQUEST, Unknown: { a: 1 } });
  await show(page, FORMS[0]);
  const notes = page.locator('.code-notes');
  assert.match(await notes.textContent(), /No gateway is known here/);
  assert.match(await preview(page).textContent(), /gateway='?http:\/\/127\.0\.0\.1:8080/);
  assert.match(await notes.textContent(), /No region is chosen: cn-hangzhou stands in the code/);
  await show(page, FORMS[3]);
  assert.match(await notes.textContent(), /DSW_HF_TOKEN is to hold the value of EnvironmentVariables\.HF_TOKEN\./);
  assert.match(await notes.textContent(), /the SDK's model does not have it\..* Unknown/);
  await show(page, FORMS[9]);
  assert.match(await notes.textContent(), /the resource type of ROS does not have it/);
  // More members than are named at first are named when one asks.
  const more = ['UserId', 'Priority', 'Driver', 'OversoldType', 'WorkspaceSource', 'ImageId', 'ResourceId', 'CredentialConfig'];
  await load(page, Object.fromEntries(more.map((name) => [name, name === 'Priority' ? 1 : name === 'CredentialConfig' ? {} : 'x'])));
  const fold = notes.locator('details');
  await fold.locator('summary').click();
  await eventually(async () => assert.ok(await fold.locator('code').last().isVisible()));
  await assertAlive(page, errors);
});

test('F47 on a phone the tabs are in the sheet, and Copy takes what is shown', async (t) => {
  const { page, errors } = await open(t, { width: 360, height: 740, clipboard: true });
  await control(page, 'InstanceName').fill('a');
  await page.locator('.output-more').click();
  await tab(page, 'JSON').focus();
  await page.keyboard.press('End');
  await eventually(async () => assert.match(await preview(page).textContent(), /terraform_data/));
  const { left, right } = await tab(page, 'Terraform').evaluate((element) => element.getBoundingClientRect().toJSON());
  assert.ok(left >= 0 && right <= 360, `${left} to ${right}`);
  assert.ok((await byId(page, 'code').locator('.code').boundingBox()).height > 80, 'some lines are in sight');
  assert.equal(await page.evaluate(() => window.document.documentElement.scrollWidth), 360);
  await page.locator('.output-handle').getByRole('button', { name: 'Copy' }).click();
  await says(page, /^Copied as Terraform with/);
  await page.locator('.output-less').click();
  assert.match(await page.locator('.output-more').textContent(), /^Terraform/);
  await assertAlive(page, errors);
});

test('F47 what writes the code is fetched when a tab is chosen; where it does not come the page says so and tries again', async (t) => {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  let asked = 0;
  let broken = true;
  await context.route(/-exchange-[0-9a-f]+\.wasm$/, (route) => {
    asked += 1;
    return broken ? route.abort() : route.continue();
  });
  const { page } = await open(t, { context });
  await control(page, 'InstanceName').fill('abc');
  assert.equal(asked, 0);
  await tab(page, 'Go').click();
  const again = byId(page, 'code').getByRole('button', { name: 'Try again' });
  await again.waitFor();
  assert.equal(asked, 1);
  broken = false;
  await again.click();
  await eventually(async () => assert.match(await preview(page).textContent(), /InstanceName: +dara\.String\("abc"\)/));
  assert.equal(await page.locator('#crashed').isVisible(), false);
});

test('F47 a large request is written while one types on', async (t) => {
  const { page, errors } = await open(t);
  const datasets = Array.from({ length: 1000 }, (_, n) => ({ DatasetId: `d-${n}`, MountPath: `/mnt/data/${n}`, Options: `{"name":"value of ${n}, long enough"}` }));
  await load(page, { InstanceName: 'large', Datasets: datasets });
  await show(page, FORMS[3]);
  await eventually(async () => assert.match(await preview(page).textContent(), /d-999/));
  await control(page, 'InstanceName').fill('');
  const begun = Date.now();
  await control(page, 'InstanceName').pressSequentially('abcdefghijklmnopqrstuvwxyz');
  await eventually(async () => assert.match(await preview(page).textContent(), /instance_name="abcdefghijklmnopqrstuvwxyz"/));
  const each = (Date.now() - begun) / 26;
  assert.ok(each < 150, `${each} ms a letter`);
  await assertAlive(page, errors);
});

test('F47 F57 the review has the body as code, to be copied and downloaded', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, REQUEST);
  await page.goto(`${page.url().split('#')[0]}#review`);
  const fold = byId(page, 'review-code');
  await fold.locator('summary').click();
  await eventually(async () => assert.match(await preview(fold).textContent(), /curl --config/));
  await fold.getByLabel('Written as').selectOption('Python, generic');
  await eventually(async () => assert.match(await preview(fold).textContent(), /OpenApiRequest\(body=body\)/));
  await fold.getByRole('button', { name: 'Copy' }).click();
  await says(page, /^Copied as Python, generic\.$/);
  const code = await page.evaluate(() => navigator.clipboard.readText());
  const { received } = await runPython(t, code, FINE, SECRETS);
  // The label belongs to a create by this page.
  assert.deepEqual(received.map((request) => request.body), [REQUEST]);
  const saved = page.waitForEvent('download');
  await fold.getByRole('button', { name: 'Download' }).click();
  assert.equal((await saved).suggestedFilename(), 'create_instance.py');
  assert.ok(!(await fold.evaluate((element) => element.outerHTML)).includes(MARKER));
  await page.evaluate(axe);
  assert.deepEqual(await violations(page, '#review'), []);
  await assertAlive(page, errors);
});

test('F38 F48 what is copied in any form is pasted back: the form is as it was, but for the secrets', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  // What models of SDKs and types of ROS do not have is carried beside what they have.
  const whole = { ...structuredClone(REQUEST), Unknown: { 'a/b': [1, null] } };
  const { ImageAuth: _, ...wanted } = structuredClone(whole);
  delete wanted.EnvironmentVariables.HF_TOKEN;
  for (const form of FORMS) {
    await load(page, whole);
    await show(page, form);
    const code = await copy(page);
    await tab(page, 'JSON').click();
    await page.locator('.bar').getByRole('button', { name: 'Undo' }).click();
    await showsBody(page, {});
    await paste(page, code);
    await showsBody(page, wanted);
    await page.locator('.bar').getByRole('button', { name: 'Undo' }).click();
    await showsBody(page, {});
  }
  await assertAlive(page, errors);
});
