// What axe finds, and whether everything fits on a narrow screen, in the states of the form.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browser } from './browser.mjs';
import { assertAlive, document, layOutAll, load, open, says } from './fixtures/form.mjs';

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
CROWDED.Labels[0].Colour = 'green';
CROWDED.AccessRestrictionRules = 'text in place of a map';

/** What makes the special controls show all that they have. */
const SPECIAL = JSON.parse(document('full'));
SPECIAL.RequestedResource.Memory = 'about 8';
SPECIAL.UserVpc.ForwardInfos[0].SSHPublicKey += '\n';
SPECIAL.UserCommand.OnStart.Content = 'a\r\nb\r\n';

/** The states that are looked at; each leads there from the empty form. */
const STATES = {
  'the empty form': async () => {},
  'a full request, all open': async (page) => {
    await load(page, document('full'));
    await openAll(page);
  },
  'special controls in their other modes': async (page) => {
    await load(page, SPECIAL);
    await openAll(page);
    const modes = page.locator('[id$="-as"], [data-for] + .line > [data-kind], [aria-controls$="-login"]');
    for (const mode of await modes.all()) if (await mode.isVisible()) await mode.click();
    await page.locator('[aria-controls="EnvironmentVariables-env"]').click();
    await page.locator('[name="EcsSpec | ResourceId"][value="ResourceId"]').check();
    for (const there of ['[name$="-text"]', '[name="ImageAuth-user"]', '.parked', '.chips', '[id$="-note"] button']) {
      await page.locator(there).filter({ visible: true }).first().waitFor();
    }
    assert.equal(await page.locator('[name="RequestedResource.Memory-unit"] option', { hasText: 'As typed' }).count(), 1);
  },
  'every message and every odd value': async (page) => {
    await load(page, CROWDED);
    await openAll(page);
    await page.locator('.output-tools').getByRole('button', { name: 'Copy' }).click();
    await says(page, /^Copied with/);
    await page.locator('#summary').waitFor();
  },
  'a draft that was found': async (page) => {
    await load(page, CROWDED);
    await page.getByText(/^Saved \d/).waitFor();
    await page.reload();
    await page.locator('#draft-found').waitFor();
  },
  'a rule explained': async (page) => {
    await load(page, CROWDED);
    await page.getByRole('button', { name: /^Why: rule/ }).first().click();
    await page.getByText(/^Rule R\d+, /).first().waitFor();
  },
  'a refused import': async (page) => {
    await page.getByTestId('import-json').fill('{"a": tru}');
    await page.locator('#import-json-msg p').waitFor();
  },
  'a long list': async (page) => {
    const rows = Array.from({ length: 60 }, (_, n) => ({ DatasetId: `d-${n}` }));
    const values = rows.map((row) => row.DatasetId);
    const labels = values.map((Value, n) => ({ Key: `key-${n}`, Value }));
    await load(page, { Datasets: rows, Labels: labels, UserVpc: { ExtendedCIDRs: values } });
    await page.getByRole('button', { name: /^Show \d+ more of \d+/ }).first().waitFor();
  },
  'a filter that finds nothing': async (page) => {
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

/** The elements that stick out of the page to the side; those that scroll on their own do not. */
function wide(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = window.document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = [...window.document.querySelectorAll('body *')].filter((element) => {
      if (element.getBoundingClientRect().right <= clientWidth + 1) return false;
      for (let around = element.parentElement; around; around = around.parentElement) {
        if (getComputedStyle(around).overflowX !== 'visible') return false;
      }
      return true;
    });
    const names = out.slice(0, 8).map((element) => element.cloneNode().outerHTML);
    return [`${scrollWidth} px in ${clientWidth} px`, ...names];
  });
}

/** Goes to an anchor of the page. */
function goTo(page, hash) {
  return page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
}

for (const [state, reach] of Object.entries(STATES)) {
  test(`axe finds nothing in ${state}, light, dark and narrow`, async (t) => {
    const { page, errors } = await open(t, { clipboard: true });
    await reach(page);
    await layOutAll(page);
    // Not by a script element, which the page's policy forbids.
    await page.evaluate(axe);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const [width, hash] of [[1280, '#all'], [360, '#all'], [360, '#output']]) {
        await page.setViewportSize({ width, height: 800 });
        await goTo(page, hash);
        assert.deepEqual(await violations(page), [], `${width} px, ${colorScheme}, ${hash}`);
      }
    }
    await assertAlive(page, errors);
  });

  test(`${state} fits on a narrow screen`, async (t) => {
    const { page, errors } = await open(t, { clipboard: true });
    await reach(page);
    await layOutAll(page);
    for (const width of [360, 320]) {
      await page.setViewportSize({ width, height: 740 });
      for (const hash of ['#all', '#output']) {
        await goTo(page, hash);
        assert.deepEqual(await wide(page), [], `${width} px, ${hash}`);
      }
    }
    await assertAlive(page, errors);
  });
}

test('at 400 % zoom nothing needs scrolling sideways, and all can be reached', async (t) => {
  // A window of 1280 by 1024 px: at four times the size 320 by 256 are left.
  const context = await (await browser()).newContext({
    viewport: { width: 320, height: 256 },
    deviceScaleFactor: 4,
  });
  t.after(() => context.close());
  const { page, errors } = await open(t, { context });
  await goTo(page, '#output');
  await load(page, CROWDED);
  await goTo(page, '#all');
  await openAll(page);
  await layOutAll(page);
  for (const hash of ['#all', '#output']) {
    await goTo(page, hash);
    assert.deepEqual(await wide(page), [], hash);
  }
  // What has the focus is in sight, and neither the bar nor the sheet lies over it.
  await goTo(page, '#all');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  const controls = ['WorkspaceId', 'ImageAuth', 'Datasets[0].MountPath', 'EnvironmentVariables[0].Value', 'Tag[0].Value'];
  for (const name of controls) {
    const held = page.locator(`[name=${JSON.stringify(name)}]`);
    await held.focus();
    assert.ok(await held.evaluate(seen), name);
  }
  await assertAlive(page, errors);
});

/** Whether the middle of an element lies in the window, with nothing over it. Runs in the page. */
function seen(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const hit = window.document.elementFromPoint(left + width / 2, top + height / 2);
  return hit === element || element.contains(hit);
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
