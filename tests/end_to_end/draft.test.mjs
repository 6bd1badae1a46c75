// The draft: kept by the browser without secrets, found again, cleared; undo and redo over the whole of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  assertAlive,
  body,
  byId,
  control,
  document,
  eventually,
  hasFocus,
  load,
  open,
  previewText,
  says,
  showsBody,
} from './fixtures/form.mjs';

const status = (page) => page.locator('.bar-draft');
const found = (page) => byId(page, 'draft-found');
const saved = (page, pattern = /Saved \d\d:\d\d/) =>
  eventually(async () => assert.match(await status(page).textContent(), pattern));

test('a draft survives a reload, with what no body holds', async (t) => {
  const { page, errors } = await open(t);
  assert.equal(await status(page).isVisible(), false);
  await load(page, { InstanceName: 'train_1', Future: { a: 1.5 }, Datasets: [{ Uri: 'oss://a' }] });
  await control(page, 'Priority').fill('seven');
  for (const row of [0, 1]) {
    await byId(page, 'EnvironmentVariables-add').click();
    await control(page, `EnvironmentVariables[${row}].Key`).fill('A');
    await control(page, `EnvironmentVariables[${row}].Value`).fill(`${row}`);
  }
  await saved(page);
  assert.match(await status(page).textContent(), /train_1/);
  const before = await previewText(page);
  await page.reload();
  await eventually(async () => assert.match(await found(page).textContent(), /^Draft restored from \d\d:\d\d\./));
  assert.equal(await previewText(page), before);
  assert.equal(await control(page, 'Priority').inputValue(), 'seven');
  assert.equal(await control(page, 'EnvironmentVariables[1].Key').inputValue(), 'A');
  assert.equal(await control(page, 'EnvironmentVariables[1].Value').inputValue(), '1');
  await saved(page);
  // What was found is where one begins, not a step.
  assert.equal(await page.getByRole('button', { name: 'Undo', exact: true }).first().isDisabled(), true);
  await assertAlive(page, errors);
});

test('what is typed just before leaving is kept', async (t) => {
  const { page, errors } = await open(t);
  await control(page, 'InstanceName').fill('last_word');
  await page.reload();
  await showsBody(page, { InstanceName: 'last_word' });
  await assertAlive(page, errors);
});

test('secrets are not kept, and the page says which', async (t) => {
  const { page, errors } = await open(t);
  await load(page, {
    ...JSON.parse(document('full')),
    ImageAuth: 'c2VjcmV0OnNlY3JldA==',
    EnvironmentVariables: { A: '1', DB_PASSWORD: 'hunter2', ID: 'LTAI5tAbCdEfGhIjKlMn' },
  });
  await saved(page, /without \d secrets/);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location]));
  assert.match(kept, /training_data/);
  assert.doesNotMatch(kept, /c2VjcmV0|hunter2|LTAI5t|temporary-token/);
  await page.reload();
  await found(page).waitFor();
  const said = await found(page).textContent();
  for (const name of ['ImageAuth', 'SecurityToken', 'EnvironmentVariables[1]']) {
    assert.ok(said.includes(name), `${name} in ${said}`);
  }
  assert.equal(await control(page, 'ImageAuth').inputValue(), '');
  const { EnvironmentVariables } = await body(page);
  assert.deepEqual(EnvironmentVariables, { A: '1', DB_PASSWORD: '', ID: '' });
  await assertAlive(page, errors);
});

test('starting empty can be taken back', async (t) => {
  const { page, errors } = await open(t);
  await control(page, 'InstanceName').fill('a');
  await saved(page);
  await page.reload();
  await found(page).getByRole('button', { name: 'Start empty' }).click();
  await showsBody(page, {});
  await says(page, /^Draft cleared\.$/);
  assert.equal(await found(page).isVisible(), false);
  await hasFocus(page, 'main');
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(page, { InstanceName: 'a' });
  await assertAlive(page, errors);
});

test('a draft that was cleared is gone', async (t) => {
  const { page, errors } = await open(t);
  await control(page, 'InstanceName').fill('a');
  await saved(page);
  await page.getByRole('button', { name: 'Clear draft' }).click();
  await showsBody(page, {});
  await eventually(async () => assert.equal(await status(page).isVisible(), false));
  await hasFocus(page, 'main');
  assert.equal(await page.evaluate(() => localStorage.getItem('dsw-composer.draft')), null);
  await page.reload();
  await control(page, 'InstanceName').waitFor();
  await eventually(async () => assert.equal(await found(page).count(), 0));
  await showsBody(page, {});
  await assertAlive(page, errors);
});

