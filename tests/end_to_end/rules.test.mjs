// Every rule that needs no knowledge from elsewhere: told at its field, and mended there by one click.
//
// The cases are `fixtures/rules.json`; `crates/form/tests/provoked.rs` checks that they are complete and agree with
// the model. Rules that need to know machines, images or datasets are provoked in `tests/browser/known.rs`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertAlive, eventually, importProblem, open, paste, showsBody } from './fixtures/form.mjs';

/** Each with `id`, the field it is told `at`, `body`, `mended` by its fix; `missing` if it is told on demand. */
const CASES = JSON.parse(readFileSync(new URL('fixtures/rules.json', import.meta.url), 'utf8'));

/** The messages of a case's rule at its field. Ids of members that the model does not know begin with `~`. */
function message(page, { id, at }) {
  const places = [at, `~${at}`].map((name) => `[data-testid=${JSON.stringify(`error-${name}`)}]`);
  const why = page.getByRole('button', { name: `Why: rule ${id}`, exact: true });
  return page.locator(places.join(',')).locator('.field-msg').filter({ has: why });
}

/** Imports a case's body and waits until it stands in the preview. */
async function provoke(page, { id, body }) {
  await paste(page, JSON.stringify(body));
  assert.equal(await importProblem(page), '', id);
  // A variable without a name has no place in a body.
  await showsBody(page, id === 'R68' ? {} : body);
}

/** Checks that a case is told, and mends it where there is a fix. */
async function check(page, one) {
  const told = message(page, one);
  await eventually(async () => assert.equal(await told.count(), 1, `${one.id} at ${one.at}`));
  assert.equal(await told.isVisible(), true, one.id);
  assert.match(await told.textContent(), /^(Error|Warning): .*\S/, one.id);
  const fix = told.locator('button:not([aria-controls])');
  await eventually(async () => assert.equal(await fix.count(), one.mended ? 1 : 0, one.id));
  if (one.mended) {
    await fix.click();
    await showsBody(page, one.mended);
    await eventually(async () => assert.equal(await told.count(), 0, one.id));
  }
}

test('every rule is told at its field and mended by one click', async (t) => {
  const { page, errors } = await open(t);
  for (const one of CASES) {
    await provoke(page, one);
    if (one.missing) {
      await eventually(async () => assert.equal(await message(page, one).count(), 0, `${one.id} waits until it is asked for`));
    } else {
      await check(page, one);
    }
  }
  await page.keyboard.press('F8');
  for (const one of CASES.filter(({ missing }) => missing)) {
    await provoke(page, one);
    await check(page, one);
  }
  await assertAlive(page, errors);
});
