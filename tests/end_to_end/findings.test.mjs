// Findings: when they are told, how one gets from one to the next, the rule behind each, and what mends them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  alone,
  assertAlive,
  byId,
  control,
  document,
  eventually,
  hasFocus,
  load,
  open,
  says,
  settle,
  showsBody,
  tabTo,
} from './fixtures/form.mjs';

const message = (page, name) => page.locator(`[data-testid=${JSON.stringify(`error-${name}`)}]`);
const copy = (page) => page.locator('.output-tools').getByRole('button', { name: 'Copy' }).click();
const rail = (page, anchor) => page.locator(`.rail-link[href="#${anchor}"] small`).textContent();

test('what typing on may mend is told on leaving, and goes as soon as it is mended', async (t) => {
  const { page, errors } = await open(t);
  const name = 'UserVpc.ExtendedCIDRs[0]';
  await (await settle(byId(page, 'UserVpc.ExtendedCIDRs-add'))).click();
  await hasFocus(page, name);
  for (const letter of '10.0.0.0') {
    await page.keyboard.press(letter);
    await showsBody(page, { UserVpc: { ExtendedCIDRs: [await control(page, name).inputValue()] } });
    assert.equal(await message(page, name).textContent(), '');
    assert.equal(await control(page, name).getAttribute('aria-invalid'), null);
  }
  // What waits is counted and marked already.
  assert.match(await rail(page, 'network'), /error/);
  await eventually(async () => assert.equal(await page.locator('.code-line[data-tone=error]').count(), 1));
  await page.keyboard.press('Tab');
  await eventually(async () => assert.match(await message(page, name).textContent(), /IPv4 range/));
  assert.equal(await control(page, name).getAttribute('aria-invalid'), 'true');
  // Told once, it follows each letter.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('End');
  await page.keyboard.press('/');
  await eventually(async () => assert.match(await message(page, name).textContent(), /IPv4 range/));
  await page.keyboard.press('8');
  await eventually(async () => assert.equal(await message(page, name).textContent(), ''));
  // Mended, it waits again.
  await page.keyboard.press('x');
  await showsBody(page, { UserVpc: { ExtendedCIDRs: ['10.0.0.0/8x'] } });
  assert.equal(await message(page, name).textContent(), '');
  await assertAlive(page, errors);
});

test('what typing on cannot mend is told at once, letter by letter', async (t) => {
  const { page, errors } = await open(t);
  const name = message(page, 'InstanceName');
  await control(page, 'InstanceName').focus();
  for (const [key, invalid] of [['x', false], ['-', true], ['y', true], ['Backspace', true], ['Backspace', false]]) {
    await page.keyboard.press(key);
    await eventually(async () => assert.equal((await name.textContent()) !== '', invalid, key));
    assert.equal(await name.isVisible(), invalid);
  }
  await page.keyboard.type('a'.repeat(27));
  await eventually(async () => assert.match(await name.textContent(), /28 characters; the limit is 27/));
  await tabTo(page, '[name=Priority]');
  await page.keyboard.press('9');
  await page.keyboard.press('9');
  await eventually(async () => assert.match(await message(page, 'Priority').textContent(), /99/));
  await assertAlive(page, errors);
});

test('a message that comes on leaving does not take away what is being pressed', async (t) => {
  const { page, errors } = await open(t);
  // A priority without a quota would be told on its own account.
  await load(page, { ResourceId: 'quota1' });
  await control(page, 'Priority').fill('seven');
  assert.equal(await message(page, 'Priority').textContent(), '');
  await byId(page, 'EnvironmentVariables-add').click();
  await control(page, 'EnvironmentVariables[0].Key').waitFor();
  assert.match(await message(page, 'Priority').textContent(), /whole number/);
  // Pressed long, it waits as long.
  await control(page, 'Priority').fill('eight');
  await control(page, 'Priority').fill('8');
  await control(page, 'Priority').fill('nine');
  const add = byId(page, 'EnvironmentVariables-add');
  await add.scrollIntoViewIfNeeded();
  // What comes into sight is laid out in the next frame.
  await page.waitForTimeout(100);
  const { x, y, width, height } = await add.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.waitForTimeout(300);
  assert.equal(await message(page, 'Priority').textContent(), '');
  await page.mouse.up();
  await control(page, 'EnvironmentVariables[1].Key').waitFor();
  assert.match(await message(page, 'Priority').textContent(), /nine/);
  await assertAlive(page, errors);
});