test('a notice is dismissed, and the draft stays', async (t) => {
  const { page, errors } = await open(t);
  await control(page, 'InstanceName').fill('a');
  await page.reload();
  await found(page).getByRole('button', { name: 'Dismiss' }).click();
  await eventually(async () => assert.equal(await found(page).count(), 0));
  await showsBody(page, { InstanceName: 'a' });
  await assertAlive(page, errors);
});

const DRAFT = 'dsw-composer.draft';
const stored = (page, key = DRAFT) => page.evaluate((key) => localStorage.getItem(key), key);
const store = (page, text) => page.evaluate(([key, text]) => localStorage.setItem(key, text), [DRAFT, text]);
/** What a button downloads. */
async function downloaded(page, button) {
  const file = page.waitForEvent('download');
  await button.click();
  return readFileSync(await (await file).path(), 'utf8');
}

for (const [what, text] of Object.entries({
  'no JSON': '{"saved":',
  'of another program': '[1,2]',
  'empty': '',
  'without a draft': '["2026-01-01 00:00:00", ""]',
  'deeply nested': '['.repeat(100_000),
})) {
  test(`G11: a stored text that is ${what} is set aside, told, and offered until it is deleted`, async (t) => {
    const { page, errors } = await open(t);
    await store(page, text);
    await page.reload();
    const aside = byId(page, 'draft-aside');
    await aside.waitFor();
    assert.match(await aside.textContent(), /cannot be read, so the form starts empty/);
    assert.equal(await downloaded(page, aside.getByRole('button', { name: 'Download it' })), text);
    await control(page, 'InstanceName').fill('a');
    await saved(page);
    await page.reload();
    await showsBody(page, { InstanceName: 'a' });
    // The draft that came after did not take its place.
    assert.equal(await downloaded(page, aside.getByRole('button', { name: 'Download it' })), text);
    await aside.getByRole('button', { name: 'Delete it' }).click();
    await eventually(async () => assert.equal(await aside.count(), 0));
    assert.equal(await stored(page, 'dsw-composer.draft.aside'), null);
    await assertAlive(page, errors);
  });
}

