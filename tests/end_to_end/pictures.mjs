// Takes the pictures of the README from a page that is served with a sandbox:
//
//   DSW_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node tests/end_to_end/pictures.mjs
//
// They look as people see them where the fonts Inter and Noto Sans CJK are installed.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const FOLDER = new URL('../../docs/images/', import.meta.url);
const REQUEST = {
  WorkspaceId: '40823',
  InstanceName: 'qwen_finetune_01',
  EcsSpec: 'ecs.gn7i-c16g1.4xlarge',
  ImageId: 'image-05cefd0be2exxxx',
  Accessibility: 'PRIVATE',
  Datasets: [{ DatasetId: 'd-vsqjvs4k0rp5l206u', MountPath: '/mnt/data', MountAccess: 'RO' }],
  EnvironmentVariables: { HF_HOME: '/mnt/data/hf' },
  Tag: [{ Key: 'team', Value: 'nlp' }],
  SpotSpec: { SpotStrategy: 'SpotWithPriceLimit', SpotPriceLimit: '3.7185', SpotDuration: '2' },
};

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });

/** A picture of a view; `act` makes of it what is to be seen. */
async function take(name, { path, width = 1440, height = 900, colorScheme = 'light', locale = 'en-US', filled = true }, act) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale, reducedMotion: 'reduce' });
  const page = await context.newPage();
  // On a phone what is pasted goes into the sheet: the address opens it.
  await page.goto(`${process.env.DSW_URL}/#output`);
  await page.locator('.mode .badge').first().waitFor();
  if (filled) {
    await page.getByTestId('import-json').fill(JSON.stringify(REQUEST));
    await page.locator('.toast').getByRole('button', { name: /Dismiss|关闭/ }).click({ force: true });
  }
  await page.goto(`${process.env.DSW_URL}/${path}`);
  await page.waitForTimeout(800);
  await act?.(page);
  await page.waitForTimeout(800);
  await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, FOLDER)) });
  await context.close();
}

/** Opens the list of machines and shows those with a GPU. */
async function machines(page) {
  await page.locator('#pick-EcsSpec-open').click();
  await page.locator('.picker tr').nth(3).waitFor();
}

await take('start', { path: '#start', filled: false });
await take('compute', { path: '#guided/compute' }, machines);
await take('code', { path: '#guided/storage' }, (page) => page.locator('#tab-python').click());
await take('review', { path: '#review' });
await take('chinese', { path: '#guided/compute', colorScheme: 'dark', locale: 'zh-CN' }, machines);
await take('phone', { path: '#guided/storage', width: 390, height: 844 });
await browser.close();
