// F66 and F69: themes from the first frame, and screens of all sizes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, origin } from './browser.mjs';
import { assertAlive, byId, control, document, eventually, layOutAll, open } from './fixtures/form.mjs';

/** A fresh profile. */
async function profile(t, options = {}) {
  const context = await (await browser()).newContext(options);
  t.after(() => context.close());
  return context;
}

const ground = (page) => page.evaluate(() => getComputedStyle(window.document.body).backgroundColor);

test('F66 the theme that was chosen is there before the program, and the system decides without one', async (t) => {
  const context = await profile(t, { colorScheme: 'light' });
  const { page, errors } = await open(t, { context });
  const light = await ground(page);
  await page.getByRole('radio', { name: 'Dark' }).check();
  const dark = await ground(page);
  assert.notEqual(dark, light);
  await assertAlive(page, errors);
  // A visit whose program does not come.
  const early = await context.newPage();
  await early.route(/\.wasm$/, () => {});
  await early.goto(`${origin}/#all`, { waitUntil: 'commit' });
  await early.locator('#loading').waitFor();
  assert.equal(await ground(early), dark);
  await early.close();
  // The choice is still shown as such, and can be taken back.
  await page.reload();
  await page.getByRole('radio', { name: 'Dark' }).waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Dark' }).isChecked());
  assert.equal(await ground(page), dark);
  await page.getByRole('radio', { name: 'Follow the system' }).check();
  assert.equal(await ground(page), light);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await ground(page), dark);
  await page.reload();
  await page.getByRole('radio', { name: 'Follow the system' }).waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Follow the system' }).isChecked());
  assert.equal(await ground(page), dark);
  await assertAlive(page, errors);
});

test('F69 an address that leads to the output opens its sheet on a phone, also at once', async (t) => {
  const context = await profile(t, { viewport: { width: 360, height: 740 } });
  const { page, errors } = await open(t, { context });
  assert.equal(await page.getByTestId('json-preview').isVisible(), false);
  const direct = await context.newPage();
  await direct.goto(`${origin}/#output`);
  await direct.getByTestId('json-preview').waitFor();
  await direct.locator('[aria-busy=true]').waitFor({ state: 'detached' });
  assert.equal(await byId(direct, 'output').locator('.output-less').isVisible(), true);
  await direct.locator('.output-less').click();
  await direct.getByTestId('json-preview').waitFor({ state: 'hidden' });
  await assertAlive(page, errors);
});

const LANGUAGES = ['en', 'zh-CN'];
const VIEWS = ['#start', '#all', '#guided', '#guided/storage', '#guided/network', '#review', '#output'];
const FULL = document('full');

/** A profile that speaks a language. */
async function speaking(t, language, options) {
  const context = await profile(t, { reducedMotion: 'reduce', ...options });
  await context.addInitScript((tag) => localStorage.setItem('dsw-composer.language', tag), language);
  return context;
}

async function goTo(page, hash) {
  await page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
  if (hash === '#review') await page.locator('.answers').first().waitFor();
}

/** What lies over something else in the bar. */
function overlapping(page) {
  return page.locator('.bar').evaluate((bar) => {
    const all = [...bar.querySelectorAll('a, button, select, label, .badge, .bar-draft > span')]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1);
    const found = [];
    for (const one of all) {
      for (const other of all) {
        const inside = one.element.contains(other.element) || other.element.contains(one.element);
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (!inside && one !== other && across > 1 && down > 1) found.push(one.element.outerHTML.slice(0, 80));
      }
    }
    return found;
  });
}

for (const language of LANGUAGES) {
  test(`F69 a first visit on a phone begins at the top, with a bar of two lines, in ${language}`, async (t) => {
    for (const width of [320, 360, 412]) {
      const context = await speaking(t, language, { viewport: { width, height: 740 }, hasTouch: true, isMobile: true });
      const page = await context.newPage();
      await page.goto(origin);
      await page.locator('.bar .mode select').waitFor();
      await page.locator('.start .card').first().waitFor();
      await page.waitForLoadState('load');
      const [top, height] = await page.evaluate(() => [scrollY, window.document.querySelector('.bar').offsetHeight]);
      assert.equal(top, 0, `scrolled at ${width} px`);
      assert.ok(height <= 130, `the bar is ${height} px high at ${width} px`);
    }
  });
}

