// What every end-to-end test begins with: the built page in a fresh, empty browser profile.
//
//   import { test } from 'node:test';
//   import assert from 'node:assert/strict';
//   import { open } from './browser.mjs';
//
//   test('the name is required', async (t) => {
//     const { page, errors } = await open(t);
//     await page.getByLabel('Name').fill('x');
//     assert.deepEqual(errors, []);
//   });
//
// The page closes when its test ends, the browser when its file does. `page` is a Playwright page:
// https://playwright.dev/docs/api/class-page
import { after } from 'node:test';
import { chromium } from 'playwright-core';

/** Where the page is served; `cargo xtask test` sets it. */
export const origin = process.env.DSW_URL;

/** Where it is served from plain files, without a gateway. */
export const plain = process.env.DSW_PLAIN_URL ?? origin;

/** What the browser is started with. */
export const FLAGS = [
  '--no-sandbox', // Tests may run as root, where Chromium's sandbox does not start.
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

let launching;
after(async () => (await launching)?.close());

/** The browser of this test file, started when it is first needed. Its pages keep no copy of themselves unless asked to. */
export function browser() {
  launching ??= launch();
  return launching;
}

async function launch() {
  const launched = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  const fresh = launched.newContext.bind(launched);
  launched.newContext = async (options) => {
    const context = await fresh({ serviceWorkers: 'block', ...options });
    if (SLOW > 1) context.on('page', slowDown);
    return context;
  };
  return launched;
}

/** How many times slower the page is to be than this machine makes it. */
const SLOW = Number(process.env.DSW_SLOW ?? 1);

async function slowDown(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW });
}

/**
 * Opens the page and waits until it has mounted and all its program is there.
 *
 * @param t the test's context, which closes the page
 * @param path below the origin, with query and hash; all fields unless another view is asked for
 * @param options `colorScheme` ('light' | 'dark'), `width`, `height`, `locale`, `reducedMotion`,
 *   `clipboard` (true: may read and write the clipboard), `context` (an open one is used instead of
 *   a fresh profile: a second visit finds what the first one stored), `from` (another address than
 *   `origin`), `serviceWorkers` ('allow': the page may keep a copy of itself, past which no test sees what it fetches),
 *   `whole` (false: the later half of the program is not waited for), `ready` (a selector to wait for as well)
 * @returns `page`, its `context`, and `errors`: a live list of everything that the page should not
 *   do: console errors, uncaught exceptions, refusals by the Content-Security-Policy, failed
 *   requests and requests to another origin
 */
export async function open(t, path = '/#all', options = {}) {
  const { colorScheme = 'light', width = 1280, height = 800, locale = 'en-US' } = options;
  const { reducedMotion = 'reduce', clipboard = false, whole = true, ready, from = origin } = options;
  const { serviceWorkers = 'block' } = options;
  let { context } = options;
  if (!context) {
    const viewport = { width, height };
    const permissions = clipboard ? ['clipboard-read', 'clipboard-write'] : [];
    const fresh = { viewport, colorScheme, locale, reducedMotion, permissions, serviceWorkers };
    context = await (await browser()).newContext(fresh);
    t.after(() => context.close());
  }
  const page = await context.newPage();
  const errors = watch(page, new URL(from).origin);
  await page.goto(new URL(path, from).href);
  await page.waitForFunction(mounted);
  if (whole) await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
  if (ready) await page.locator(ready).first().waitFor();
  return { page, context, errors };
}

/** Whether the application has taken the place of the note that it is loading. Runs in the page. */
function mounted() {
  const loading = document.querySelector('#loading');
  return (!loading || loading.hidden) && document.body.innerText.trim() !== '';
}

/** Collects everything that a page should not do. */
function watch(page, own) {
  const errors = [];
  page.on('pageerror', (error) => errors.push(`exception: ${error.message}`));
  // Chromium reports refusals by the Content-Security-Policy as console errors.
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left gives up what it had asked for.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') errors.push(`failed: ${request.url()}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 400) errors.push(`${answer.status()}: ${answer.url()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== own) {
      errors.push(`another origin: ${url}`);
    }
  });
  return errors;
}
