// The body edited in place (F39): the text is read as what is pasted is, applied as one step, and its secrets stay.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { alone, assertAlive, body, byId, control, eventually, hasFocus, load, open, says, showsBody } from './fixtures/form.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const SECRET = 'c2VjcmV0OnNlY3JldA==';
const MARK = '••••••';
const area = (page) => byId(page, 'edit-json');
const status = (page, words) => eventually(async () => assert.match(await byId(page, 'edit-json-status').textContent(), words));
const edit = async (page) => {
  await page.locator('.output-foot').getByRole('button', { name: 'Edit JSON' }).click();
  await area(page).waitFor();
  await hasFocus(page, 'edit-json');
};
const pressed = (page, name) => page.locator('.edit-json').getByRole('button', { name, exact: true }).click();
const caret = (page) =>
  area(page).evaluate((it) => {
    const before = it.value.slice(0, it.selectionStart).split('\n');
    return [before.length, before.at(-1).length + 1];
  });

test('F39 the JSON is edited in place and applied as one step, and nothing else changes', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { InstanceName: 'a', WorkspaceId: '1', Future: { x: 1 } });
  // What is half typed is in no body, and stays.
  await control(page, 'Priority').fill('x');
  await edit(page);
  assert.equal(await page.locator('pre.code').isVisible(), false);
  const text = await area(page).inputValue();
  assert.deepEqual(JSON.parse(text), { InstanceName: 'a', WorkspaceId: '1', Future: { x: 1 } });
  await status(page, /Valid: 2 values set\./);
  await area(page).fill(text.replace('"a"', '"b"').replace('"x": 1', '"x": 2, "y": [1]'));
  await page.keyboard.press('Control+Enter');
  await says(page, /^Imported: 2 values set/);
  await showsBody(page, { InstanceName: 'b', WorkspaceId: '1', Future: { x: 2, y: [1] } });
  assert.equal(await control(page, 'Priority').inputValue(), 'x');
  await eventually(async () => assert.equal(await area(page).count(), 0));
  assert.equal(await page.locator('pre.code').isVisible(), true);
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(page, { InstanceName: 'a', WorkspaceId: '1', Future: { x: 1 } });
  assert.equal(await control(page, 'Priority').inputValue(), 'x');
  await assertAlive(page, errors);
});

test('F39 what is wrong is told with line and column while one types, and the cursor goes there', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { InstanceName: 'a' });
  await edit(page);
  await area(page).fill('{\n  "InstanceName": "名字😀",\n  "Priority": 01\n}');
  await status(page, /Line 3, column \d+: /);
  assert.equal(await area(page).getAttribute('aria-invalid'), 'true');
  await pressed(page, 'Apply');
  await hasFocus(page, 'edit-json');
  const [line, column] = await caret(page);
  assert.equal(line, 3);
  const said = await byId(page, 'edit-json-status').textContent();
  assert.match(said, new RegExp(`Line 3, column ${column}:`));
  // The form is as it was, and the text too.
  assert.deepEqual(await body(page), { InstanceName: 'a' });
  await area(page).evaluate((it) => it.setSelectionRange(0, 0));
  await pressed(page, 'Go to line 3');
  assert.deepEqual(await caret(page), [line, column]);
  await area(page).fill('{"InstanceName": "b"}');
  await status(page, /Valid: 1 value set\./);
  assert.equal(await area(page).getAttribute('aria-invalid'), null);
  await pressed(page, 'Apply');
  await showsBody(page, { InstanceName: 'b' });
  await assertAlive(page, errors);
});

test('F39 the editor opens at the line of the field that one was in', async (t) => {
  const { page, errors } = await open(t);
  const datasets = Array.from({ length: 40 }, (_, n) => ({ Uri: `oss://b${n}/`, MountPath: `/mnt/${n}` }));
  await load(page, { InstanceName: 'a', ImageAuth: SECRET, Datasets: datasets });
  await edit(page);
  assert.deepEqual(await caret(page), [1, 1]);
  await page.keyboard.press('Escape');
  await control(page, 'ImageAuth').or(byId(page, 'ImageAuth')).first().focus();
  await page.locator('.code-line[aria-current]').first().waitFor();
  await edit(page);
  const [line] = await caret(page);
  const text = await area(page).inputValue();
  assert.match(text.split('\n')[line - 1], /"ImageAuth"/);
  await assertAlive(page, errors);
});