test('G11: a draft of the version before is migrated, and stands as it was until the next change', async (t) => {
  const { page, errors } = await open(t);
  const old = readFileSync(new URL('../../crates/form/tests/data/drafts/v1.json', import.meta.url), 'utf8');
  await store(page, old);
  await page.reload();
  await found(page).waitFor();
  assert.match(await found(page).textContent(), /restored from 2026-11-22 18:20\. .*Enter again: ImageAuth/);
  assert.equal((await body(page)).InstanceName, 'train_1');
  await page.reload();
  await found(page).waitFor();
  assert.equal(await stored(page), old);
  await control(page, 'InstanceName').fill('train_2');
  await eventually(async () => assert.match(await stored(page), /^\{"version":2,.*train_2/));
  await assertAlive(page, errors);
});

test('G11: a draft of a newer version is left as it is, told, and offered', async (t) => {
  const { page, errors } = await open(t);
  const newer = '{"version":99,"tree":{"InstanceName":"from_the_future"}}';
  await store(page, newer);
  await page.reload();
  const notice = byId(page, 'draft-newer');
  await notice.waitFor();
  assert.match(await notice.textContent(), /A newer version of this page has kept a draft here\. It is left as it is/);
  assert.equal(await downloaded(page, notice.getByRole('button', { name: 'Download it' })), newer);
  await showsBody(page, {});
  await control(page, 'InstanceName').fill('mine');
  await saved(page, /Not saved: a newer version's draft is kept here\./);
  // What is in the form can be taken along.
  const mine = await downloaded(page, status(page).getByRole('button', { name: 'Download' }));
  assert.deepEqual(JSON.parse(mine), { InstanceName: 'mine' });
  assert.equal(await stored(page), newer);
  await page.reload();
  await notice.waitFor();
  assert.equal(await stored(page), newer);
  await assertAlive(page, errors);
});

test('G09: a draft is kept within a second, also while one types on', async (t) => {
  const { page, errors } = await open(t);
  const name = control(page, 'InstanceName');
  await name.focus();
  // Faster than any pause: what is kept must not lag behind by more than a second.
  const lag = await name.evaluate(async (input) => {
    const typed = new Map();
    let worst = 0;
    for (let n = 1; n <= 40; n += 1) {
      input.value = 'a'.repeat(n);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      typed.set(n, performance.now());
      await new Promise((resolve) => setTimeout(resolve, 100));
      const kept = /"InstanceName":"(a+)"/.exec(localStorage.getItem('dsw-composer.draft') ?? '')?.[1].length ?? 0;
      const waits = typed.get(kept + 1);
      if (kept < n) worst = Math.max(worst, performance.now() - waits);
    }
    return worst;
  });
  t.diagnostic(`the oldest letter that was not kept yet was ${Math.round(lag)} ms old`);
  assert.ok(lag > 0, 'typing was slower than keeping');
  // The machine of the tests may be busy: the timers have 900 ms.
  assert.ok(lag < 1400, `${lag} ms`);
  await saved(page);
  await assertAlive(page, errors);
});

test('G09: what is not kept yet is kept when the page is hidden', async (t) => {
  const { page, errors } = await open(t);
  const kept = await control(page, 'InstanceName').evaluate(async (input) => {
    input.value = 'hidden';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise(requestAnimationFrame);
    const before = localStorage.getItem('dsw-composer.draft');
    window.document.dispatchEvent(new Event('visibilitychange'));
    return [before, localStorage.getItem('dsw-composer.draft')];
  });
  assert.equal(kept[0], null);
  assert.match(kept[1], /"InstanceName":"hidden"/);
  await assertAlive(page, errors);
});

test('a stored draft with values of other shapes is restored as far as it fits', async (t) => {
  const { page, errors } = await open(t);
  const fields = { InstanceName: ['a'], WorkspaceId: '1', Datasets: { rows: [] }, Labels: [1, null] };
  const text = JSON.stringify(['some day', 'ImageAuth', { fields, unknown: 7 }]);
  await page.evaluate(([key, value]) => localStorage.setItem(key, value), [DRAFT, text]);
  await page.reload();
  await eventually(async () => assert.equal((await body(page)).WorkspaceId, '1'));
  await control(page, 'InstanceName').fill('a');
  await saved(page);
  await assertAlive(page, errors);
});

for (const [what, told, hinder] of [
  [
    'full',
    /Not saved: the browser's storage is full\./,
    () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    },
  ],
  [
    'not to be had',
    /Not saved: this browser keeps nothing\./,
    () => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('no', 'SecurityError');
        },
      });
    },
  ],
  [
    'not to be read',
    /Not saved: this browser keeps nothing\./,
    () => {
      for (const name of ['getItem', 'setItem', 'removeItem', 'key']) {
        Storage.prototype[name] = () => {
          throw new DOMException('no', 'SecurityError');
        };
      }
    },
  ],
]) {
  test(`G10: where storage is ${what}, the form works, says that it is not saved, and offers the body`, async (t) => {
    const { page, errors } = await open(t);
    await page.addInitScript(hinder);
    await page.reload();
    await control(page, 'InstanceName').fill('a');
    await saved(page, told);
    await showsBody(page, { InstanceName: 'a' });
    const file = await downloaded(page, status(page).getByRole('button', { name: 'Download' }));
    assert.deepEqual(JSON.parse(file), { InstanceName: 'a' });
    // The history opens too, and has nothing.
    await page.getByRole('button', { name: 'History' }).click();
    await eventually(async () => assert.match(await byId(page, 'past').textContent(), /Nothing yet/));
    await assertAlive(page, errors);
  });
}

