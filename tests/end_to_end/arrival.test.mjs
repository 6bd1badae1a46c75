// Import of anything: every form in which a request comes, the report, several requests at once, what cannot be read,
// pasting anywhere.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { open as openAt } from './browser.mjs';
import {
  assertAlive,
  body,
  control,
  document,
  eventually,
  hasFocus,
  importProblem,
  open,
  says,
  showsBody,
} from './fixtures/form.mjs';
import { openWith } from './fixtures/gateway.mjs';
import { skip } from './fixtures/program.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** A value that must be nowhere but in its control. */
const MARKER = 'marker-4f1d-password';

/** A request with most kinds of members, and one that models of SDKs do not have. */
const REQUEST = {
  WorkspaceId: '40823',
  InstanceName: 'from_anywhere',
  EcsSpec: 'ecs.c6.large',
  ImageId: 'image-05cefd0be2exxxx',
  EnvironmentVariables: { A: 'it\'s "x" $HOME', B: '键' },
  Datasets: [{ DatasetId: 'd-1', MountPath: '/mnt/a' }],
  Labels: [{ Key: 'team', Value: 'nlp' }],
  Future: { 'a/b': ['x', 1] },
};

/** Puts a text into the import field as a paste does: whole, and told once. */
function paste(page, text) {
  return page.getByTestId('import-json').evaluate((area, value) => {
    area.focus();
    area.value = value;
    area.setSelectionRange(value.length, value.length);
    area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
  }, text);
}

/** Pastes a request and waits until it has been taken in. */
async function load(page, request) {
  await paste(page, typeof request === 'string' ? request : JSON.stringify(request));
  await says(page, /^Imported: /);
}

/** The report of the last import, opened from the status line; its text. */
async function report(page) {
  await page.locator('.toast').getByRole('button', { name: 'Report' }).click();
  return page.locator('#import-report');
}

/** What axe finds wrong, in words. */
async function violations(page) {
  await page.evaluate(axe);
  const { violations: all } = await page.evaluate(() => window.axe.run(window.document, { resultTypes: ['violations'] }));
  return all.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
}

