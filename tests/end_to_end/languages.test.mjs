// Languages (F65): the page speaks English and Chinese, by the browser's choice or the person's, and changes between
// them without losing anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, open, plain } from './browser.mjs';
import { assertAlive, body, byId, control, eventually, load, showsBody } from './fixtures/form.mjs';

const CATALOGUE = '**/assets/zh.tsv';
const CHINESE = { locale: 'zh-CN' };
const lang = (page) => page.evaluate(() => document.documentElement.lang);
const heading = (page) => page.locator('#basics-h').textContent();
const choose = (page, tag) => byId(page, `language-${tag}`).check({ force: true });

/** What the form says in Chinese, at each of these. */
const speaksChinese = (page) => eventually(async () => assert.equal(await heading(page), '基本信息'));
const speaksEnglish = (page) => eventually(async () => assert.equal(await heading(page), 'Basics'));

test('F65: the language is the first of those of the browser that the page speaks', async (t) => {
  for (const [locale, tag, words] of [
    ['zh-CN', 'zh-CN', '基本信息'],
    ['zh-TW', 'zh-CN', '基本信息'],
    ['en-GB', 'en', 'Basics'],
    ['de-DE', 'en', 'Basics'],
  ]) {
    const { page, errors } = await open(t, '/#all', { locale });
    assert.equal(await lang(page), tag, locale);
    assert.equal(await heading(page), words, locale);
    await assertAlive(page, errors);
  }
});

test('F65: a Chinese visitor is shown Chinese from the first paint on, and it is fetched before the program', async (t) => {
  const context = await (await browser()).newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  await context.addInitScript(() => {
    globalThis.seen = [];
    new MutationObserver(() => {
      const title = document.querySelector('#basics-h')?.textContent;
      if (title && globalThis.seen.at(-1) !== title) globalThis.seen.push(title);
    }).observe(document, { childList: true, subtree: true });
  });
  const asked = [];
  context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const { page, errors } = await open(t, '/#all', { context });
  assert.deepEqual(await page.evaluate(() => globalThis.seen), ['基本信息']);
  assert.equal(asked.filter((path) => path.endsWith('/zh.tsv')).length, 1, 'it is fetched once');
  // What is said when the program has stopped is there in both languages, and shown in one.
  const shown = await page.evaluate(() => {
    const crashed = document.getElementById('crashed');
    crashed.hidden = false;
    const said = crashed.innerText;
    crashed.hidden = true;
    return said;
  });
  assert.match(shown, /已停止运行[^]*重新加载/);
  assert.doesNotMatch(shown, /has stopped|Reload/);
  await assertAlive(page, errors);
});

test('F65: an English visitor fetches no other language', async (t) => {
  const context = await (await browser()).newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  await open(t, '/#all', { context });
  assert.ok(!asked.some((url) => /\.tsv|\.zh\./.test(url)), asked.join(' '));
});

test('F65: the language is changed without losing input, steps, focus or place', async (t) => {
  const { page, errors } = await open(t, '/#all');
  await load(page, { WorkspaceId: '40823', InstanceName: 'train_1', Datasets: [{ Uri: 'oss://a' }, { Uri: 'oss://b' }] });
  await control(page, 'Priority').fill('seven');
  await byId(page, 'import-json').fill('{ half');
  const before = await body(page);
  const place = () => page.evaluate(() => document.getElementById('Priority').getBoundingClientRect().top);
  await control(page, 'Priority').focus();
  const top = await place();
  await page.evaluate(() => {
    const radio = document.getElementById('language-zh-CN');
    radio.focus({ preventScroll: true });
    radio.click();
  });
  await speaksChinese(page);
  assert.equal(await lang(page), 'zh-CN');
  assert.deepEqual(await body(page), before);
  assert.equal(await control(page, 'Priority').inputValue(), 'seven');
  assert.equal(await byId(page, 'import-json').inputValue(), '{ half');
  await eventually(async () => assert.ok(Math.abs((await place()) - top) < 200, `${await place()}, before ${top}`));
  await eventually(async () =>
    assert.equal(await page.evaluate(() => document.activeElement.id), 'language-zh-CN'));
  // A step of before is taken back.
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.equal(await control(page, 'Priority').inputValue(), ''));
  // By keyboard: the radio buttons are one stop, arrows choose.
  await byId(page, 'language-zh-CN').focus();
  await page.keyboard.press('ArrowLeft');
  await speaksEnglish(page);
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'language-en'));
  await assertAlive(page, errors);
});

test('F65: the choice outlives the visit, and goes before what the browser prefers', async (t) => {
  const { page, context, errors } = await open(t, '/#all', CHINESE);
  await choose(page, 'en');
  await speaksEnglish(page);
  await page.reload();
  await speaksEnglish(page);
  const { page: other } = await open(t, '/#all', { context });
  await speaksEnglish(other);
  await choose(other, 'zh-CN');
  await speaksChinese(other);
  await assertAlive(page, errors);
});

test('F65: findings, fixes, counts and the status line are in Chinese', async (t) => {
  const { page, errors } = await open(t, '/#all', CHINESE);
  await control(page, 'InstanceName').fill('a-b');
  await control(page, 'InstanceName').blur();
  const message = page.getByTestId('error-InstanceName');
  await eventually(async () => assert.match(await message.textContent(), /错误： ?只能使用英文字母、数字和下划线。/));
  await message.getByRole('button', { name: '改为 a_b' }).click();
  await showsBody(page, { InstanceName: 'a_b' });
  await eventually(async () => assert.match(await page.locator('.toast').textContent(), /已改为 a_b。/));
  await page.locator('.output-tools .copy').click();
  await page.getByRole('heading', { name: '存在问题' }).waitFor();
  assert.match(await page.title(), /^错误：/);
  await assertAlive(page, errors);
});

