// What explains: where a value is found and what it decides (F08), the rule behind a finding (F32), what happens to the
// data (F56), the request in words (F57), the service's terms.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  alone, assertAlive, byId, control, document, eventually, load, open, paste, tabTo,
} from './fixtures/form.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** The button that tells more about a field. */
function asks(page, name) {
  return page.locator(`[aria-controls="${name}-guide"]`);
}

/** What is said of the data, once it says this. */
function dataSays(page, words) {
  return eventually(async () => assert.match(await page.locator('.told').textContent(), words));
}

/** What the review says in words, section by section. */
async function inWords(page) {
  await page.locator('.to-review:visible').first().click();
  const list = page.locator('.words-list');
  await list.waitFor();
  return list.locator('> div').evaluateAll((rows) =>
    Object.fromEntries(rows.map((row) => [row.querySelector('dt').textContent, row.querySelector('dd').textContent])),
  );
}

test('F08 an ID says where it is found, by keyboard, and leads to the console', async (t) => {
  const { page, errors } = await open(t, alone);
  await load(page, { WorkspaceId: '40823' });
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const ask = asks(page, 'WorkspaceId');
  assert.equal(await ask.textContent(), 'Where do I find this? Workspace');
  assert.equal(await ask.getAttribute('aria-expanded'), 'false');
  const answer = byId(page, 'WorkspaceId-guide');
  assert.equal(await answer.isVisible(), false);
  await page.locator('#filter, .filter input').first().focus();
  await tabTo(page, '[aria-controls="WorkspaceId-guide"]', { most: 8 });
  await page.keyboard.press('Enter');
  await eventually(async () => assert.match(await answer.textContent(), /^Where: .*ListWorkspaces/));
  assert.match(await answer.textContent(), /What it decides: /);
  assert.equal(await ask.getAttribute('aria-expanded'), 'true');
  const link = answer.getByRole('link');
  assert.match(await link.getAttribute('href'), /^https:\/\/pai\.console\.aliyun\.com\//);
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  // The description of the control stays the hint.
  const described = (await control(page, 'WorkspaceId').getAttribute('aria-describedby')).split(' ');
  assert.deepEqual(described, ['WorkspaceId-hint', 'WorkspaceId-msg']);
  assert.doesNotMatch(await byId(page, 'WorkspaceId-hint').textContent(), /Where do I find/);
  await page.keyboard.press('Space');
  await eventually(async () => assert.equal(await answer.isVisible(), false));
  // The texts of all fields come with the first.
  await asks(page, 'UserVpc.VpcId').click();
  await eventually(async () => assert.match(await byId(page, 'UserVpc.VpcId-guide').textContent(), /VPC console/));
  assert.deepEqual(asked, ['/assets/help.json']);
  await assertAlive(page, errors);
});

test('F08 what a choice decides and costs is told, in rows too', async (t) => {
  const { page, errors } = await open(t, alone);
  await load(page, { CloudDisks: [{ Capacity: '200Gi' }], Datasets: [{ Uri: 'oss://b.e/p/', MountPath: '/mnt/a' }] });
  await asks(page, 'CloudDisks').click();
  await eventually(async () =>
    assert.match(await byId(page, 'CloudDisks-guide').textContent(), /What it costs: 100 GiB are free.*while stopped/),
  );
  const title = page.locator('.row-title[aria-expanded=false]');
  while (await title.count()) await title.first().click();
  await asks(page, 'Datasets[0].Uri').click();
  await eventually(async () => assert.match(await byId(page, 'Datasets[0].Uri-guide').textContent(), /^Where: /));
  await asks(page, 'CloudDisks[0].Capacity').click();
  await eventually(async () =>
    assert.match(await byId(page, 'CloudDisks[0].Capacity-guide').textContent(), /keeps costing while the instance is stopped/),
  );
  await assertAlive(page, errors);
});

test('F08 every button that offers more has something to tell', async (t) => {
  const { page, errors } = await open(t, alone);
  await load(page, JSON.parse(document('full')));
  const title = page.locator('.row-title[aria-expanded=false]');
  while (await title.count()) await title.first().click();
  const ids = await page.locator('[aria-controls$="-guide"]').evaluateAll((all) => {
    for (const button of all) button.click();
    return all.map((button) => button.getAttribute('aria-controls'));
  });
  assert.ok(ids.length > 55, `${ids.length} buttons`);
  for (const id of ids) {
    await eventually(async () => assert.match(await byId(page, id).textContent(), /^(Where|What it decides): \S/, id));
  }
  await assertAlive(page, errors);
});

test('F08 fields side by side stay in line when an answer opens', async (t) => {
  const { page } = await open(t, alone);
  const top = (name) => control(page, name).evaluate((element) => element.getBoundingClientRect().top);
  const before = [await top('WorkspaceId'), await top('InstanceName')];
  await asks(page, 'WorkspaceId').click();
  await eventually(async () => assert.match(await byId(page, 'WorkspaceId-guide').textContent(), /Where: /));
  assert.deepEqual([await top('WorkspaceId'), await top('InstanceName')], before);
});

test('F32 a finding tells its rule, who says so, why, and what mends it', async (t) => {
  const { page, errors } = await open(t, alone);
  await load(page, { ResourceId: 'q', RequestedResource: { CPU: '4', Memory: '32GB' }, InstanceName: 'x'.repeat(28) });
  const why = async (rule) => {
    const button = page.getByRole('button', { name: `Why: rule ${rule}` });
    await button.click();
    const answer = byId(page, await button.getAttribute('aria-controls'));
    return eventually(async () => {
      const said = await answer.textContent();
      assert.match(said, /^Rule /);
      return said;
    });
  };
  const unit = await why('R76');
  assert.match(unit, /^Rule R76, documented by the service\. A memory size has another unit/);
  assert.match(unit, /What mends it: Use 32Gi\.$/);
  assert.match(await why('R04'), /No single change mends it for certain/);
  await assertAlive(page, errors);
});

test('F56 what happens to the data follows the choices', async (t) => {
  const { page, errors } = await open(t, alone);
  await dataSays(page, /depends on the machine/);
  await load(page, { EcsSpec: 'ecs.c6.large' });
  await dataSays(page, /free 100 GiB disk: kept when you stop, wiped once stopped for more than 15 days/);
  await load(page, { EcsSpec: 'ecs.c6.large', CloudDisks: [{ Capacity: '200Gi' }] });
  await dataSays(page, /on a disk of 200Gi: kept however long it is stopped.*The whole disk of 200Gi keeps costing/);
  await load(page, { ResourceId: 'q' });
  await dataSays(page, /on the machine itself: cleared on every stop/);
  await load(page, {
    ResourceId: 'q',
    WorkspaceSource: '/mnt/home',
    Datasets: [
      { Uri: 'oss://b.oss-cn-hangzhou-internal.aliyuncs.com/p/', MountPath: '/mnt/data', MountAccess: 'RO' },
      { Uri: 'nas://a.cn-hangzhou.nas.aliyuncs.com/home/', MountPath: '/mnt/home' },
    ],
  });
  await dataSays(page, /is on \/mnt\/home, outside of the instance.*cleared on every stop.*Read-only.*: \/mnt\/data\./);
  // What is lost stands out.
  assert.deepEqual(await page.locator('.told p b').allTextContents(), ['cleared on every stop']);
  // It follows what is typed, and leads to what decides it.
  await control(page, 'WorkspaceSource').fill('/mnt/data');
  await dataSays(page, /cannot be on OSS/);
  await page.locator('.told a', { hasText: 'Working directory' }).click();
  await eventually(async () => assert.equal(await page.evaluate(() => window.document.activeElement.name), 'WorkspaceSource'));
  const words = await inWords(page);
  assert.match(words.Storage, /cannot be on OSS/);
  await assertAlive(page, errors);
});

test('F57 the request in words: in short below the body, whole in the review, to be copied', async (t) => {
  const { page, errors } = await open(t, { ...alone, clipboard: true });
  await load(page, {
    WorkspaceId: '40823',
    InstanceName: 'qwen_finetune_01',
    EcsSpec: 'ecs.gn7i-c16g1.4xlarge',
    SpotSpec: { SpotStrategy: 'SpotWithPriceLimit', SpotPriceLimit: '3.719' },
    ImageId: 'image-05cefd0be2exxxx',
    Tag: [{ Key: 'team', Value: 'nlp' }],
    Strange: 1,
  });
  const short = page.locator('.words-text');
  await eventually(async () =>
    assert.match(await short.textContent(), /^Creates qwen_finetune_01, a private instance in workspace 40823\. It runs on ecs\.gn7i/),
  );
  // Not with every letter, but when one pauses.
  await control(page, 'InstanceName').fill('other');
  await eventually(async () => assert.match(await short.textContent(), /^Creates other, /));
  await page.getByRole('button', { name: 'Copy in words' }).first().click();
  const copied = await eventually(async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^Basics\n- Creates other, /);
    return text;
  });
  assert.match(copied, /\n\nCompute\n- It runs on .*, as a spot machine\.\n- It pays at most 3\.719 an hour/);
  assert.doesNotMatch(copied, /[⟦⟧]/);
  const words = await inWords(page);
  assert.match(words['Labels and tags'], /Tags: team=nlp\./);
  assert.match(words['Advanced and other'], /Strange/);
  assert.match(words.Compute, /billed at a lower price/);
  // It is told in the same order as it is copied.
  assert.deepEqual(Object.keys(words), copied.split('\n\n').map((part) => part.trim().split('\n')[0]));
  await assertAlive(page, errors);
});