for (const language of LANGUAGES) {
  test(`F69 nothing sticks out sideways from 320 to 2560 px, in any view, in ${language}`, async (t) => {
    const context = await speaking(t, language, { viewport: { width: 320, height: 640 } });
    const { page, errors } = await open(t, { context });
    await goTo(page, '#output');
    await page.getByTestId('import-json').fill(FULL);
    await page.locator('.code-line').nth(20).waitFor();
    await layOutAll(page);
    for (const view of VIEWS) {
      await goTo(page, view);
      for (const width of [320, 360, 414, 640, 800, 801, 1024, 1280, 1440, 1920, 2560]) {
        await page.setViewportSize({ width, height: 640 });
        const wide = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = window.document.documentElement;
          return scrollWidth - clientWidth;
        });
        assert.equal(wide, 0, `${view} at ${width} px`);
        assert.deepEqual(await overlapping(page), [], `the bar of ${view} at ${width} px`);
      }
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await goTo(page, '#all');
    for (const opens of ['.bar-find', '.bar button[aria-haspopup=dialog]:not(.bar-find)']) {
      await page.locator(opens).last().click();
      const dialog = page.locator('dialog[open]');
      await dialog.waitFor();
      const { left, right } = await dialog.evaluate((element) => element.getBoundingClientRect().toJSON());
      assert.ok(left >= 0 && right <= 320, `${opens}: ${left} to ${right}`);
      assert.equal(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth), 0, opens);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    await assertAlive(page, errors);
  });
}

test('F69 where the sections are a strip, the present one is in sight', async (t) => {
  for (const width of [360, 1024]) {
    const { page, errors } = await open(t, { context: await profile(t, { viewport: { width, height: 740 } }) });
    for (const view of ['#guided/storage', '#guided/basics', '#review', '#guided/compute', '#all', '#labels', '#basics']) {
      await page.evaluate((hash) => { location.hash = hash; }, view);
      await eventually(async () => {
        const [strip, link] = await page.evaluate(() => ['.rail-list', '.rail-link[aria-current]'].map((at) => {
          const { left, right } = window.document.querySelector(at).getBoundingClientRect();
          return { left, right };
        }));
        assert.ok(link.left >= strip.left && link.right <= strip.right + 1, `${view} at ${width} px: ${JSON.stringify([strip, link])}`);
      });
    }
    await assertAlive(page, errors);
  }
});

test('F69 very wide screens give the form and the body more room', async (t) => {
  const { page, errors } = await open(t);
  const widths = {};
  for (const width of [1440, 2560]) {
    await page.setViewportSize({ width, height: 1200 });
    widths[width] = await page.evaluate(() =>
      ['.section', '.output'].map((at) => window.document.querySelector(at).getBoundingClientRect().width));
  }
  assert.ok(widths[2560][0] > widths[1440][0] * 1.2 && widths[2560][1] > widths[1440][1] * 1.4, JSON.stringify(widths));
  await assertAlive(page, errors);
});