test('G10: a draft is kept as soon as there is room again', async (t) => {
  const { page, errors } = await open(t);
  await page.evaluate(() => {
    const set = Storage.prototype.setItem;
    window.full = true;
    Storage.prototype.setItem = function (...all) {
      if (window.full) throw new DOMException('full', 'QuotaExceededError');
      set.apply(this, all);
    };
  });
  await control(page, 'InstanceName').fill('a');
  await saved(page, /Not saved: the browser's storage is full\./);
  await page.evaluate(() => {
    window.full = false;
  });
  await control(page, 'WorkspaceId').fill('1');
  await saved(page);
  assert.match(await stored(page), /"InstanceName":"a"/);
  await assertAlive(page, errors);
});

test('G09: leaving warns only where something would be lost', async (t) => {
  const { page, errors } = await open(t);
  const warned = [];
  page.on('dialog', (dialog) => {
    warned.push(dialog.type());
    dialog.accept();
  });
  await control(page, 'InstanceName').pressSequentially('a');
  await page.reload();
  await showsBody(page, { InstanceName: 'a' });
  assert.deepEqual(warned, []);
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await control(page, 'InstanceName').pressSequentially('b');
  await page.reload();
  assert.deepEqual(warned, ['beforeunload']);
  await showsBody(page, { InstanceName: 'a' });
  await assertAlive(page, errors);
});

const elsewhere = (page) => byId(page, 'draft-elsewhere');
const keepMine = (page) => elsewhere(page).getByRole('button', { name: 'Keep this one' });

test('G12: of two tabs none overwrites the other: the other draft is taken over, and back again', async (t) => {
  const { page, context, errors } = await open(t);
  await control(page, 'InstanceName').fill('first');
  await saved(page);
  const second = await open(t, { context });
  await showsBody(second.page, { InstanceName: 'first' });
  await control(second.page, 'InstanceName').fill('second');
  await saved(second.page, /second/);
  await eventually(async () => assert.match(await elsewhere(page).textContent(), /changed in another tab/));
  await showsBody(page, { InstanceName: 'first' });
  await elsewhere(page).getByRole('button', { name: 'Take over that draft' }).click();
  await showsBody(page, { InstanceName: 'second' });
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(page, { InstanceName: 'first' });
  await saved(page, /first/);
  await page.reload();
  await showsBody(page, { InstanceName: 'first' });
  await assertAlive(page, [...errors, ...second.errors]);
});

test('G12: what is entered here does not replace the work of another tab before one says so', async (t) => {
  const { page, context, errors } = await open(t);
  await control(page, 'InstanceName').fill('first');
  await saved(page);
  const second = await open(t, { context });
  await control(second.page, 'InstanceName').fill('second');
  await saved(second.page, /second/);
  await elsewhere(page).waitFor();
  await control(page, 'WorkspaceId').fill('1');
  await saved(page, /Not saved: another tab has a newer draft\./);
  assert.match(await stored(page), /"second"/);
  assert.match(await downloaded(page, elsewhere(page).getByRole('button', { name: 'Download it' })), /"second"/);
  await keepMine(page).click();
  await saved(page, /first/);
  assert.match(await stored(page), /"WorkspaceId":"1".*"first"/);
  // Now the other one is told, and its draft is in the history.
  await elsewhere(second.page).waitFor();
  await page.getByRole('button', { name: 'History' }).click();
  assert.match(await page.locator('.past').textContent(), /second.*Replaced/);
  await assertAlive(page, [...errors, ...second.errors]);
});

test('G12: a draft that another tab has cleared is not brought back by this one unasked', async (t) => {
  const { page, context, errors } = await open(t);
  await control(page, 'InstanceName').fill('first');
  await saved(page);
  const second = await open(t, { context });
  await second.page.getByRole('button', { name: 'Clear draft' }).click();
  await saved(page, /Not saved: cleared in another tab\./);
  assert.equal(await stored(page), null);
  await control(page, 'WorkspaceId').fill('1');
  await saved(page);
  assert.match(await stored(page), /"first"/);
  await assertAlive(page, [...errors, ...second.errors]);
});

test('Ctrl+Z in a text control takes the last step of the form back', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { Driver: '1' });
  await control(page, 'InstanceName').fill('a_name');
  await control(page, 'WorkspaceId').focus();
  await page.keyboard.type('12');
  await showsBody(page, { WorkspaceId: '12', InstanceName: 'a_name', Driver: '1' });
  await page.keyboard.press('Control+z');
  await showsBody(page, { InstanceName: 'a_name', Driver: '1' });
  assert.equal(await control(page, 'WorkspaceId').inputValue(), '');
  await hasFocus(page, 'WorkspaceId');
  await page.keyboard.press('Control+z');
  await showsBody(page, { Driver: '1' });
  await hasFocus(page, 'InstanceName');
  await page.keyboard.press('Control+y');
  await page.keyboard.press('Control+Shift+Z');
  await showsBody(page, { WorkspaceId: '12', InstanceName: 'a_name', Driver: '1' });
  // A pause ends a run of typing, so a long text is not lost at once.
  await control(page, 'UserCommand.OnStart.Content').focus();
  await page.keyboard.type('one');
  await page.waitForTimeout(1200);
  await page.keyboard.type('two');
  await page.keyboard.press('Control+z');
  await eventually(async () =>
    assert.equal(await control(page, 'UserCommand.OnStart.Content').inputValue(), 'one'),
  );
  await assertAlive(page, errors);
});