test('F57 F62 no secret is told in words', async (t) => {
  const { page, errors } = await open(t, { ...alone, clipboard: true });
  const secret = 'hunter2-Secret';
  await load(page, {
    InstanceName: 'a',
    ImageUrl: 'registry.cn-hangzhou.aliyuncs.com/a/b:c',
    ImageAuth: btoa(`user:${secret}`),
    EnvironmentVariables: { HF_HOME: secret, WANDB_API_KEY: secret },
    UserCommand: { OnStart: { Content: `export TOKEN=${secret}` } },
  });
  const words = await inWords(page);
  assert.match(words['Environment and startup'], /HF_HOME, WANDB_API_KEY/);
  await page.getByRole('button', { name: 'Copy in words' }).last().click();
  const copied = await eventually(async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^Basics\n/);
    return text;
  });
  const shown = await page.locator('.words-list, .words').allTextContents();
  for (const text of [copied, ...shown]) {
    assert.doesNotMatch(text, new RegExp(`${secret}|${btoa(`user:${secret}`)}`));
  }
  await assertAlive(page, errors);
});

test('the terms of the service are explained in the help, and found by any of their words', async (t) => {
  const { page, errors } = await open(t, alone);
  const button = page.getByRole('button', { name: 'Help' });
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Help' });
  await dialog.waitFor();
  const terms = dialog.locator('.terms dl > div');
  await eventually(async () => assert.ok((await terms.count()) >= 25));
  await dialog.locator('#term-filter').fill('vsw');
  await eventually(async () => assert.deepEqual(await terms.locator('visible=true').locator('dt').allTextContents(), ['vSwitch VSwitchId']));
  await dialog.locator('#term-filter').fill('nothing of the kind');
  await dialog.getByText('No term matches.').waitFor();
  // Escape empties a search first.
  await dialog.locator('#term-filter').fill('');
  await page.keyboard.press('Escape');
  await eventually(async () => assert.equal(await page.getByRole('dialog').count(), 0));
  // The focus is where it was.
  await eventually(async () => assert.equal(await page.evaluate(() => window.document.activeElement.ariaLabel), 'Help'));
  await assertAlive(page, errors);
});

