// A new request from an instance that there is (F06): the list, its states, and what is taken over.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as browser from './browser.mjs';
import { body, control, eventually, hasFocus, load, says, showsBody } from './fixtures/form.mjs';
import { READY, error, withGateway } from './fixtures/gateway.mjs';
import { skip, start } from './fixtures/program.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Lists these instances, or answers with what `answer` returns; every other call as the fixture does. */
async function lists(context, answer) {
  await context.route(/\/api\/v2\/instances\?/, async (route) => {
    const url = new URL(route.request().url());
    if (route.request().method() !== 'GET') return route.fallback();
    const { status = 200, body: said } = await answer(url.searchParams);
    return route.fulfill({ status, contentType: 'application/json', headers: { 'X-Gateway-Mode': 'sandbox' }, body: JSON.stringify(said) });
  });
}

/** The start page of such a gateway, with the list opened. */
async function opened(t, answer, options = {}) {
  const { context, gateway } = await withGateway(t, undefined, options);
  await lists(context, answer);
  const { page, errors } = await browser.open(t, '/#start', { context });
  page.setDefaultTimeout(8000);
  await page.locator('#clone-open').click();
  await page.locator('#palette').waitFor();
  return { page, errors, gateway };
}

const row = (n) => ({ InstanceId: `dsw-${n}`, InstanceName: `name_${n}`, Status: 'Running', EcsSpec: 'ecs.c6.large', WorkspaceId: '40823', GmtCreateTime: `2026-01-15T08:00:${String(n % 60).padStart(2, '0')}Z` });
const page_of = (all, query) => {
  const [number, size] = [Number(query.get('PageNumber')), Number(query.get('PageSize'))];
  return { body: { TotalCount: all.length, Instances: all.slice((number - 1) * size, number * size) } };
};

test('F06 an instance of the sandbox is created, found and taken over, and its name is to be changed', { skip }, async (t) => {
  const gateway = await start(t);
  const request = {
    ...READY,
    InstanceName: 'to_be_copied',
    ImageId: undefined,
    ImageUrl: 'registry.cn-hangzhou.aliyuncs.com/a/b:1',
    ImageAuth: 'dXNlcjptYXJrZXItNGYxZA==',
    Tag: [{ Key: 'cost', Value: 'lab' }],
    Labels: [{ Key: 'team', Value: 'nlp' }],
    EnvironmentVariables: { A: 'x' },
    CloudDisks: [{ Capacity: '200Gi', SubType: 'rootfs' }],
  };
  const created = await fetch(new URL('/api/v2/instances?RegionId=cn-hangzhou', gateway.address), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'b7f1f9de-4b5c-4a6e-9d56-0a7a3f0a1c11' },
    body: JSON.stringify(request),
  });
  assert.equal(created.status, 200, await created.clone().text());
  const { page, errors } = await browser.open(t, '/#start', { from: gateway.address });
  page.setDefaultTimeout(8000);
  await page.locator('#clone-open').click();
  const options = page.locator('#palette [role=option]');
  await eventually(async () => assert.match((await options.allTextContents()).join('\n'), /to_be_copied/));
  await page.keyboard.type('copied');
  await eventually(async () => assert.equal(await options.count(), 1));
  await page.keyboard.press('Enter');
  await hasFocus(page, 'InstanceName');
  const { ImageAuth: _, ImageId: __, ...wanted } = request;
  await eventually(async () => {
    const { Accessibility, UserId, ...rest } = await body(page);
    delete wanted.Accessibility;
    assert.deepEqual(rest, wanted);
  });
  await says(page, /a reply of GetInstance.*1 secret to be entered again/);
  await eventually(async () => assert.match(await page.getByTestId('error-InstanceName').textContent(), /in use|to_be_copied/));
  await page.locator('.toast').getByRole('button', { name: 'Report' }).click();
  const words = await page.locator('#import-report').textContent();
  assert.match(words, /Enter again/);
  assert.match(words, /Tags.* → /);
  assert.match(words, /Status: the service reports it/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await showsBody(page, {});
  assert.deepEqual(errors, []);
});

test('F06 all pages are listed, of private and public instances, and searched', async (t) => {
  const own = Array.from({ length: 130 }, (_, n) => row(n));
  const { page, gateway } = await opened(t, (query) => page_of(query.get('Accessibility') === 'PUBLIC' ? [row(500), row(3)] : own, query));
  const status = page.locator('#palette .field-hint[role=status]');
  await eventually(async () => assert.match(await status.textContent(), /^40 of 131 instances/));
  await page.keyboard.type('name_129');
  await eventually(async () => assert.match(await status.textContent(), /^1 of 131 instances/));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(window.document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id }) => id), []);
  assert.deepEqual(gateway.creates, []);
  await page.keyboard.press('Escape');
  await hasFocus(page, 'clone-open');
});

test('F06 a list that is empty, refused or not answered says so, and is tried again', async (t) => {
  let answer = () => ({ status: 403, body: error('UPSTREAM_REFUSED', 'x', { upstream: { status: 403, code: 'NoPermission', message: 'no right', requestId: 'r-1' } }) });
  const { page } = await opened(t, (query) => answer(query));
  const palette = page.locator('#palette');
  await eventually(async () => assert.match(await palette.textContent(), /could not be loaded.*paidsw:ListInstances.*NoPermission/));
  answer = () => ({ body: { TotalCount: 0, Instances: [] } });
  await palette.getByRole('button', { name: 'Try again' }).click();
  await eventually(async () => assert.match(await palette.textContent(), /There is no instance in this region/));
  await hasFocus(page, 'palette-input');
});

test('F06 an instance that cannot be fetched changes nothing', async (t) => {
  const { context } = await withGateway(t);
  await lists(context, (query) => page_of([row(1)], query));
  await context.route(/\/api\/v2\/instances\/dsw-1/, (route) =>
    route.fulfill({ status: 404, contentType: 'application/json', body: JSON.stringify(error('UPSTREAM_REFUSED', 'x', { upstream: { status: 404, code: 'NotFound', message: 'gone', requestId: 'r-2' } })) }));
  const { page } = await browser.open(t, '/#all', { context });
  await load(page, { InstanceName: 'before' });
  // From anywhere by the list of commands.
  await page.evaluate(() => window.document.activeElement.blur());
  await page.keyboard.press('?');
  await page.keyboard.type('from an instance');
  await page.keyboard.press('Enter');
  await page.locator('#palette [role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  await says(page, /The instance could not be fetched.*gone/);
  await showsBody(page, { InstanceName: 'before' });
});

test('F06 without a gateway it is not offered, and the command says why', async (t) => {
  const { page } = await browser.open(t, '/#start', { from: browser.plain });
  assert.equal(await page.locator('#clone-open').isVisible(), false);
  await page.evaluate(() => window.document.activeElement.blur());
  await page.keyboard.press('?');
  await page.keyboard.type('from an instance');
  await page.keyboard.press('Enter');
  await says(page, /There is no gateway that could list the instances/);
});

test('F06 F65 the list is in Chinese', async (t) => {
  const { page } = await opened(t, (query) => page_of([row(1)], query), { config: { language: 'zh-CN' } });
  const palette = page.locator('#palette');
  await eventually(async () => assert.match(await palette.textContent(), /1 \/ 1 个实例|1 of 1/));
  await control(page, 'x').count();
});