/** The code that the program writes for a request; one entry for each target and form, or that of one by its number. */
function targets(request, only) {
  const run = (...options) => execFileSync(process.env.DSW_PROGRAM, ['snippet', ...options], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const folder = mkdtempSync(join(tmpdir(), 'arrival-'));
  try {
    const file = join(folder, 'request.json');
    writeFileSync(file, JSON.stringify(request));
    const lines = run('--list').trim().split('\n');
    return (only === undefined ? lines : [lines[only]]).map((line) => {
      const [word, form] = line.split(/\s+/);
      const options = form?.startsWith('--') ? [form] : [];
      return { name: [word, ...options].join(' '), code: run('--target', word, ...options, file) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('F38 whatever the program writes is pasted back as the request, each in one step', { skip }, async (t) => {
  const { page, errors } = await open(t);
  const all = targets(REQUEST);
  assert.ok(all.length >= 10, `${all.length} targets`);
  for (const { name, code } of all) {
    await load(page, code);
    await eventually(async () => assert.deepEqual(await body(page), REQUEST, name));
    assert.equal(await importProblem(page), '', name);
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await eventually(async () => assert.deepEqual(await body(page), {}, `${name}, undone`));
  }
  await assertAlive(page, errors);
});

test('F38 wrapped bodies, printouts and replies are understood, and the report tells what became of each member', async (t) => {
  const { page, errors } = await open(t);
  for (const [text, wanted, told] of [
    [`{"body": ${JSON.stringify(REQUEST)}, "region": "x"}`, REQUEST, [/JSON with the body inside/, /region: stands beside the body/]],
    [JSON.stringify(JSON.stringify(REQUEST)), REQUEST, [/JSON with the body inside/]],
    ["{'workspace_id': '1', 'instance_name': 'a', 'labels': [{'key': 'k', 'value': 'v'}]}",
      { WorkspaceId: '1', InstanceName: 'a', Labels: [{ Key: 'k', Value: 'v' }] },
      [/an object as an SDK prints it/, /workspace_id → Workspace WorkspaceId/]],
    [JSON.stringify({ RequestId: 'r', InstanceId: 'dsw-1', Status: 'Running', InstanceName: 'a', GmtCreateTime: 't', ImageAuth: '****', Tags: [{ TagKey: 'k', TagValue: 'v' }] }),
      { InstanceName: 'a', Tag: [{ Key: 'k', Value: 'v' }] },
      [/a reply of GetInstance/, /Status: the service reports it/, /Enter again.*ImageAuth|Enter again.*login/i]],
  ]) {
    await load(page, text);
    await showsBody(page, wanted);
    const dialog = await report(page);
    const words = await dialog.textContent();
    for (const pattern of told) assert.match(words, pattern);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  }
  await assertAlive(page, errors);
});

test('F37 what is no JSON but obvious is repaired, and each repair told with its place', async (t) => {
  const { page, errors } = await open(t);
  await load(page, "// mine\n{\n  InstanceName: 'a',\n  \"Priority\": 123456789012345678901234567890,\n}");
  await eventually(async () => assert.equal((await body(page)).InstanceName, 'a'));
  await says(page, /^Imported: 2 values set.*4 places repaired/);
  // Digits survive (F36).
  assert.match(await page.getByTestId('json-preview').textContent(), /123456789012345678901234567890/);
  const words = await (await report(page)).textContent();
  for (const pattern of [/Line 1, column 1: a comment/, /Line 3, column 3: a name/, /Line 3, column 17: single quotes/, /Line 4, column \d+: a comma/]) {
    assert.match(words, pattern);
  }
  await assertAlive(page, errors);
});

test('F38 the report stays until the next import, leads to what is to be entered again, and gives the focus back', async (t) => {
  const { page, errors } = await open(t);
  assert.equal(await page.locator('#import-json-report').isVisible(), false);
  await load(page, 'curl http://127.0.0.1:8080/api/v2/instances -d \'{"InstanceName":"a","ImageUrl":"r.example/a","ImageAuth":"****","Unknown":1}\'');
  await page.locator('.toast').getByRole('button', { name: 'Dismiss' }).click();
  const again = page.locator('#import-json-report');
  await again.click();
  const dialog = page.locator('#import-report');
  await dialog.waitFor();
  assert.match(await dialog.textContent(), /a curl command/);
  await page.keyboard.press('Escape');
  await hasFocus(page, 'import-json-report');
  await again.press('Enter');
  await dialog.locator('summary').click();
  await dialog.getByRole('link', { name: /Unknown/ }).first().click();
  await hasFocus(page, 'Unknown');
  await load(page, { InstanceName: 'b' });
  await again.click();
  assert.match(await dialog.textContent(), /a JSON body/);
  await assertAlive(page, errors);
});

test('F38 of several requests one is chosen by keyboard, and Escape keeps the text', async (t) => {
  const { page, errors } = await open(t);
  const text = '{"InstanceName":"one","EcsSpec":"ecs.c6.large"}\n{"InstanceName":"two","Priority":12}\n{"EcsSpec":"ecs.g6.large"}';
  await page.getByTestId('import-json').focus();
  await paste(page, text);
  const list = page.locator('#palette [role=option]');
  await eventually(async () => assert.equal(await list.count(), 3));
  const words = await list.allTextContents();
  assert.match(words[0], /one.*a JSON body.*ecs\.c6\.large · 2 values · \d+ errors?/);
  assert.match(words[2], /without a name/);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Escape');
  await hasFocus(page, 'import-json');
  assert.equal(await page.getByTestId('import-json').inputValue(), text);
  await showsBody(page, {});
  // The way back to the list stays.
  assert.match(await importProblem(page), /^3 requests were found in it\./);
  await page.locator('.output-import').getByRole('button', { name: 'Choose one' }).click();
  await eventually(async () => assert.equal(await list.count(), 3));
  await page.keyboard.type('two');
  await eventually(async () => assert.equal(await list.count(), 1));
  await page.keyboard.press('Enter');
  await showsBody(page, { InstanceName: 'two', Priority: 12 });
  assert.equal(await page.getByTestId('import-json').inputValue(), '');
  assert.equal(await importProblem(page), '');
  await page.keyboard.press('Control+z');
  await showsBody(page, {});
  await assertAlive(page, errors);
});

test('F37 what cannot be read says why and what to do, and the text stays', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { InstanceName: 'before' });
  for (const [text, problem] of [
    ['curl http://x/api/v2/instances --data @body.json', /file body\.json, which this page cannot see.*Open that file/],
    ['curl http://x/api/v2/instances -d @-', /standard input.*Paste the JSON/],
    ['curl http://x/', /a curl command, but there is no request in it/],
    ["curl http://x/ -d '{\"a\" 1}'", /The body in the command is not JSON\. Line 1 of the body, column 6/],
    ['just some words', /neither JSON nor a command/],
    ['{"RequestId":"r","TotalCount":0,"Instances":[]}', /a reply of ListInstances, but there is no request/],
  ]) {
    await paste(page, text);
    await eventually(async () => assert.match(await importProblem(page), problem, text));
    assert.equal(await page.getByTestId('import-json').inputValue(), text);
    await hasFocus(page, 'import-json');
  }
  await paste(page, '{\n"InstanceName": 01}');
  await eventually(async () => assert.match(await importProblem(page), /Line 2, column 17/));
  const caret = () => page.evaluate(() => window.document.activeElement.selectionStart);
  await eventually(async () => assert.equal(await caret(), 18));
  // Who mends it by hand is left alone.
  await page.keyboard.press('End');
  await page.keyboard.type(' ');
  await eventually(async () => assert.match(await page.getByTestId('import-json').inputValue(), /} $/));
  assert.equal(await caret(), 22);
  await showsBody(page, { InstanceName: 'before' });
  await assertAlive(page, errors);
});

test('F34 what is pasted where one does not type is taken in, in every view', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  const copy = (text) => page.evaluate((words) => navigator.clipboard.writeText(words), text);
  const pasteAt = async (hash, name) => {
    await page.evaluate((to) => (window.location.hash = to), hash);
    await page.evaluate(() => window.document.activeElement.blur());
    await copy(JSON.stringify({ InstanceName: name }));
    await page.keyboard.press('Control+V');
    await eventually(async () => assert.deepEqual(await body(page), { InstanceName: name }, hash));
  };
  await pasteAt('all', 'in_all');
  await pasteAt('guided/compute', 'in_guided');
  await pasteAt('review', 'in_review');
  await pasteAt('start', 'at_start');
  // From the start one comes to the form.
  await eventually(async () => assert.doesNotMatch(page.url(), /#start/));
  // Where one types it is typed, and in a dialog it goes nowhere.
  await page.evaluate(() => (window.location.hash = 'all'));
  await control(page, 'InstanceName').fill('');
  await control(page, 'InstanceName').focus();
  await copy('{"InstanceName": "typed"}');
  await page.keyboard.press('Control+V');
  assert.equal(await control(page, 'InstanceName').inputValue(), '{"InstanceName": "typed"}');
  await page.keyboard.press('Control+z');
  await page.evaluate(() => window.document.activeElement.blur());
  await copy('no request');
  await page.keyboard.press('Control+V');
  await eventually(async () => assert.match(await importProblem(page), /neither JSON/));
  await hasFocus(page, 'import-json');
  await assertAlive(page, errors);
});

test('F34 a file is dropped anywhere', async (t) => {
  const { page, errors } = await open(t);
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'request.json'));
    return transfer;
  }, document('smallest'));
  await page.locator('main').dispatchEvent('drop', { dataTransfer: data });
  await showsBody(page, JSON.parse(document('smallest')));
  await assertAlive(page, errors);
});

