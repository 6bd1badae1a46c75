// What axe finds, and whether everything fits on a narrow screen, in the states of the form.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertAlive, control, document, eventually, load, open, says } from './fixtures/form.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Everything at once: all fields set, unknown members, values of another type, long texts. */
const CROWDED = {
  ...JSON.parse(document('full')),
  Priority: 'high',
  InstanceName: 'a-name_that-is.much-too_long-for_the-service',
  UserId: `${'1234567890'.repeat(20)}`,
  'A member with a very long name that nobody has documented yet': { a: [1, { b: 'c' }] },
  docker_config: `${'x'.repeat(300)}`,
};
CROWDED.UserVpc.Ipv6 = true;
CROWDED.Datasets[0].New = { a: 1 };
CROWDED.Datasets[1] = 'text in place of an object';
CROWDED.AccessRestrictionRules = 'text in place of a map';

/** The states that are looked at; each leads there from the empty form. */
const STATES = {
  'the empty form': async () => {},
  'a full request, all open': async (page) => {
    await load(page, document('full'));
    await openAll(page);
  },
  'every message and every odd value': async (page) => {
    await load(page, CROWDED);
    await openAll(page);
    await page.getByRole('button', { name: 'Copy' }).filter({ visible: true }).first().click();
    await says(page, /^Copied|^The browser does not allow/);
    await page.locator('#summary').waitFor();
  },
  'a refused import': async (page) => {
    await page.evaluate(() => {
      location.hash = '#output';
    });
    await page.getByTestId('import-json').fill('{"a": tru}');
    await page.locator('#import-msg p').waitFor();
  },
  'a long list': async (page) => {
    const rows = Array.from({ length: 60 }, (_, n) => ({ DatasetId: `d-${n}` }));
    const values = rows.map((row) => row.DatasetId);
    await load(page, { Datasets: rows, Labels: rows, UserVpc: { ExtendedCIDRs: values } });
    await page.getByRole('button', { name: /^Show \d+ more of \d+/ }).first().waitFor();
  },
  'a filter that finds nothing': async (page) => {
    await control(page, 'show').first().waitFor({ state: 'attached' });
    await page.getByLabel('Filter fields').fill('no such field');
    await page.getByText('No field matches the filter.').waitFor();
  },
};

async function openAll(page) {
  const folded = page.locator('.row-title[aria-expanded=false]');
  while ((await folded.count()) > 0) await folded.first().click();
}

/** What axe finds wrong, in words. */
async function violations(page) {
  const { violations: found } = await page.evaluate(() =>
    window.axe.run(window.document, { resultTypes: ['violations'] }),
  );
  return found.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map(({ html, failureSummary }) => `${html}\n${failureSummary}`);
    return `${id}: ${help} (${nodes.length})\n${places.join('\n')}`;
  });
}

/** The elements that stick out of the page to the side. */
function wide(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = window.document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const all = [...window.document.querySelectorAll('body *')];
    const out = all.filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
    const names = out.slice(0, 5).map((element) => element.cloneNode().outerHTML);
    return [`${scrollWidth} px in ${clientWidth} px`, ...names];
  });
}

const SCREENS = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 360, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
];

for (const [state, reach] of Object.entries(STATES)) {
  for (const screen of SCREENS) {
    const { width, colorScheme } = screen;
    test(`axe finds nothing in ${state} at ${width} px, ${colorScheme}`, async (t) => {
      const { page, errors } = await open(t, { ...screen, height: 800, clipboard: true });
      await sheet(page, () => reach(page));
      // Not by a script element, which the page's policy forbids.
      await page.evaluate(axe);
      assert.deepEqual(await violations(page), []);
      if (width < 400) {
        // The other side of the sheet.
        await page.evaluate(() => {
          location.hash = location.hash === '#output' ? '#main' : '#output';
        });
        assert.deepEqual(await violations(page), []);
        for (const narrow of [360, 320]) {
          await page.setViewportSize({ width: narrow, height: 740 });
          await eventually(async () => assert.deepEqual(await wide(page), []));
        }
      }
      await assertAlive(page, errors);
    });
  }
}

/** On a narrow screen the import field lies in the sheet; the form is looked at without it. */
async function sheet(page, reach) {
  const hash = (to) =>
    page.evaluate((wanted) => {
      location.hash = wanted;
    }, to);
  await hash('#output');
  await reach();
  if (!(await page.locator('#import-msg p').isVisible())) await hash('#all');
}

test('every control has a name and every reference leads somewhere', async (t) => {
  const { page, errors } = await open(t);
  await load(page, CROWDED);
  await openAll(page);
  const problems = await page.evaluate(() => {
    const found = [];
    const ids = [...window.document.querySelectorAll('[id]')].map((element) => element.id);
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) {
      found.push(`the id ${id} stands twice`);
    }
    for (const name of ['for', 'aria-describedby', 'aria-controls', 'aria-labelledby', 'list']) {
      for (const element of window.document.querySelectorAll(`[${name}]`)) {
        const value = element.getAttribute(name);
        for (const id of name === 'for' || name === 'list' ? [value] : value.split(/\s+/)) {
          if (!window.document.getElementById(id)) found.push(`${name}=${value} leads nowhere`);
        }
      }
    }
    for (const element of window.document.querySelectorAll('input, select, textarea')) {
      const named = element.labels.length > 0 || element.getAttribute('aria-label');
      if (!named) found.push(`${element.name} has no label`);
    }
    return found;
  });
  assert.deepEqual(problems, []);
  await assertAlive(page, errors);
});
