// F64: axe finds nothing in any view, in both languages and both themes; one sees what one goes to.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browser } from './browser.mjs';
import { assertAlive, byId, document, eventually, layOutAll, open } from './fixtures/form.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Goes to an anchor of the page. */
const goTo = (page, hash) =>
  page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);

/** The views, and how each is reached in a page that holds a full request. */
const VIEWS = {
  'the start': (page) => goTo(page, '#start'),
  'all fields': (page) => goTo(page, '#all'),
  'the guided form': (page) => goTo(page, '#guided/storage'),
  'the review': async (page) => {
    await goTo(page, '#review');
    await page.locator('.answers').first().waitFor();
  },
  'the search': async (page) => {
    await goTo(page, '#all');
    await page.locator('.bar-find').click();
    await page.locator('#palette-input').fill('mount');
  },
  'the commands': async (page) => {
    await page.evaluate(() => window.document.activeElement.blur());
    await page.keyboard.press('?');
    await byId(page, 'single-keys').waitFor();
  },
  'the help': async (page) => {
    await page.locator('.bar > button[aria-haspopup=dialog]').last().click();
    await page.locator('#help dt').first().waitFor();
  },
};

async function violations(page) {
  const { violations: found } = await page.evaluate(() =>
    window.axe.run(window.document, { resultTypes: ['violations'] }));
  return found.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map(({ html, failureSummary }) => `${html}\n${failureSummary}`);
    return `${id}: ${help} (${nodes.length})\n${places.join('\n')}`;
  });
}

for (const language of ['en', 'zh-CN']) {
  for (const colorScheme of ['light', 'dark']) {
    test(`F64 axe finds nothing in any view, in ${language} and ${colorScheme}`, async (t) => {
      const context = await (await browser()).newContext({ colorScheme, reducedMotion: 'reduce' });
      t.after(() => context.close());
      await context.addInitScript((tag) => localStorage.setItem('dsw-composer.language', tag), language);
      const { page, errors } = await open(t, { context });
      await page.getByTestId('import-json').fill(document('full'));
      await page.locator('.code-line').nth(20).waitFor();
      await layOutAll(page);
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      await page.evaluate(axe);
      for (const [view, reach] of Object.entries(VIEWS)) {
        await reach(page);
        assert.deepEqual(await violations(page), [], view);
        if (await page.locator('dialog[open]').count()) {
          await page.keyboard.press('Escape');
          await page.locator('dialog[open]').waitFor({ state: 'hidden' });
        }
      }
      await assertAlive(page, errors);
    });
  }
}

test('a section that one goes to among all fields is where one looks, whatever stands before it', async (t) => {
  const { page, errors } = await open(t);
  for (const section of ['network', 'labels', 'image']) {
    await page.locator(`.rail-link[href="#${section}"]`).click();
    await eventually(async () => {
      const { top } = await byId(page, `${section}-h`).evaluate((heading) => heading.getBoundingClientRect().toJSON());
      assert.ok(top >= 0 && top < 300, `${section}: ${top}`);
    });
    // It stays there.
    await page.waitForTimeout(300);
    const { top } = await byId(page, `${section}-h`).evaluate((heading) => heading.getBoundingClientRect().toJSON());
    assert.ok(top >= 0 && top < 300, `${section}: ${top}`);
  }
  await assertAlive(page, errors);
});