test('errors across fields are told with the result, and an import tells them at once', async (t) => {
  const { page, errors } = await open(t, { ...alone, clipboard: true });
  const both = { ImageId: 'image-05cefd0be2exxxx', ImageUrl: 'registry.cn-shanghai.aliyuncs.com/a/b:1' };
  for (const [name, value] of Object.entries(both)) await control(page, name).fill(value);
  await control(page, 'InstanceName').focus();
  await showsBody(page, both);
  assert.match(await rail(page, 'image'), /1 error/);
  for (const name of Object.keys(both)) assert.equal(await message(page, name).textContent(), '');
  await copy(page);
  for (const name of Object.keys(both)) {
    await eventually(async () => assert.match(await message(page, name).textContent(), /are both set/));
  }
  await page.reload();
  await byId(page, 'draft-found').getByRole('button', { name: 'Start empty' }).click();
  await showsBody(page, {});
  await load(page, both);
  for (const name of Object.keys(both)) {
    await eventually(async () => assert.match(await message(page, name).textContent(), /are both set/));
  }
  assert.equal(await message(page, 'InstanceName').textContent(), '');
  await assertAlive(page, errors);
});

test('the summary tells an error across fields once, with both names, and the title says so', async (t) => {
  const { page, errors } = await open(t, { ...alone, clipboard: true });
  const both = { ImageId: 'image-05cefd0be2exxxx', ImageUrl: 'registry.cn-shanghai.aliyuncs.com/a/b:1' };
  await load(page, { ...JSON.parse(document('smallest')), ...both, Future: 1 });
  assert.equal(await page.title(), 'DSW Composer');
  await copy(page);
  await hasFocus(page, 'summary');
  assert.equal(await page.title(), 'Error: DSW Composer');
  const entries = page.locator('#summary li', { hasText: 'are both set' });
  await eventually(async () => assert.equal(await entries.count(), 1));
  assert.match(await entries.textContent(), /Keep one\. Image, Image address$/);
  const summary = page.locator('#summary');
  assert.match(await summary.textContent(), /There is a problem/);
  // Warnings stand apart.
  assert.match(await summary.locator('p').textContent(), /^1 warning does not stop you:$/);
  assert.match(await summary.locator('ul').nth(1).textContent(), /Future$/);
  await control(page, 'ImageUrl').fill('');
  await eventually(async () => assert.equal(await page.title(), 'DSW Composer'));
  await eventually(async () => assert.equal(await summary.isVisible(), false));
  await assertAlive(page, errors);
});

test('the summary names a variable as it is called now', async (t) => {
  const { page, errors } = await open(t, { ...alone, clipboard: true });
  await load(page, { ...JSON.parse(document('smallest')), EnvironmentVariables: { OLD: 5 } });
  await copy(page);
  const entries = page.locator('#summary li');
  await eventually(async () => assert.match((await entries.allTextContents()).join('\n'), /EnvironmentVariables\.OLD$/m));
  await control(page, 'EnvironmentVariables[0].Key').fill('NEW');
  await eventually(async () => assert.match((await entries.allTextContents()).join('\n'), /EnvironmentVariables\.NEW$/m));
  await assertAlive(page, errors);
});

test('F8 leads from problem to problem, opens what is folded, ends the filter, and begins again', async (t) => {
  const { page, errors } = await open(t);
  const row = (n) => ({ DatasetId: `d-${n}`, MountPath: `/mnt/data/${n}`, MountAccess: 'RO' });
  const rows = Array.from({ length: 60 }, (_, n) => row(n));
  rows[2].MountAccess = 'OR';
  rows[55].MountAccess = 'OR';
  await load(page, {
    ...JSON.parse(document('smallest')),
    InstanceName: 'a-b',
    Datasets: rows,
  });
  const total = await page.locator('.output-foot .badge').evaluateAll((badges) =>
    badges.map((badge) => parseInt(badge.textContent, 10)).reduce((a, b) => a + b, 0),
  );
  await page.getByLabel('Filter fields').fill('Instance name');
  const places = ['InstanceName', 'Datasets[2].MountAccess', 'Datasets[55].MountAccess'];
  const seen = [];
  for (let n = 1; n <= total; n += 1) {
    await page.keyboard.press('F8');
    await says(page, new RegExp(`^Problem ${n} of ${total}: `));
    seen.push(
      await eventually(async () => {
        const id = await page.evaluate(() => window.document.activeElement.id);
        assert.notEqual(id, 'filter');
        assert.notEqual(id, seen.at(-1));
        return id;
      }),
    );
  }
  for (const place of places) assert.ok(seen.includes(place), `${place} in ${seen}`);
  assert.equal(await page.getByLabel('Filter fields').inputValue(), '');
  await page.keyboard.press('F8');
  await says(page, new RegExp(`^Problem 1 of ${total}: `));
  await hasFocus(page, seen[0]);
  await page.keyboard.press('Shift+F8');
  await says(page, new RegExp(`^Problem ${total} of ${total}: `));
  // From another field, it goes on from there.
  await control(page, 'ImageId').focus();
  await page.keyboard.press('F8');
  const behind = seen.find((id) => id.startsWith('Datasets'));
  await hasFocus(page, behind);
  await control(page, 'ImageId').focus();
  await page.keyboard.press('Shift+F8');
  await eventually(async () => assert.ok(!(await page.evaluate(() => window.document.activeElement.id)).startsWith('Datasets')));
  await assertAlive(page, errors);
});

