// From the form to an instance: review, create, what became of it, and the instance followed.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as browser from './browser.mjs';
import { control, eventually, hasFocus, load, open, previewText, says, tabTo } from './fixtures/form.mjs';
import { confirmed, error, notSent, openWith, READY, rejected, unknown } from './fixtures/gateway.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const heading = (page) => page.locator('#review-h');
const create = (page) => page.locator('#create');

/** Opens the review of a body. */
async function review(page, body = READY) {
  await load(page, body);
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#send-h').waitFor();
}

/** Presses Create, and again in the dialog. */
async function send(page) {
  await create(page).click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).click();
}

/**
 * Lets minutes of the page's clock go by. What the page asks for meanwhile is answered in real time, so the clock
 * waits for the answers: without that, half an hour could pass within one of them.
 */
async function pass(page, minutes) {
  const asked = new Set();
  page.on('request', (request) => asked.add(request));
  for (const ended of ['requestfinished', 'requestfailed']) page.on(ended, (request) => asked.delete(request));
  for (let step = 0; step < minutes * 6; step += 1) {
    await page.clock.runFor(10_000);
    await eventually(async () => assert.equal(asked.size, 0));
  }
}

/** Waits for the heading of the view. */
function shows(page, words, patience) {
  return eventually(async () => assert.match(await heading(page).textContent(), words), patience);
}

/** Errors of the page that are none of its own: what the gateway of the test answers. */
function own(errors) {
  return errors.filter((line) => !/^(failed: |\d{3}: ).*\/(api|config\.json)/.test(line) && !/Failed to load resource/.test(line));
}

test('F57 F59 the review shows what is sent, byte for byte, with the label in it', async (t) => {
  const { page, gateway, errors } = await openWith(t);
  await review(page, { ...READY, Labels: [{ Key: 'team', Value: 'nlp' }] });
  await hasFocus(page, 'review-h');
  const answers = page.locator('.answers');
  for (const words of ['Instance name', 'qwen_finetune_01', 'ecs.c6.large', 'Submission mark']) {
    await answers.getByText(words).first().waitFor();
  }
  const told = await page.locator('.review .facts').first().textContent();
  await page.locator('.review details summary').first().click();
  const shown = await eventually(async () => {
    const code = await page.locator('.review-code').textContent();
    assert.notEqual(code, '');
    return code;
  });
  await send(page);
  await shows(page, /qwen_finetune_01 is being created/);
  const [{ key, text, region }] = gateway.creates;
  assert.equal(text, shown);
  assert.ok(told.includes(`${text.length} bytes`) && told.includes(sha256(text)), told);
  assert.match(key, /^[0-9a-f]{32}$/);
  assert.equal(region, 'cn-hangzhou');
  assert.deepEqual(JSON.parse(text).Labels, [
    { Key: 'team', Value: 'nlp' },
    { Key: 'dsw-composer-submission', Value: sha256(key).slice(0, 32) },
  ]);
  assert.deepEqual(own(errors), []);
});

test('the label can be taken out, and the form is left as it was', async (t) => {
  const { page, gateway } = await openWith(t);
  await review(page);
  await page.locator('#submission-mark').uncheck();
  await page.getByText('looked for by the name').waitFor();
  await page.locator('#submission-mark').check();
  await page.getByText('Submission mark').waitFor();
  await page.locator('#submission-mark').uncheck();
  await page.getByText('looked for by the name').waitFor();
  await send(page);
  await shows(page, /is being created/);
  assert.deepEqual(JSON.parse(gateway.creates[0].text), READY);
  await page.goBack();
  await eventually(async () => assert.deepEqual(JSON.parse(await previewText(page)), READY));
});

test('an edit makes a new review, and Change leads to the field and back', async (t) => {
  const { page, gateway } = await openWith(t);
  await review(page);
  const hash = () => page.locator('.review .facts .mono').first().textContent();
  const before = await hash();
  await page.locator('.answers a', { hasText: 'Instance name' }).click();
  await hasFocus(page, 'InstanceName');
  await control(page, 'InstanceName').fill('other');
  await page.goBack();
  await page.locator('#send-h').waitFor();
  await eventually(async () => assert.notEqual(await hash(), before));
  await send(page);
  await shows(page, /other is being created/);
  assert.equal(JSON.parse(gateway.creates[0].text).InstanceName, 'other');
  assert.equal(gateway.creates.length, 1);
});

