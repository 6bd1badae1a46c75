// The later half of the program: what the page does before it comes, when it comes, and when it does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, origin } from './browser.mjs';
import {
  body,
  byId,
  control,
  eventually,
  focused,
  hasFocus,
  open,
  paste,
  previewText,
  says,
  showsBody,
} from './fixtures/form.mjs';

const LATER = /-later-[0-9a-f]+\.wasm$/;

/** A profile in which `act` decides about each request for the later half. */
async function profile(t, act) {
  const context = await (await browser()).newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  t.after(() => context.close());
  await context.route(LATER, act);
  return context;
}

/** A profile in which the later half comes when the test says so. */
async function held(t) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  const context = await profile(t, async (route) => {
    await released;
    await route.continue();
  });
  return { context, release };
}

/** What is told at a field. */
const message = (page, name) => page.getByTestId(`error-${name}`);

/** Where a field stands on the screen. */
const top = async (page, name) => (await control(page, name).boundingBox()).y;

test('the later half is fetched when the form is there, compressed and for good', async (t) => {
  const { context, release } = await held(t);
  const asked = context.waitForEvent('request', (request) => LATER.test(request.url()));
  const { page, errors } = await open(t, { context, whole: false });
  const answered = page.waitForResponse(LATER);
  await asked;
  await eventually(async () => assert.equal(await page.locator('[id="InstanceName"]').count(), 1));
  release();
  const { 'content-type': type, 'cache-control': caching } = await (await answered).allHeaders();
  assert.equal(type, 'application/wasm');
  assert.match(caching, /immutable/);
  assert.deepEqual(errors, []);
});

test('the later half is asked for in a pause, or as soon as a field is left', async (t) => {
  const asked = [];
  const context = await profile(t, (route) => asked.push('asked') && route.continue());
  const first = await open(t, { context, whole: false });
  // Nothing is fetched before something could be typed: at once means before the pause.
  await first.page.evaluate(() => {
    const name = document.getElementById('InstanceName');
    name.focus();
    globalThis.before = performance.getEntriesByType('resource').filter(({ name }) => name.includes('-later-')).length;
    name.blur();
  });
  await eventually(() => assert.equal(asked.length, 1));
  assert.equal(await first.page.evaluate(() => globalThis.before), 0);
  // Who does nothing has it a moment later all the same.
  await open(t, { context, whole: true });
  assert.deepEqual(first.errors, []);
});

test('what is typed before the later half comes is judged when it does', async (t) => {
  const { context, release } = await held(t);
  const { page, errors } = await open(t, { context, whole: false });
  await control(page, 'InstanceName').fill('training-data');
  await showsBody(page, { InstanceName: 'training-data' });
  await control(page, 'Priority').pressSequentially('77');
  await showsBody(page, { InstanceName: 'training-data', Priority: 77 });
  assert.equal(await message(page, 'InstanceName').textContent(), '');
  // Nothing is praised that was not judged.
  assert.doesNotMatch(await page.locator('.output-foot').innerText(), /No problems found/);
  const before = await top(page, 'InstanceName');
  release();
  await eventually(async () => assert.match(await message(page, 'InstanceName').textContent(), /letters A to Z/));
  assert.equal(await top(page, 'InstanceName'), before);
  assert.ok(await control(page, 'Priority').evaluate((element) => element === document.activeElement));
  assert.deepEqual(await body(page), { InstanceName: 'training-data', Priority: 77 });
  assert.deepEqual(errors, []);
});

test('what is pasted before the later half comes is imported when it does', async (t) => {
  const { context, release } = await held(t);
  const { page, errors } = await open(t, { context, whole: false });
  await paste(page, '{"InstanceName": "pasted", "Datasets": [{"MountPath": "/mnt/data"}], "Other": 1}');
  assert.equal(await previewText(page), '{}');
  release();
  const wanted = { InstanceName: 'pasted', Datasets: [{ MountPath: '/mnt/data' }], Other: 1 };
  await showsBody(page, wanted);
  assert.equal(await byId(page, 'import-json').inputValue(), '');
  assert.equal(await control(page, 'Datasets[0].MountPath').inputValue(), '/mnt/data');
  assert.deepEqual(errors, []);
});