test('the button leads to the next problem too, and goes with the last', async (t) => {
  const { page, errors } = await open(t);
  const next = page.getByRole('button', { name: 'Next problem' });
  await load(page, { ...JSON.parse(document('smallest')), InstanceName: 'a-b' });
  await next.click();
  await says(page, /^Problem 1 of 1: Use only the letters/);
  await hasFocus(page, 'InstanceName');
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await eventually(async () => assert.equal(await next.isVisible(), false));
  await page.keyboard.press('F8');
  await says(page, /^No problems found\.$/);
  await assertAlive(page, errors);
});

test('on a narrow screen the next problem is seen, not covered by the sheet', async (t) => {
  const { page, errors } = await open(t, { width: 360, height: 740 });
  await control(page, 'WorkspaceId').fill('1');
  await control(page, 'InstanceName').fill('a-b');
  await page.locator('.output-more').click();
  await page.getByRole('button', { name: 'Next problem' }).click();
  await hasFocus(page, 'InstanceName');
  await eventually(async () => {
    const covered = await control(page, 'InstanceName').evaluate((input) => {
      const { x, y, width, height } = input.getBoundingClientRect();
      return window.document.elementFromPoint(x + width / 2, y + height / 2) !== input;
    });
    assert.equal(covered, false);
  });
  await assertAlive(page, errors);
});

test('each message tells its rule on demand, by keyboard', async (t) => {
  const { page, errors } = await open(t, alone);
  await load(page, { InstanceName: 'a-b' });
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await control(page, 'InstanceName').focus();
  await tabTo(page, '[aria-label="Why: rule R03"]', { most: 3 });
  const why = page.getByRole('button', { name: 'Why: rule R03' });
  assert.equal(await why.getAttribute('aria-expanded'), 'false');
  const answer = byId(page, await why.getAttribute('aria-controls'));
  assert.equal(await answer.isVisible(), false);
  await page.keyboard.press('Enter');
  await eventually(async () => assert.match(await answer.textContent(), /^Rule R03, documented by the service\. \S/));
  assert.equal(await why.getAttribute('aria-expanded'), 'true');
  // While it is open it stays so, whatever the message says meanwhile.
  await control(page, 'InstanceName').fill('a-b-c');
  await eventually(async () => assert.match(await answer.textContent(), /^Rule R03/));
  await why.press('Space');
  await eventually(async () => assert.equal(await answer.isVisible(), false));
  await why.press('Space');
  await eventually(async () => assert.equal(await answer.isVisible(), true));
  assert.deepEqual(asked, ['/assets/rules.json'], 'the texts are loaded once, when they are wanted');
  await assertAlive(page, errors);
});

test('an explanation that does not come says so, and comes on the next try', async (t) => {
  const { page } = await open(t);
  await load(page, { InstanceName: 'a-b' });
  const why = page.getByRole('button', { name: 'Why: rule R03' });
  const answer = byId(page, await why.getAttribute('aria-controls'));
  for (const hinder of [
    (route) => route.abort(),
    (route) => route.fulfill({ status: 404, body: 'no' }),
    (route) => route.fulfill({ body: 'no JSON' }),
    (route) => route.fulfill({ body: '[]' }),
    (route) => route.fulfill({ status: 404, body: '{"error":"no"}' }),
  ]) {
    await page.route('**/rules.json', hinder);
    await why.click();
    await eventually(async () => assert.match(await answer.textContent(), /could not be loaded/));
    await why.click();
    await page.unroute('**/rules.json');
  }
  await why.click();
  await eventually(async () => assert.match(await answer.textContent(), /^Rule R03, /));
  await assertAlive(page, []);
});