test('F65: a Chinese visitor composes a request and copies it', async (t) => {
  const { page, errors } = await open(t, '/#all', { ...CHINESE, clipboard: true });
  await page.getByLabel('工作空间', { exact: false }).first().fill('40823');
  await page.getByLabel('实例名称').first().fill('qwen_1');
  await page.getByRole('radio', { name: /按量付费/ }).check({ force: true });
  await control(page, 'EcsSpec').fill('ecs.c6.large');
  await control(page, 'ImageId').fill('image-05cefd0be2exxxx');
  await page.locator('.output-tools').getByRole('button', { name: '复制' }).click();
  await eventually(async () => assert.match(await page.locator('.toast').textContent(), /已复制/));
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.deepEqual(copied, {
    WorkspaceId: '40823',
    InstanceName: 'qwen_1',
    EcsSpec: 'ecs.c6.large',
    ImageId: 'image-05cefd0be2exxxx',
  });
  await assertAlive(page, errors);
});

test('F65: a review that is frozen stays as it is when the language changes', async (t) => {
  const { page, errors } = await open(t, '/#all');
  await load(page, { WorkspaceId: '40823', InstanceName: 'frozen_1', EcsSpec: 'ecs.c6.large', ImageId: 'image-05cefd0be2exxxx' });
  await page.goto(new URL('/#review', page.url()).href);
  const hash = page.locator('#review .facts bdi').first();
  await hash.waitFor();
  const before = await page.locator('#review .facts').filter({ hasText: 'SHA-256' }).first().textContent();
  const digest = /[0-9a-f]{64}/.exec(before)?.[0];
  assert.ok(digest, before);
  await choose(page, 'zh-CN');
  await page.getByRole('heading', { name: '检查', exact: true }).waitFor();
  await eventually(async () => assert.ok((await page.locator('#review .facts').filter({ hasText: 'SHA-256' }).first().textContent()).includes(digest)));
  assert.equal(await byId(page, 'create').textContent(), '创建实例');
  await assertAlive(page, errors);
});

test('F65: a create that was sent is followed on in the other language, and sent once', async (t) => {
  const { page, errors } = await open(t, '/#all');
  await load(page, { WorkspaceId: '40823', InstanceName: `lang_${process.pid}`, EcsSpec: 'ecs.c6.large', ImageId: 'image-05cefd0be2exxxx' });
  let sent = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/instances')) sent += 1;
  });
  await page.goto(new URL('/#review', page.url()).href);
  await byId(page, 'create').click();
  await page.locator('#confirm').getByRole('button', { name: 'Create instance' }).click();
  await page.getByRole('heading', { name: /is being created/ }).waitFor();
  await page.locator('.timeline bdi').first().waitFor();
  const states = await page.locator('.timeline bdi').allTextContents();
  await choose(page, 'zh-CN');
  await page.getByRole('heading', { name: /正在创建/ }).waitFor();
  const now = await page.locator('.timeline bdi').allTextContents();
  assert.deepEqual(now.slice(0, states.length), states, 'what was seen is still told');
  assert.equal(sent, 1);
  await assertAlive(page, errors);
});

test('F65: where the Chinese texts do not come the page is in English, says so and tries again', async (t) => {
  const context = await (await browser()).newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  let comes = false;
  await context.route(CATALOGUE, (route) => (comes ? route.continue() : route.abort()));
  const { page } = await open(t, '/#all', { context });
  await speaksEnglish(page);
  assert.equal(await lang(page), 'en');
  const notice = page.getByTestId('language-missing');
  await notice.waitFor();
  assert.match(await notice.textContent(), /未能加载中文文本.*could not be loaded/);
  await control(page, 'InstanceName').fill('kept');
  comes = true;
  await notice.getByRole('button').click();
  await speaksChinese(page);
  await eventually(async () => assert.equal(await notice.count(), 0));
  assert.equal(await control(page, 'InstanceName').inputValue(), 'kept');
});

test('F65: what a server says in place of the texts is no language', async (t) => {
  const context = await (await browser()).newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  await context.route(CATALOGUE, (route) => route.fulfill({ body: '<!doctype html><p>Welcome' }));
  const { page } = await open(t, '/#all', { context });
  await speaksEnglish(page);
  await page.getByTestId('language-missing').waitFor();
});

test('F65: Chinese works from plain files, without a gateway', async (t) => {
  const { page, errors } = await open(t, '/#all', { ...CHINESE, from: plain });
  await speaksChinese(page);
  await control(page, 'InstanceName').fill('a-b');
  await control(page, 'InstanceName').blur();
  await eventually(async () =>
    assert.match(await page.getByTestId('error-InstanceName').textContent(), /只能使用英文字母/));
  await assertAlive(page, errors);
});

test('F65: the operator names a language for those who have chosen none', async (t) => {
  const context = await (await browser()).newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  await context.route('**/config.json', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...(await answer.json()), language: 'zh' } });
  });
  const { page } = await open(t, '/#all', { context });
  await speaksChinese(page);
  await choose(page, 'en');
  await speaksEnglish(page);
  await page.reload();
  await speaksEnglish(page);
});