test('F69 what a finger presses is at least 44 px high', async (t) => {
  const context = await profile(t, { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  const { page, errors } = await open(t, { context });
  assert.ok(await page.evaluate(() => matchMedia('(pointer: coarse)').matches));
  await goTo(page, '#output');
  await page.getByTestId('import-json').fill(FULL);
  await page.locator('.code-line').nth(20).waitFor();
  await layOutAll(page);
  for (const view of ['#start', '#all', '#guided/storage', '#output', '#review']) {
    await goTo(page, view);
    const small = await page.evaluate(() => {
      // Links in a sentence are as high as its lines; what is covered by its label is pressed there, and the button of
      // a card is as large as the card.
      const pressed = 'button, select, textarea, summary, a.btn, input:not([type=radio], [type=checkbox], [type=file]), .segment, label.check';
      return [...window.document.querySelectorAll(pressed)]
        .filter((element) => element.checkVisibility() && !element.matches('.hide, .field-help button, p button, .card-go'))
        .filter((element) => element.getBoundingClientRect().height < 43.5)
        .map((element) => `${Math.round(element.getBoundingClientRect().height)}: ${element.cloneNode().outerHTML} ${element.textContent.slice(0, 20)}`);
    });
    assert.deepEqual([...new Set(small)].slice(0, 8), [], view);
  }
  await assertAlive(page, errors);
});

test('F69 the sheet of a phone shows the body, and leads to all that stands below it', async (t) => {
  const context = await profile(t, { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  const { page, errors } = await open(t, { context });
  await page.getByTestId('import-json').evaluate((area, text) => {
    area.value = text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }, FULL);
  await page.locator('.code-line').nth(20).waitFor({ state: 'attached' });
  await page.locator('a.output-more').tap();
  const seen = (selector) =>
    page.locator(selector).first().evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return Math.min(bottom, window.innerHeight) - Math.max(top, 0);
    });
  await eventually(async () => assert.ok((await seen('.output pre.code')) > 8 * 20, 'eight lines without scrolling'));
  const sheet = page.locator('.output-in');
  // What shows code comes when it is wanted; what is below it is neither covered nor out of reach.
  for (const tab of [0, 3]) {
    await page.locator('[role=tab]').nth(tab).tap();
    const code = tab === 0 ? '.output-body > pre.code' : '.tabs-panel';
    await page.locator(code).waitFor();
    await sheet.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    const apart = await page.evaluate(([above, below]) => {
      const box = (selector) => window.document.querySelector(selector).getBoundingClientRect();
      return box(below).top - box(above).bottom;
    }, [code, '.output-foot']);
    assert.ok(apart >= -1, `tab ${tab}: ${apart} px between the code and what is below it`);
    for (const name of ['Edit JSON', 'What changed', 'Share']) {
      await page.locator('.output-foot').getByRole('button', { name }).tap({ trial: true });
    }
    // The way back stays in sight.
    const back = await seen('.output-less');
    assert.ok(back > 30, `${back} px of the way back are in sight`);
  }
  await assertAlive(page, errors);
});

test('F66 forced colours, more contrast and less motion are honoured', async (t) => {
  const context = await profile(t, { forcedColors: 'active', viewport: { width: 1280, height: 800 } });
  const { page, errors } = await open(t, { context });
  await page.getByTestId('import-json').fill(FULL);
  await page.locator('.code-line').nth(20).waitFor();
  const style = (selector, name) =>
    page.locator(selector).first().evaluate((element, wanted) => getComputedStyle(element)[wanted], name);
  // What is chosen has an outline, since grounds are gone; what is sent has a mark, what is not has none.
  for (const chosen of ['.segment :checked + span', '.rail-link[aria-current]']) {
    assert.equal(await style(chosen, 'outlineStyle'), 'solid', chosen);
  }
  const canvas = await ground(page);
  assert.notEqual(await style('.field[data-set]', 'borderInlineStartColor'), canvas);
  await control(page, 'InstanceName').fill('');
  assert.equal(await style('.field:not([data-set], [data-tone])', 'borderInlineStartColor'), canvas);
  await page.locator('.bar-find').click();
  assert.equal(await style('[role=option][aria-selected=true]', 'outlineStyle'), 'solid');
  await page.keyboard.press('Escape');

  await page.emulateMedia({ forcedColors: 'none', contrast: 'more' });
  const [ink, soft] = [await style('body', 'color'), await style('.soft', 'color')];
  assert.equal(soft, ink);
  await page.emulateMedia({ contrast: 'no-preference', reducedMotion: 'no-preference' });
  assert.notEqual(await style('.btn', 'transitionDuration'), '0s');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  assert.equal(await style('.btn', 'transitionProperty'), 'none');
  await assertAlive(page, errors);
});

test('F57 the review is printed with its words, answers and body, and nothing to press', async (t) => {
  const { page, errors } = await open(t, { colorScheme: 'dark' });
  await page.getByTestId('import-json').fill(FULL);
  await page.locator('.code-line').nth(20).waitFor();
  await goTo(page, '#review');
  const body = page.locator('.review-code');
  assert.equal(await body.isVisible(), false);
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await eventually(async () => assert.match(await body.textContent(), /"WorkspaceId"/));
  assert.ok(await body.isVisible());
  for (const gone of ['.bar', '.rail', '.output', '.review button', '.review .btn', '.answers a']) {
    for (const element of await page.locator(gone).all()) assert.equal(await element.isVisible(), false, gone);
  }
  for (const there of ['#review-h', '.words-list', '.answers']) assert.ok(await page.locator(there).first().isVisible(), there);
  // Ink on paper, whatever the theme.
  assert.equal(await page.evaluate(() => getComputedStyle(window.document.documentElement).colorScheme), 'light');
  assert.doesNotMatch(await page.locator('.review').textContent(), /dXNlcjpwYXNzd29yZA/);
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.length > 10_000);
  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  assert.equal(await body.isVisible(), false);
  await assertAlive(page, errors);
});

test('F69 nothing jumps while the page comes, at the start and in both forms', async (t) => {
  for (const language of LANGUAGES) {
    for (const [width, height] of [[1440, 900], [1024, 768], [360, 740]]) {
      for (const view of ['#start', '#all', '#guided']) {
        const context = await speaking(t, language, { viewport: { width, height } });
        await context.addInitScript(() => {
          window.shifts = [];
          new PerformanceObserver((list) => {
            for (const { value, hadRecentInput, sources } of list.getEntries()) {
              if (!hadRecentInput) window.shifts.push([value, ...sources.map(({ node }) => node?.className ?? node?.nodeName)]);
            }
          }).observe({ type: 'layout-shift', buffered: true });
        });
        const page = await context.newPage();
        await page.goto(`${origin}/${view}`);
        await page.locator('.shell').waitFor();
        await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
        // What was fetched last is shown.
        await page.waitForTimeout(500);
        const shifts = await page.evaluate(() => window.shifts);
        const sum = shifts.reduce((all, [value]) => all + value, 0);
        assert.ok(sum <= 0.02, `${language} ${view} at ${width} px: ${sum}, ${JSON.stringify(shifts)}`);
        await context.close();
      }
    }
  }
});