test('F65 what explains is Chinese in a Chinese page', async (t) => {
  const { page, errors } = await open(t, { ...alone, locale: 'zh-CN', clipboard: true });
  await paste(page, JSON.stringify({ InstanceName: 'a-b', EcsSpec: 'ecs.c6.large' }));
  await eventually(async () => assert.equal(await control(page, 'InstanceName').inputValue(), 'a-b'));
  await asks(page, 'EcsSpec').click();
  await eventually(async () => assert.match(await byId(page, 'EcsSpec-guide').textContent(), /按量付费，从启动到停止期间计费/));
  await dataSays(page, /停止超过 15 天即被清空/);
  const why = page.locator('[aria-controls="InstanceName-why-R03"]');
  await why.click();
  await eventually(async () => assert.match(await byId(page, 'InstanceName-why-R03').textContent(), /中文文档写明为英文字母/));
  await eventually(async () => assert.match(await page.locator('.words-text').textContent(), /^将创建私有实例 a-b/));
  await page.getByRole('button', { name: '帮助' }).click();
  await page.getByRole('dialog').getByText('工作空间', { exact: false }).first().waitFor();
  await assertAlive(page, errors);
});

for (const locale of ['en-US', 'zh-CN']) {
  test(`F64 axe finds nothing in answers, the data, the words and the help (${locale}), light, dark and narrow, and it fits`, async (t) => {
    const { page, errors } = await open(t, { ...alone, locale });
    await paste(page, JSON.stringify({ InstanceName: 'a-b', EcsSpec: 'ecs.c6.large', CloudDisks: [{ Capacity: '200Gi' }] }));
    await eventually(async () => assert.equal(await control(page, 'InstanceName').inputValue(), 'a-b'));
    for (const name of ['WorkspaceId', 'EcsSpec', 'CloudDisks']) await asks(page, name).click();
    await page.locator('[aria-controls="InstanceName-why-R03"]').click();
    await eventually(async () => assert.notEqual(await byId(page, 'CloudDisks-guide').textContent(), ''));
    await eventually(async () => assert.match(await page.locator('.words-text').textContent(), /a-b/));
    await page.evaluate(axe);
    const check = async (state) => {
      for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 360]]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        const { violations } = await page.evaluate(() => window.axe.run(window.document, { resultTypes: ['violations'] }));
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join('\n')}`);
        assert.deepEqual(found, [], `${state}, ${colorScheme}, ${width} px`);
        const wide = await page.evaluate(() => {
          const parts = window.document.querySelectorAll('.guide, .told, .words, .help, .field-help');
          return [...parts].filter((part) => part.getBoundingClientRect().right > window.innerWidth).map((part) => part.outerHTML.slice(0, 80));
        });
        assert.deepEqual(wide, [], `${state}, ${width} px`);
      }
    };
    await check('answers');
    await page.locator('.bar [aria-haspopup=dialog]').last().click();
    await eventually(async () => assert.ok((await page.locator('.terms dl > div').count()) >= 25));
    await check('help');
    await assertAlive(page, errors);
  });
}