test('F28 errors stand in the way of Create: they are told, have the focus, and no dialog opens', async (t) => {
  const { page, gateway } = await openWith(t);
  await review(page, { ...READY, InstanceName: 'a-b' });
  assert.equal(await create(page).isDisabled(), false);
  await create(page).click();
  await hasFocus(page, 'review-summary');
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.locator('#confirm').evaluate((dialog) => dialog.open), false);
  await page.locator('#review-summary a').first().click();
  await hasFocus(page, 'InstanceName');
  assert.equal(gateway.creates.length, 0);
});

test('S02 the dialog names what is created, live and sandbox apart', async (t) => {
  for (const [mode, question] of [['sandbox', /in the sandbox\?/], ['live', /for real\?/]]) {
    const { page } = await openWith(t, confirmed, { mode });
    await review(page);
    await create(page).click();
    const dialog = page.locator('#confirm');
    const text = await dialog.textContent();
    assert.match(text, question);
    for (const words of ['qwen_finetune_01', 'cn-hangzhou', 'ecs.c6.large', 'workspace administrators']) {
      assert.ok(text.includes(words), words);
    }
    assert.equal(text.includes('Costs'), mode === 'live');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await hasFocus(page, 'create');
  }
});

test('F60 the instance is followed to Running, and what opens it is linked', async (t) => {
  const { page, gateway } = await openWith(t);
  await page.clock.install();
  await review(page);
  await send(page);
  await shows(page, /is being created/);
  await page.locator('.timeline').getByText('Creating').waitFor();
  gateway.instance.Status = 'SomethingNew';
  await page.clock.runFor(12_000);
  await page.locator('.timeline').getByText('SomethingNew').waitFor();
  Object.assign(gateway.instance, {
    Status: 'Running',
    InstanceUrl: 'https://dsw.example/i',
    JupyterlabUrl: 'javascript:alert(1)',
    TerminalUrl: 'http://dsw.example/t',
  });
  await page.clock.runFor(12_000);
  await says(page, /^qwen_finetune_01 is running\./);
  await eventually(async () => assert.equal(await page.locator('.opens a').count(), 1));
  assert.equal(await page.locator('.opens a').getAttribute('href'), 'https://dsw.example/i');
  assert.match(await page.locator('.opens').textContent(), /JupyterLab: javascript:alert/);
  const looks = gateway.calls.length;
  await page.clock.runFor(60_000);
  assert.equal(gateway.calls.length, looks, 'what runs is not looked at any more');
});

test('F60 the command that stops a real instance is copied; in the sandbox there is none', async (t) => {
  for (const mode of ['live', 'sandbox']) {
    const { page, gateway } = await openWith(t, confirmed, { mode });
    await review(page);
    await send(page);
    await shows(page, /is being created/);
    const stop = page.getByRole('button', { name: 'Copy stop command' });
    await page.locator('.timeline').waitFor();
    if (mode === 'sandbox') {
      await eventually(async () => assert.equal(await stop.count(), 0));
      continue;
    }
    await stop.click();
    await says(page, /^Copied the command that stops/);
    const command = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(command, `aliyun pai-dsw PUT /api/v2/instances/${[...gateway.submissions.values()][0].instanceId}/stop --region cn-hangzhou`);
  }
});

test('F60 a failed instance tells why; following can be paused, and ends after 30 minutes', async (t) => {
  const { page, gateway } = await openWith(t);
  await page.clock.install();
  await review(page);
  await send(page);
  await page.locator('.timeline').getByText('Creating').waitFor();
  const looks = () => gateway.calls.filter((call) => call.includes('/instances/dsw-1')).length;
  await page.getByRole('button', { name: 'Pause' }).click();
  const before = looks();
  await page.clock.runFor(60_000);
  assert.equal(looks(), before);
  await page.getByRole('button', { name: 'Pause' }).click();
  await pass(page, 31);
  await page.getByText('after 30 minutes').waitFor();
  const all = looks();
  assert.ok(all > 30 && all < 110, `${all} looks`);
  Object.assign(gateway.instance, { Status: 'Failed', ReasonCode: 'ImagePullBackOff', ReasonMessage: 'no such image' });
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.getByText('ImagePullBackOff no such image. The image could not be fetched').waitFor();
  await says(page, /has failed/);
});