test('a fix says what it did, leads back to the field and can be taken back', async (t) => {
  const { page, errors } = await open(t);
  const request = { Accessibility: 'private', UserVpc: { ExtendedCIDRs: ['10.0.0.1/8'] } };
  await load(page, request);
  await message(page, 'Accessibility').getByRole('button', { name: 'Use PRIVATE' }).click();
  await says(page, /^Changed to PRIVATE\.$/);
  await hasFocus(page, 'Accessibility');
  // At a row of a list as well.
  await message(page, 'UserVpc.ExtendedCIDRs[0]').getByRole('button', { name: 'Use 10.0.0.0/8' }).click();
  await says(page, /^Changed to 10\.0\.0\.0\/8\.$/);
  await hasFocus(page, 'UserVpc.ExtendedCIDRs[0]');
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(page, { ...request, Accessibility: 'PRIVATE' });
  await assertAlive(page, errors);
});

test('a folded row says what is wrong inside it', async (t) => {
  const { page, errors } = await open(t);
  const rows = Array.from({ length: 5 }, (_, n) => ({ DatasetId: `d-${n}`, MountPath: `/m/${n}` }));
  rows[3].MountAccess = 'OR';
  await load(page, { Datasets: rows });
  const row = byId(page, 'Datasets[3]-row');
  assert.equal(await row.locator('.row-title').getAttribute('aria-expanded'), 'false');
  assert.match(await row.locator('.row-head').textContent(), /1 error/);
  assert.equal(await row.getAttribute('data-tone'), 'error');
  await assertAlive(page, errors);
});

test('a text of more than 1 MiB is refused without freezing the page', async (t) => {
  const { page, errors } = await open(t);
  for (const megabytes of [1, 4, 16]) {
    const taken = await page.evaluate(async (length) => {
      const area = window.document.querySelector('[data-testid="import-json"]');
      area.value = `{"InstanceName":"${'x'.repeat(length)}"}`;
      const begin = performance.now();
      area.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }));
      while (!/limit is 1 MiB/.test(window.document.querySelector('#import-json-msg').textContent)) {
        await new Promise((resolve) => setTimeout(resolve));
      }
      const refused = performance.now() - begin;
      area.value = '';
      area.dispatchEvent(new InputEvent('input', { bubbles: true }));
      return refused;
    }, megabytes * 1024 * 1024);
    t.diagnostic(`${megabytes} MiB refused after ${taken.toFixed(1)} ms`);
    assert.ok(taken < 2000, `${taken} ms`);
    assert.equal(await page.getByTestId('import-json').inputValue(), '');
  }
  await control(page, 'InstanceName').fill('still_there');
  await showsBody(page, { InstanceName: 'still_there' });
  await assertAlive(page, errors);
});

test('a program that stops says so and offers the draft', async (t) => {
  const { page } = await open(t);
  // Secrets are hidden in the preview and not kept in the browser, but they are in what is offered.
  const login = { ImageUrl: 'registry.cn-shanghai.aliyuncs.com/a/b:1', ImageAuth: 'dXNlcjpwYXNzd29yZA==' };
  const { ImageId, ...rest } = JSON.parse(document('smallest'));
  const request = { ...rest, ...login };
  await load(page, request);
  await eventually(async () => assert.match(await page.locator('.bar-draft').textContent(), /Saved/));
  assert.doesNotMatch(await page.getByTestId('json-preview').textContent(), /dXNl/);
  // A browser that refuses to make elements is what the program takes for impossible.
  await page.evaluate(() => {
    window.document.createElement = () => {
      throw new Error('no');
    };
  });
  await byId(page, 'Datasets-add').click();
  const notice = page.getByRole('alert').filter({ hasText: 'DSW Composer has stopped' });
  await notice.waitFor();
  const saved = page.waitForEvent('download');
  await notice.getByRole('link', { name: 'Download the draft' }).click();
  const file = await saved;
  assert.equal(file.suggestedFilename(), 'create-instance.json');
  const { Datasets, ...offered } = JSON.parse(readFileSync(await file.path(), 'utf8'));
  assert.deepEqual(offered, request);
  assert.ok(Datasets === undefined || Datasets.length === 1, 'the step that stopped it may have been taken');
  // Reloading does not begin with what may have stopped it, but offers it.
  await notice.getByRole('link', { name: 'Reload' }).click();
  const found = byId(page, 'draft-found');
  await found.waitFor();
  assert.match(await found.textContent(), /stopped on your last visit/);
  await showsBody(page, {});
  await found.getByRole('button', { name: 'Take over that draft' }).click();
  const name = control(page, 'InstanceName');
  await eventually(async () => assert.equal(await name.inputValue(), request.InstanceName));
  await page.reload();
  await eventually(async () => assert.match(await found.textContent(), /^Draft restored/));
  assert.equal(await name.inputValue(), request.InstanceName);
});