test('F38 a region that stands in the text is offered', async (t) => {
  const { page } = await openWith(t);
  await eventually(async () => assert.match(await page.locator('.mode').textContent(), /Sandbox/));
  await load(page, "aliyun pai-dsw POST /api/v2/instances --region cn-shanghai --body '{\"InstanceName\":\"a\"}'");
  await says(page, /It names the region cn-shanghai/);
  const dialog = await report(page);
  await dialog.getByRole('button', { name: 'Use cn-shanghai' }).click();
  await says(page, /The region is cn-shanghai now/);
  assert.equal(await page.locator('#region').inputValue(), 'cn-shanghai');
});

test('F38 F65 the report, the list and what is wrong are in Chinese', async (t) => {
  const { page, errors } = await open(t, { locale: 'zh-CN', colorScheme: 'dark', width: 360 });
  await page.evaluate(() => (window.location.hash = 'output'));
  await paste(page, "{'workspace_id': '1', // x\n}");
  await eventually(async () => assert.deepEqual(await body(page), { WorkspaceId: '1' }));
  await page.locator('.toast').getByRole('button', { name: '导入报告' }).click();
  const dialog = page.locator('#import-report');
  assert.match(await dialog.textContent(), /导入结果.*SDK 打印的对象.*已改名/);
  assert.deepEqual(await violations(page), []);
  const wide = await page.evaluate(() => window.document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${wide} px wide`);
  await page.keyboard.press('Escape');
  await paste(page, 'curl -d @x.json http://a/');
  await eventually(async () => assert.match(await importProblem(page), /x\.json/));
  assert.match(await importProblem(page), /页面无法读取该文件/);
  await assertAlive(page, errors);
});

test('F38 F62 a secret of an import is in no message and no report', async (t) => {
  const { page } = await open(t);
  await load(page, `{'image_url': 'r.example/a', 'image_auth': '${MARKER}', 'environment_variables': {'HF_TOKEN': '${MARKER}'}}`);
  await eventually(async () => assert.equal((await body(page)).ImageAuth, MARKER));
  const dialog = await report(page);
  await dialog.locator('summary').click();
  assert.ok(!(await dialog.textContent()).includes(MARKER));
  assert.ok(!(await page.locator('.toast-area').textContent()).includes(MARKER));
});

test('F38 S17 what stands in a text is text, in the report and in what is said', async (t) => {
  const { page, errors } = await open(t);
  const evil = '<img src=x onerror=alert(1)>\u202e';
  await load(page, JSON.stringify({ body: { InstanceName: evil, [evil]: 1 }, [evil]: 2 }));
  const dialog = await report(page);
  const words = await dialog.textContent();
  assert.ok(words.includes('<img src=x onerror=alert(1)>⟨U+202E⟩: stands beside the body'), words);
  assert.ok(!words.includes('\u202e'));
  await page.keyboard.press('Escape');
  await paste(page, `curl http://x/ --data '@${evil.replaceAll("'", '')}'`);
  await eventually(async () => assert.match(await importProblem(page), /the file <img src=x onerror=alert\(1\)>⟨U\+202E⟩/));
  await paste(page, `{"InstanceName":"${evil}"}\n{"InstanceName":"b"}`);
  await eventually(async () => assert.match(await page.locator('#palette').textContent(), /<img src=x onerror=alert\(1\)>⟨U\+202E⟩/));
  await eventually(async () => assert.equal(await page.locator('#import-report img, #palette img, .output-import img').count(), 0));
  await assertAlive(page, errors);
});

test('F38 at the start a command is pasted, and one comes to the form', async (t) => {
  const { page, errors } = await openAt(t, '/#start');
  await page.getByTestId('start-json').fill(`curl http://127.0.0.1:8080/api/v2/instances --json '${JSON.stringify({ InstanceName: 'a' })}'`);
  await showsBody(page, { InstanceName: 'a' });
  await eventually(async () => assert.doesNotMatch(page.url(), /#start/));
  await assertAlive(page, errors);
});

test('F42 the help offers the schema and the rules as files', async (t) => {
  const { page, errors } = await open(t);
  await page.keyboard.press('?');
  await page.keyboard.type('help');
  await page.keyboard.press('Enter');
  for (const [name, told] of [
    ['The request as a JSON Schema', (file) => file.properties.InstanceName],
    ['The rules as JSON, in English and Chinese', (file) => file.rules[0].when.zh],
  ]) {
    const loading = page.waitForEvent('download');
    await page.locator('#help').getByRole('link', { name }).click();
    const download = await loading;
    assert.match(download.suggestedFilename(), /^create-instance\.(schema|rules)\.json$/);
    assert.ok(told(JSON.parse(readFileSync(await download.path(), 'utf8'))), name);
  }
  await assertAlive(page, errors);
});

/** Bytes of what is pasted where time is measured. */
const LARGE = 160 * 1024;

/** A large request with a mark at its end; `share` says how large. */
function large(share = 1) {
  const length = Math.round(1250 * share);
  const variables = Object.fromEntries(Array.from({ length }, (_, n) => [`VARIABLE_${n}`, `value of ${n}, 值 "${n}"`]));
  const Datasets = Array.from({ length }, (_, n) => ({ DatasetId: `d-${n}`, MountPath: `/mnt/data/of/a/path/${n}`, MountAccess: 'RW' }));
  return { ...REQUEST, Datasets, EnvironmentVariables: { ...variables, LAST: 'mark' } };
}

/** Milliseconds from the input of a text until a frame in which the preview shows a request to its end. */
function shown(page, text) {
  return page.evaluate(async (value) => {
    const area = window.document.querySelector('#import-json');
    const preview = window.document.querySelector('[data-testid=json-preview]');
    const start = performance.now();
    area.value = value;
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
    for (;;) {
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const took = performance.now() - start;
      if (preview.textContent.includes('"LAST": "mark"')) return Math.round(took);
      if (took > 20_000) return Infinity;
    }
  }, text);
}

/** The texts that are pasted, each of about that size. */
function forms() {
  const sized = (make) => {
    const share = LARGE / Buffer.byteLength(make(large()));
    return make(large(share));
  };
  const reply = { InstanceId: 'dsw-1', RequestId: 'r', Status: 'Running' };
  const all = [
    ['a body', (request) => JSON.stringify(request, null, 2)],
    ['a body inside', (request) => JSON.stringify({ body: request })],
    ['JSON with comments', (request) => `// mine\n${JSON.stringify(request).slice(0, -1)},}`],
    ['a reply', (request) => JSON.stringify({ ...request, ...reply })],
  ].map(([name, make]) => ({ name, code: sized(make) }));
  // Not each target is as long as the other: how long each is decides how large its request is to be.
  const whole = targets(large());
  for (const [at, { name, code }] of whole.entries()) {
    all.push({ name, code: targets(large(LARGE / Buffer.byteLength(code)), at)[0].code });
  }
  return all;
}

test('F38 160 KiB in any form are shown at once', { skip, timeout: 400_000 }, async (t) => {
  const { page, errors } = await open(t);
  let slowest = 0;
  for (const { name, code } of forms()) {
    const took = [];
    for (let run = 0; run < 5; run += 1) {
      // The part that reads it is there from the first time on; and the form is empty each time.
      await load(page, {});
      await eventually(async () => assert.deepEqual(await body(page), {}));
      took.push(await shown(page, code));
    }
    took.sort((a, b) => a - b);
    slowest = Math.max(slowest, took[0]);
    t.diagnostic(`${name} (${Math.round(Buffer.byteLength(code) / 1024)} KiB): fastest ${took[0]} ms, median ${took[2]} ms`);
  }
  // The figures are told in docs/performance.md; machines under load are slower.
  assert.ok(slowest < 2000, `${slowest} ms`);
  await assertAlive(page, errors);
});