test('F31 a refusal stands at its field, and the name in use is changed by one click', async (t) => {
  const { page, gateway } = await openWith(t, rejected());
  await review(page);
  await send(page);
  await shows(page, /The service refused the request/);
  const text = await page.locator('.review').textContent();
  for (const words of ['The instance name already exists.', 'ValidationError, HTTP 400', '7C21-88F0-A4D3', 'nothing is billed']) {
    assert.ok(text.includes(words), words);
  }
  const about = await page.getByRole('link', { name: 'About this code' }).getAttribute('href');
  assert.equal(about, 'https://api.aliyun.com/troubleshoot?q=ValidationError&requestId=7C21-88F0-A4D3');
  await page.getByRole('button', { name: 'Use qwen_finetune_02' }).first().click();
  await hasFocus(page, 'InstanceName');
  assert.equal(await control(page, 'InstanceName').inputValue(), 'qwen_finetune_02');
  gateway.answer = confirmed;
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#send-h').waitFor();
  await send(page);
  await shows(page, /qwen_finetune_02 is being created/);
  assert.notEqual(gateway.creates[0].key, gateway.creates[1].key, 'another body has another key');
});

test('what the service refused can be sent again unchanged, with another key', async (t) => {
  const { page, gateway } = await openWith(t, rejected('No rights.', 'NoPermission'));
  await review(page);
  await send(page);
  await page.locator('.review').getByText('A right is missing').waitFor();
  gateway.answer = confirmed;
  await page.getByRole('button', { name: 'Review again' }).click();
  await page.locator('#send-h').waitFor();
  await send(page);
  await shows(page, /is being created/);
  assert.notEqual(gateway.creates[0].key, gateway.creates[1].key);
});

test('G01 an outcome that is not known is looked for, not sent again', async (t) => {
  const { page, gateway } = await openWith(t, unknown);
  await review(page);
  await send(page);
  await shows(page, /We do not know/);
  await eventually(async () => assert.equal(await page.getByRole('button', { name: /try again|send/i }).count(), 0));
  await page.getByRole('button', { name: 'Check whether it exists' }).click();
  gateway.check = (submission) => Object.assign(submission, { checkedAt: new Date().toISOString() });
  await page.getByRole('button', { name: 'Check whether it exists' }).click();
  await page.getByText('Not found so far').waitFor();
  gateway.check = (submission) => Object.assign(submission, { state: 'FOUND', instanceId: 'dsw-1' });
  await page.getByRole('button', { name: 'Check whether it exists' }).click();
  await shows(page, /qwen_finetune_01 was found/);
  assert.equal(gateway.creates.length, 1);
});

test('an unknown outcome is sent again only after a look and a second question', async (t) => {
  const { page, gateway } = await openWith(t, unknown);
  await review(page);
  await send(page);
  await shows(page, /We do not know/);
  gateway.check = (submission) => Object.assign(submission, { checkedAt: new Date().toISOString() });
  await page.getByRole('button', { name: 'Check whether it exists' }).click();
  await page.getByRole('button', { name: 'I have looked' }).click();
  await page.getByRole('button', { name: 'Review it as a new request' }).click();
  await page.locator('#sent-before').waitFor();
  gateway.answer = confirmed;
  await send(page);
  await shows(page, /is being created/);
  assert.notEqual(gateway.creates[0].key, gateway.creates[1].key);
});

test('what was not sent is tried again with the same key', async (t) => {
  const { page, gateway } = await openWith(t, notSent);
  await review(page);
  await send(page);
  await shows(page, /was not sent/);
  gateway.answer = confirmed;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('#send-h').waitFor();
  await send(page);
  await shows(page, /is being created/);
  const [one, two] = gateway.creates;
  assert.deepEqual(one, two);
});