test('F39 nothing is taken away past what is typed: the page says that it is to be applied first', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await load(page, { InstanceName: 'a' });
  await edit(page);
  await area(page).fill('{"InstanceName": "b"}');
  await page.evaluate(() => navigator.clipboard.writeText('before'));
  const foot = page.locator('.output-foot');
  for (const press of [
    () => page.locator('.output-tools .copy').click(),
    () => page.locator('.output-tools').getByRole('button', { name: 'Download' }).click(),
    () => foot.getByRole('button', { name: 'Share' }).click(),
    () => foot.getByRole('button', { name: 'What changed' }).click(),
  ]) {
    await press();
    await says(page, /^What you typed in the JSON is not in the request yet: apply it, or cancel\./);
    await hasFocus(page, 'edit-json');
    await page.locator('.toast').getByRole('button', { name: 'Dismiss' }).click();
    await eventually(async () => assert.equal(await page.locator('.toast').count(), 0));
  }
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'before');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  // The review shows the request as it is, and says so.
  await page.locator('.output-tools .to-review').click();
  await says(page, /^What you typed in the JSON is not in the request yet/);
  await page.goBack();
  await area(page).waitFor();
  assert.equal(await area(page).inputValue(), '{"InstanceName": "b"}');
  await pressed(page, 'Apply');
  await showsBody(page, { InstanceName: 'b' });
  await page.locator('.output-tools .copy').click();
  await says(page, /^Copied/);
  assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), { InstanceName: 'b' });
  await assertAlive(page, errors);
});

test('F39 Escape and Cancel ask before they throw away what was typed', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { InstanceName: 'a' });
  await edit(page);
  await page.keyboard.press('Escape');
  await eventually(async () => assert.equal(await area(page).count(), 0));
  await edit(page);
  await area(page).fill('{"InstanceName": "typed"');
  await page.keyboard.press('Escape');
  await hasFocus(page, 'edit-json-keep');
  await page.keyboard.press('Escape');
  await hasFocus(page, 'edit-json');
  assert.equal(await area(page).inputValue(), '{"InstanceName": "typed"');
  await pressed(page, 'Cancel');
  await pressed(page, 'Keep editing');
  await hasFocus(page, 'edit-json');
  await pressed(page, 'Cancel');
  await pressed(page, 'Discard');
  await says(page, /^The edited JSON was discarded\./);
  await eventually(async () => assert.equal(await area(page).count(), 0));
  assert.deepEqual(await body(page), { InstanceName: 'a' });
  // Tab leads on.
  await edit(page);
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.id), 'edit-json');
  await assertAlive(page, errors);
});

test('F39 F62 secrets are never in the text, stay where they are left, and are named where they go', async (t) => {
  const { page, errors } = await open(t);
  const request = { ImageAuth: SECRET, EnvironmentVariables: { DB_PASSWORD: 'hunter2', PORT: '80' } };
  await load(page, request);
  await edit(page);
  const text = await area(page).inputValue();
  assert.doesNotMatch(text, /c2VjcmV0|hunter2/);
  assert.ok(text.includes(`"DB_PASSWORD": "${MARK}2"`), text);
  await area(page).fill(text.replace('"80"', '"90"'));
  await pressed(page, 'Apply');
  await showsBody(page, { ...request, EnvironmentVariables: { DB_PASSWORD: 'hunter2', PORT: '90' } });
  await edit(page);
  await area(page).fill(`{"EnvironmentVariables": {"OTHER_PASSWORD": "${MARK}2", "PORT": "90"}}`);
  await pressed(page, 'Apply');
  await says(page, /Secrets replaced or taken away: ImageAuth\./);
  await showsBody(page, { EnvironmentVariables: { OTHER_PASSWORD: 'hunter2', PORT: '90' } });
  await edit(page);
  for (const wrong of [`{"ImageAuth": "${MARK}7"}`, `{"ImageAuth": "a${MARK}1"}`, `{"${MARK}1": 1}`]) {
    await area(page).fill(wrong);
    await status(page, /Line 1, column \d+: this mark stands for no secret/);
    await pressed(page, 'Apply');
  }
  assert.deepEqual(await body(page), { EnvironmentVariables: { OTHER_PASSWORD: 'hunter2', PORT: '90' } });
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.title]));
  assert.doesNotMatch(kept, /c2VjcmV0|hunter2/);
  await assertAlive(page, errors);
});