test('the filter and the import field keep their own undo', async (t) => {
  const { page, errors } = await open(t);
  await control(page, 'InstanceName').fill('a');
  for (const field of [page.getByLabel('Filter fields'), page.getByTestId('import-json')]) {
    await field.focus();
    await page.keyboard.type('{');
    await page.keyboard.press('Control+z');
    await eventually(async () => assert.equal(await field.inputValue(), ''));
    await showsBody(page, { InstanceName: 'a' });
  }
  // With nothing of its own to take back, the key is the form's: an import just made is a step.
  await load(page, { InstanceName: 'b' });
  await page.getByTestId('import-json').focus();
  await page.keyboard.press('Control+z');
  await showsBody(page, { InstanceName: 'a' });
  await assertAlive(page, errors);
});

/** Numbers that look random and are the same in each run (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Makes one edit of the form somewhere. Runs in the page. */
function editSomewhere([pick, choice, text]) {
  const of = (list, share) => list[Math.floor(share * list.length)];
  const own = (element) => !element.closest('.output') && element.id !== 'filter' && element.checkVisibility();
  const all = (selector) => [...window.document.querySelectorAll(selector)].filter(own);
  const buttons = all('main [id$="-add"], main [id$="-trash"], main [id$="-dup"], main [id$="-down"]:enabled, main [id$="-up"]:enabled');
  if (pick < 0.3 && buttons.length > 0) {
    of(buttons, choice).click();
    return;
  }
  const input = of(all('main :is(input, textarea, select)[name]:not([name=show])'), choice);
  input.focus();
  const send = (type) => input.dispatchEvent(new Event(type, { bubbles: true }));
  if (input.type === 'radio') {
    input.click();
  } else if (input.tagName === 'SELECT') {
    input.selectedIndex = Math.floor(pick * input.options.length);
    send('change');
  } else {
    input.value = text;
    send('input');
    send('change');
  }
}

test('200 random edits are undone and made again, one by one', async (t) => {
  const { page, errors } = await open(t);
  await load(page, document('full'));
  const form = () =>
    page.evaluate(() => {
      const controls = window.document.querySelectorAll('main :is(input, textarea, select)[name]');
      const entry = (c) => (c.type === 'radio' ? [`${c.name}=${c.value}`, c.checked] : [c.name, c.value]);
      return Object.fromEntries([...controls].map(entry));
    });
  // Which rows are open is the view's: what both forms show has to be the same.
  const same = (form, wanted) => {
    const names = Object.keys(wanted).filter((name) => name in form);
    assert.ok(names.length > 100, `${names.length} controls in common`);
    for (const name of names) assert.equal(form[name], wanted[name], name);
  };
  const undo = page.getByRole('button', { name: 'Undo', exact: true }).first();
  const redo = page.getByRole('button', { name: 'Redo', exact: true }).first();
  const step = (button) => button.evaluate(async (b) => { b.click(); await new Promise(requestAnimationFrame); });
  const next = random(20261125);
  const texts = ['', '7', '-1', 'a-b', '10.0.0.1/8', '{"a": 1}', '{', 'é😀', '32GB', 'oss://bucket/', ' x '];
  const before = { text: await previewText(page), form: await form() };
  const seen = [before.text];
  for (let n = 0; n < 200; n += 1) {
    await page.evaluate(editSomewhere, [next(), next(), texts[Math.floor(next() * texts.length)]]);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    const text = await previewText(page);
    if (text !== seen.at(-1)) seen.push(text);
  }
  t.diagnostic(`${seen.length - 1} of 200 edits changed the body`);
  assert.ok(seen.length > 100, `${seen.length} bodies`);
  const after = { text: seen.at(-1), form: await form() };
  let steps = 0;
  const back = [seen.at(-1)];
  // The first step of all is the import.
  for (; steps < 250 && (await previewText(page)) !== '{}'; steps += 1) {
    await step(undo);
    const text = await previewText(page);
    if (text !== back.at(-1)) back.push(text);
  }
  assert.equal(await undo.isDisabled(), true);
  assert.deepEqual(back.reverse().slice(1), seen);
  await step(redo);
  assert.equal(await previewText(page), before.text);
  same(await form(), before.form);
  for (let n = 1; n < steps; n += 1) await step(redo);
  assert.equal(await redo.isDisabled(), true);
  assert.equal(await previewText(page), after.text);
  same(await form(), after.form);
  await assertAlive(page, errors);
});