test('S04 a missing token is said, with what to do', async (t) => {
  const answer = () => ({ status: 401, body: error('TOKEN_REQUIRED', 'The token is missing.') });
  const { page } = await openWith(t, answer);
  await review(page);
  await send(page);
  await shows(page, /was not sent/);
  await page.getByText('Open the address that the gateway printed').waitFor();
});

test('findings of the gateway stand at their fields', async (t) => {
  const findings = [{ rule: 'R999', severity: 'error', pointer: '/WorkspaceId' }];
  const answer = () => ({ status: 422, body: error('INVALID_REQUEST', 'Change the workspace.', { findings }) });
  const { page } = await openWith(t, answer);
  await review(page);
  await send(page);
  await shows(page, /refused/);
  await page.locator('.review').getByRole('link', { name: 'Change the workspace.' }).click();
  await hasFocus(page, 'WorkspaceId');
  assert.match(await page.getByTestId('error-WorkspaceId').textContent(), /Refused: Change the workspace/);
  await control(page, 'WorkspaceId').fill('1');
  await eventually(async () => assert.equal(await page.getByTestId('error-WorkspaceId').textContent(), ''));
});

test('G03 double clicks and Enter twice send once', async (t) => {
  let release;
  const gate = new Promise((resolve) => { release = resolve; });
  const { page, gateway } = await openWith(t, async (submission) => { await gate; return confirmed(submission); });
  await review(page);
  await create(page).dblclick();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).evaluate((button) => {
    button.click();
    button.click();
  });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await shows(page, /Creating qwen_finetune_01/);
  release();
  await shows(page, /is being created/);
  assert.equal(gateway.creates.length, 1);
});

test('G03 two tabs with the same draft send once', async (t) => {
  let release;
  const gate = new Promise((resolve) => { release = resolve; });
  const { page, context, gateway } = await openWith(t, async (submission) => {
    submission.state = 'SENT';
    await gate;
    return confirmed(submission);
  });
  await load(page, READY);
  await page.getByText(/^Saved \d/).waitFor();
  const { page: other } = await browser.open(t, '/#review', { context });
  other.setDefaultTimeout(8000);
  await other.locator('#send-h').waitFor();
  await page.locator('.rail a[href="#review"]').click();
  await page.locator('#send-h').waitFor();
  await send(page);
  await shows(page, /Creating/);
  await send(other);
  await shows(other, /Creating/);
  release();
  await shows(page, /is being created/);
  await shows(other, /is being created/);
  assert.equal(gateway.creates.length, 1);
});

test('G13 a reload while submitting asks what became of it, and sends nothing', async (t) => {
  const { page, gateway } = await openWith(t, (submission) => {
    submission.state = 'SENT';
    return new Promise(() => {});
  });
  await review(page);
  await page.getByText(/^Saved \d/).waitFor();
  await send(page);
  await eventually(() => assert.equal(gateway.creates.length, 1));
  await page.reload();
  await shows(page, /Creating qwen_finetune_01/);
  confirmed([...gateway.submissions.values()][0]);
  await shows(page, /is being created/);
  await page.locator('.timeline').getByText('Creating').waitFor();
  await page.reload();
  await shows(page, /is being created/);
  assert.equal(gateway.creates.length, 1);
});

test('G13 a gateway that stops and starts again: nothing is lost, nothing is sent twice', async (t) => {
  const { page, gateway } = await openWith(t, (submission) => {
    submission.state = 'SENT';
    gateway.down = true;
    return null;
  });
  await review(page);
  await send(page);
  await shows(page, /does not answer/);
  await page.getByText('Nothing you entered was lost').waitFor();
  Object.assign([...gateway.submissions.values()][0], { state: 'UNKNOWN' });
  gateway.down = false;
  await page.getByRole('button', { name: 'Ask again' }).click();
  await shows(page, /We do not know/);
  assert.equal(gateway.creates.length, 1);
  await page.getByRole('button', { name: 'Back to the form' }).click();
  await eventually(async () => assert.deepEqual(JSON.parse(await previewText(page)), READY));
});