test('a copy that is asked for early is made at once, and says later what is wrong with it', async (t) => {
  const { context, release } = await held(t);
  const { page, errors } = await open(t, { context, whole: false });
  await control(page, 'InstanceName').fill('a-b');
  await page.locator('.output-tools').getByRole('button', { name: 'Copy' }).click();
  await eventually(async () => {
    assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), { InstanceName: 'a-b' });
  });
  release();
  await says(page, /^Copied with \d errors?\.$/);
  await hasFocus(page, 'summary');
  assert.deepEqual(errors, []);
});

test('F8 that is pressed early leads to the first problem when there is one', async (t) => {
  const { context, release } = await held(t);
  const { page, errors } = await open(t, { context, whole: false });
  await control(page, 'InstanceName').fill('a-b');
  await byId(page, 'filter').press('F8');
  release();
  await says(page, /^Problem 1 of \d/);
  assert.deepEqual(await body(page), { InstanceName: 'a-b' });
  // In the order of the form: F8 tells of missing values too.
  await hasFocus(page, 'WorkspaceId');
  assert.deepEqual(errors, []);
});

test('a row that is added early is there when it can be', async (t) => {
  const { context, release } = await held(t);
  const { page, errors } = await open(t, { context, whole: false });
  await byId(page, 'Datasets-add').click();
  release();
  await byId(page, 'Datasets[0]-row').waitFor();
  await eventually(async () => assert.match(await focused(page), /^Datasets\[0\]/));
  assert.deepEqual(errors, []);
});

test('a draft that was kept is there before the form is', async (t) => {
  const context = await profile(t, (route) => route.continue());
  const first = await open(t, { context });
  await control(first.page, 'InstanceName').fill('kept');
  await first.page.close({ runBeforeUnload: false });
  const visit = await open(t, { context, ready: '#draft-found' });
  assert.equal(await control(visit.page, 'InstanceName').inputValue(), 'kept');
  assert.deepEqual(visit.errors, []);
});

test('a later half that does not come is told, copying works, and trying again brings it', async (t) => {
  let comes = false;
  const context = await profile(t, (route) => (comes ? route.continue() : route.abort()));
  const { page, errors } = await open(t, { context, whole: false });
  await says(page, /^Checks, import and rows could not be loaded\./);
  const notice = page.getByTestId('not-loaded');
  assert.match(await notice.innerText(), /not loaded/);
  await control(page, 'InstanceName').fill('a-b');
  await showsBody(page, { InstanceName: 'a-b' });
  await page.locator('.output-tools').getByRole('button', { name: 'Copy' }).click();
  await says(page, /^Copied, unchecked\.$/);
  assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), { InstanceName: 'a-b' });
  assert.equal(await message(page, 'InstanceName').textContent(), '');
  // The browser reports the request, the page what came of it; nothing else went wrong.
  assert.deepEqual(errors.filter((error) => !/ERR_FAILED|Failed to fetch|failed: .*-later-/.test(error)), []);

  comes = true;
  await notice.getByRole('button', { name: 'Try again' }).click();
  await eventually(async () => assert.match(await message(page, 'InstanceName').textContent(), /Error:/));
  assert.ok(await notice.isHidden());
  assert.ok(page.url().startsWith(origin));
});

test('the review is fetched when it is first wanted; if it does not come it says so, and comes on the next try', async (t) => {
  const MORE = /-more-[0-9a-f]+\.wasm$/;
  let comes = false;
  const context = await profile(t, (route) => route.continue());
  await context.route(MORE, (route) => (comes ? route.continue() : route.abort()));
  const asked = [];
  context.on('request', (request) => MORE.test(request.url()) && asked.push(request.url()));
  const { page, errors } = await open(t, { context });
  await control(page, 'InstanceName').fill('wanted');
  assert.deepEqual(asked, []);
  await page.locator('.output .to-review:visible').click();
  const review = byId(page, 'review');
  await review.getByText('This part could not be loaded.').waitFor();
  assert.ok(asked.length >= 1);
  comes = true;
  await review.getByRole('button', { name: 'Try again' }).click();
  await review.getByRole('heading', { level: 1, name: 'Review' }).waitFor();
  await hasFocus(page, 'review-h');
  assert.deepEqual(errors.filter((error) => !/ERR_FAILED|Failed to fetch|failed: .*-more-/.test(error)), []);
});