test('F39 the text may be written as what is pasted may', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { InstanceName: 'a', ImageAuth: SECRET });
  await edit(page);
  await area(page).fill(`{\n  // renamed\n  InstanceName: 'b',\n  'ImageAuth': '${MARK}1',\n}`);
  await status(page, /Valid: 2 values set\./);
  await pressed(page, 'Apply');
  await showsBody(page, { InstanceName: 'b', ImageAuth: SECRET });
  await edit(page);
  await area(page).fill('{"InstanceName": "a"} {"InstanceName": "b"}');
  await status(page, /The text holds several requests\./);
  await pressed(page, 'Apply');
  await hasFocus(page, 'edit-json');
  assert.deepEqual(await body(page), { InstanceName: 'b', ImageAuth: SECRET });
  await assertAlive(page, errors);
});

test('F39 an edit of the form meanwhile is shown, or told', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { InstanceName: 'a' });
  await edit(page);
  await control(page, 'InstanceName').fill('b');
  await eventually(async () => assert.match(await area(page).inputValue(), /"b"/));
  await area(page).fill('{"InstanceName": "c"}');
  await control(page, 'WorkspaceId').fill('7');
  const told = page.getByText('The form has changed since.');
  await told.waitFor();
  await pressed(page, 'Apply');
  await showsBody(page, { InstanceName: 'c' });
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(page, { InstanceName: 'b', WorkspaceId: '7' });
  await assertAlive(page, errors);
});

test('F39 F65 what is typed outlives a change of language, and asks before the page is left', async (t) => {
  const { page, errors } = await open(t, alone);
  await load(page, { InstanceName: 'a' });
  await edit(page);
  await area(page).fill('{"InstanceName": "typed"');
  await byId(page, 'language-zh-CN').check({ force: true });
  await eventually(async () => assert.equal(await page.locator('.edit-json').getAttribute('aria-label'), '编辑 JSON'));
  assert.equal(await area(page).inputValue(), '{"InstanceName": "typed"');
  await eventually(async () => assert.equal(await page.locator('.edit-json').count(), 1));
  const asked = page.waitForEvent('dialog');
  page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
  assert.equal(await area(page).inputValue(), '{"InstanceName": "typed"');
  await assertAlive(page, errors);
});

for (const [colorScheme, locale, width] of [['light', 'en-US', 1280], ['dark', 'zh-CN', 360]]) {
  test(`F64 axe finds nothing in the editor, ${colorScheme}, ${locale}, ${width} px`, async (t) => {
    const { page, errors } = await open(t, { colorScheme, locale, width });
    await page.getByTestId('import-json').evaluate((it, text) => {
      it.value = text;
      it.dispatchEvent(new Event('input', { bubbles: true }));
    }, JSON.stringify({ InstanceName: 'a', ImageAuth: SECRET }));
    await eventually(async () => assert.equal(await control(page, 'InstanceName').inputValue(), 'a'));
    await page.keyboard.press('Escape');
    await page.locator('.form h1').click();
    await page.keyboard.press('?');
    await page.keyboard.type(locale === 'en-US' ? 'Edit JSON' : '编辑 JSON');
    await page.keyboard.press('Enter');
    await hasFocus(page, 'edit-json');
    assert.ok(await area(page).isVisible());
    await area(page).fill('{"InstanceName": ');
    await eventually(async () => assert.equal(await area(page).getAttribute('aria-invalid'), 'true'));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(window.document, { resultTypes: ['violations'] }));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
    const overflow = await page.locator('.edit-json').evaluate((it) => it.scrollWidth - it.clientWidth);
    assert.ok(overflow <= 1, `${overflow} px do not fit`);
    await assertAlive(page, errors);
  });
}