test('without a gateway there is no Create, and copying comes first', async (t) => {
  const { page, errors } = await open(t, { clipboard: true, from: browser.plain });
  await review(page);
  await eventually(async () => assert.equal(await page.getByRole('button', { name: /create/i }).count(), 0));
  await eventually(async () => assert.equal(await page.locator('#submission-mark').count(), 0));
  const copy = page.locator('.review').getByRole('button', { name: 'Copy', exact: true });
  assert.equal(await copy.getAttribute('data-kind'), 'primary');
  await copy.click();
  await says(page, /^Copied/);
  assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), READY);
  await page.getByRole('button', { name: 'Back to the form' }).click();
  assert.equal(await page.locator('.output-tools .copy').getAttribute('data-kind'), 'primary');
  assert.deepEqual(errors, []);
});

test('S19 no secret in storage, address or console; it is masked in the review and sent whole', async (t) => {
  const secret = 'bWFya2VyLXVzZXI6bWFya2VyLXNlY3JldA==';
  const { page, gateway } = await openWith(t);
  const lines = [];
  page.on('console', (message) => lines.push(message.text()));
  const { ImageId: _, ...rest } = READY;
  await review(page, { ...rest, ImageUrl: 'registry.cn-hangzhou.aliyuncs.com/a/b:1', ImageAuth: secret });
  await page.locator('.review details summary').first().click();
  assert.ok(!(await page.locator('.review').textContent()).includes(secret));
  await page.getByRole('button', { name: 'Show secrets' }).last().click();
  assert.ok((await page.locator('.review-code').textContent()).includes(secret));
  await send(page);
  await shows(page, /is being created/);
  assert.equal(JSON.parse(gateway.creates[0].text).ImageAuth, secret);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
  assert.ok(kept.includes('dsw-composer.submissions'));
  assert.ok(!kept.includes(secret) && !lines.join().includes(secret) && !gateway.calls.join().includes(secret));
});

test('a request is created by keyboard alone', async (t) => {
  const { page, gateway } = await openWith(t);
  await load(page, READY);
  await tabTo(page, '.output-tools .to-review');
  await page.keyboard.press('Enter');
  await hasFocus(page, 'review-h');
  await tabTo(page, '#create');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel'));
  await page.keyboard.press('Escape');
  await hasFocus(page, 'create');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await shows(page, /is being created/);
  await hasFocus(page, 'review-h');
  assert.equal(gateway.creates.length, 1);
});

/** The states that are looked at. */
const STATES = {
  'the review': { reach: async () => {} },
  'the review with errors': {
    body: { ...READY, InstanceName: 'a-b', Datasets: [{ Uri: 'oss://a', MountPath: 'x' }] },
    reach: (page) => create(page).click(),
  },
  'the dialog': { mode: 'live', reach: (page) => create(page).click() },
  created: { reach: send },
  refused: {
    answer: rejected(),
    reach: async (page) => {
      await send(page);
      await page.locator('.review details summary').first().click();
    },
  },
  unknown: { answer: unknown, mode: 'live', reach: send },
  'not sent': { answer: notSent, reach: send },
};

for (const [state, { reach, answer, mode, body = { ...READY, UserVpc: { VpcId: 'vpc-1' } } }] of Object.entries(STATES)) {
  test(`axe finds nothing in ${state}, light, dark and narrow, and it fits`, async (t) => {
    const { page } = await openWith(t, answer, { mode });
    // The request is not complete with a network of its own, and what is not complete is not sent.
    await review(page, answer || state === 'created' || state === 'the dialog' ? READY : body);
    await reach(page);
    await page.waitForTimeout(200);
    await page.evaluate(axe);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 360, 320]) {
        await page.setViewportSize({ width, height: 800 });
        const { violations } = await page.evaluate(() => window.axe.run(window.document, { resultTypes: ['violations'] }));
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join('\n')}`);
        assert.deepEqual(found, [], `${width} px, ${colorScheme}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${wide} px too wide at ${width} px`);
      }
    }
  });
}
