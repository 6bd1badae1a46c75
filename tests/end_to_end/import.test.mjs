// Import: by paste, file and drop; what is wrong with a text; what a hostile text does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alone,
  assertAlive,
  body,
  byId,
  control,
  document,
  eventually,
  fillIn,
  importProblem,
  load,
  open,
  paste,
  previewText,
  says,
  showsBody,
} from './fixtures/form.mjs';

/** Opens a file through the page's own file field. */
function openFile(page, content, name = 'request.json') {
  const buffer = Buffer.from(content);
  return page
    .locator('.output input[type=file]')
    .setInputFiles({ name, mimeType: 'application/json', buffer });
}

/** Drops a file, or a text, onto the import field. */
async function drop(page, { file, text }) {
  const data = await page.evaluateHandle(
    (given) => {
      const transfer = new DataTransfer();
      if (given.file !== undefined) transfer.items.add(new File([given.file], 'request.json'));
      if (given.text !== undefined) transfer.setData('text/plain', given.text);
      return transfer;
    },
    { file, text },
  );
  await page.getByTestId('import-json').dispatchEvent('drop', { dataTransfer: data });
}

/** Waits until the import field says this. */
function refuses(page, pattern, patience) {
  return eventually(async () => assert.match(await importProblem(page), pattern), patience);
}

for (const name of ['smallest', 'api-page', 'full']) {
  test(`${name}.json comes out as it went in`, async (t) => {
    const { page, errors } = await open(t);
    await load(page, document(name));
    await showsBody(page, JSON.parse(document(name)));
    // Digit for digit, though in the order of the reference: the same lines, commas aside.
    const lines = (text) => text.match(/\S.*?(?=,?\s*$)/gm).sort();
    assert.deepEqual(lines(await previewText(page)), lines(document(name)));
    assert.equal(await importProblem(page), '');
    await assertAlive(page, errors);
  });
}

test('a request is pasted with the keyboard', async (t) => {
  const { page, errors } = await open(t, { clipboard: true });
  await page.evaluate((text) => navigator.clipboard.writeText(text), document('api-page'));
  await page.getByTestId('import-json').focus();
  await page.keyboard.press('Control+V');
  await showsBody(page, JSON.parse(document('api-page')));
  await says(page, /^Imported: \d+ values set\./);
  await assertAlive(page, errors);
});

test('a request is opened as a file, and the same file again', async (t) => {
  const { page, errors } = await open(t);
  await openFile(page, document('smallest'));
  await showsBody(page, JSON.parse(document('smallest')));
  await control(page, 'InstanceName').fill('other');
  await openFile(page, document('smallest'));
  await showsBody(page, JSON.parse(document('smallest')));
  await assertAlive(page, errors);
});

test('a request is dropped as a file and as text', async (t) => {
  const { page, errors } = await open(t);
  await drop(page, { file: document('smallest') });
  await showsBody(page, JSON.parse(document('smallest')));
  await drop(page, { text: document('api-page') });
  await showsBody(page, JSON.parse(document('api-page')));
  await assertAlive(page, errors);
});

test('a file may begin with a byte order mark', async (t) => {
  const { page, errors } = await open(t);
  await openFile(page, `\ufeff${document('smallest')}`);
  await showsBody(page, JSON.parse(document('smallest')));
  await assertAlive(page, errors);
});

test('members that the reference does not know are kept, shown and edited', async (t) => {
  const { page, errors } = await open(t);
  const request = { Future: { a: [1, 'x'] }, UserVpc: { Ipv6: true }, Datasets: [{ New: 1 }] };
  await load(page, request);
  await says(page, /^Imported: 0 values set, 3 not in the reference but kept\./);
  await showsBody(page, { UserVpc: { Ipv6: true }, Datasets: [{ New: 1 }], Future: request.Future });
  assert.deepEqual(JSON.parse(await control(page, 'Future').inputValue()), request.Future);
  assert.equal(await control(page, 'UserVpc.Ipv6').inputValue(), 'true');
  assert.equal(await control(page, 'Datasets[0].New').inputValue(), '1');
  await control(page, 'UserVpc.Ipv6').fill('{"on":');
  await eventually(async () => {
    const described = await control(page, 'UserVpc.Ipv6').getAttribute('aria-describedby');
    const messages = byId(page, described.split(' ').at(-1));
    assert.match(await messages.textContent(), /not JSON yet/);
  });
  await control(page, 'UserVpc.Ipv6').fill('{"on":false}');
  await page.getByRole('button', { name: 'Remove New' }).click();
  await page.getByRole('button', { name: 'Remove Future' }).click();
  await eventually(async () => {
    const { UserVpc, Future } = await body(page);
    assert.deepEqual([UserVpc, Future], [{ Ipv6: { on: false } }, undefined]);
  });
  await assertAlive(page, errors);
});

test('a text that is no JSON is refused with its place, and kept', async (t) => {
  const { page, errors } = await open(t);
  await load(page, document('smallest'));
  for (const [text, problem] of [
    ['{"a" 1}', /Line 1, column 6: a colon is missing/],
    ['{"a": 1', /Line 1, column 8: the text ends too early/],
    ['{"é": 01}', /Line 1, column 7: a number/],
    ['{"a": 1} x', /Line 1, column 10: something follows/],
    ['{"a": 1, "b": 2,\n "a": 3}', /Line 2, column 2: the name "a" stands in line 1 already/],
    ['[1]', /and this is an array/],
    ['"text"', /and this is text/],
    ['null', /and this is null/],
    ['<!doctype html>', /neither JSON nor a command/],
  ]) {
    await paste(page, text);
    await refuses(page, problem);
    assert.equal(await page.getByTestId('import-json').inputValue(), text);
    assert.equal(await page.getByTestId('import-json').getAttribute('aria-invalid'), 'true');
  }
  // Nothing was changed; and with the text goes the problem.
  await showsBody(page, JSON.parse(document('smallest')));
  await paste(page, '');
  await refuses(page, /^$/);
  await assertAlive(page, errors);
});

test('a dropped or opened text that is refused says why and changes nothing', async (t) => {
  const { page, errors } = await open(t);
  await load(page, document('smallest'));
  await drop(page, { text: '{"a":}' });
  await refuses(page, /Line 1, column 6/);
  assert.equal(await page.getByTestId('import-json').inputValue(), '{"a":}');
  await openFile(page, '{\n"a": tru}');
  await refuses(page, /Line 2, column 6/);
  await openFile(page, Buffer.from([0x7b, 0x0a, 0x22, 0x61, 0xff, 0x22, 0x7d]));
  await refuses(page, /not UTF-8 text: see line 2, column 3/);
  await showsBody(page, JSON.parse(document('smallest')));
  await assertAlive(page, errors);
});

test('more than 1 MiB is refused, by paste and by file', async (t) => {
  const { page, errors } = await open(t);
  const text = JSON.stringify({ InstanceName: 'x'.repeat(1024 * 1024) });
  await paste(page, text);
  await refuses(page, /The text has [\d,]+ bytes; the limit is 1 MiB/);
  // The browser would take long to lay it out, so it does not stay.
  assert.equal(await page.getByTestId('import-json').inputValue(), '');
  await load(page, { InstanceName: 'a' });
  await refuses(page, /^$/);
  await openFile(page, text);
  await refuses(page, /The text has [\d,]+ bytes; the limit is 1 MiB/);
  await showsBody(page, { InstanceName: 'a' });
  await assertAlive(page, errors);
});

/** Requests of about 900 KB, each of many small things. */
const LARGE = {
  'rows of a list': () => ({
    Datasets: Array.from({ length: 7000 }, (_, n) => ({
      DatasetId: `d-${n}`,
      MountPath: `/mnt/data/of/a/long/path/${n}`,
      MountAccess: 'RW',
      Options: '{"fs.oss":"10"}',
    })),
  }),
  'rows of a table': () => ({
    Labels: Array.from({ length: 20_000 }, (_, n) => ({ Key: `key-${n}`, Value: `value-${n}` })),
  }),
  'rows of another type': () => ({
    Datasets: Array.from({ length: 60_000 }, (_, n) => n),
    EnvironmentVariables: Object.fromEntries(
      Array.from({ length: 15_000 }, (_, n) => [`VARIABLE_${n}`, n]),
    ),
  }),
  'members nobody knows': () =>
    Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`Unknown_${n}`, `value of ${n}`])),
  'entries of a map, and lines inside one value': () => ({
    EnvironmentVariables: Object.fromEntries(
      Array.from({ length: 12_000 }, (_, n) => [`VARIABLE_${n}`, `value of ${n}`]),
    ),
    Other: Array.from({ length: 60_000 }, (_, n) => n),
  }),
};

/** How long the page takes to show what a text in a control changes, in milliseconds. */
function answer(page, selector, text) {
  return page.evaluate(
    async ([at, value]) => {
      const control = window.document.querySelector(at);
      const start = performance.now();
      control.value = value;
      control.dispatchEvent(new InputEvent('input', { bubbles: true }));
      // After a frame and what it left to do, all is on the screen.
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return Math.round(performance.now() - start);
    },
    [selector, text],
  );
}

for (const [what, make] of Object.entries(LARGE)) {
  test(`900 KB of ${what} are taken in, and a keystroke is answered`, async (t) => {
    const { page, errors } = await open(t, alone);
    const request = make();
    const text = JSON.stringify(request);
    assert.ok(text.length > 600_000 && text.length < 1024 * 1024, `${text.length} bytes`);
    const taken = await answer(page, '#import-json', text);
    // What may be no plain body is read by a part that is fetched for it.
    await showsBody(page, request, 10_000);
    const answered = await answer(page, '#WorkspaceId', '1');
    assert.match(await previewText(page), /^{\s+"WorkspaceId": "1",$/m);
    t.diagnostic(`taken in after ${taken} ms, a keystroke answered after ${answered} ms`);
    assert.ok(taken < 4000, `taken in after ${taken} ms`);
    assert.ok(answered < 2000, `a keystroke answered after ${answered} ms`);
    const controls = await page.locator('main input, main textarea').count();
    assert.ok(controls < 1000, `${controls} controls are in the page`);
    await assertAlive(page, errors);
  });
}

test('nesting as deep as is read is shown, and deeper is refused', async (t) => {
  const { page, errors } = await open(t);
  const nested = (depth) => `{"Deep":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  await load(page, nested(120));
  await showsBody(page, JSON.parse(nested(120)));
  await paste(page, nested(100_000));
  await refuses(page, /nested too deep/);
  await paste(page, `${'{"a":'.repeat(100_000)}`);
  await refuses(page, /nested too deep/);
  await assertAlive(page, errors);
});

test('names with a meaning elsewhere are names', async (t) => {
  const { page, errors } = await open(t);
  const text =
    '{"__proto__":{"polluted":true},"constructor":1,"toString":"x","UserVpc":{"__proto__":[1]},' +
    '"EnvironmentVariables":{"__proto__":"a","hasOwnProperty":"b"}}';
  await load(page, text);
  await showsBody(page, JSON.parse(text));
  assert.equal(await page.evaluate(() => ({}).polluted), undefined);
  await control(page, '__proto__').fill('2');
  await eventually(async () => assert.match(await previewText(page), /"__proto__": 2/));
  await assertAlive(page, errors);
});

test('markup and odd characters stay text', async (t) => {
  const { page, errors } = await open(t);
  const request = {
    InstanceName: '<img src=x onerror=alert(1)>&amp;"quotes"\\ \u2028 \u0000 \r\n \t 😀',
    EnvironmentVariables: { '</code><script>alert(1)</script>': '": "' },
    '<b>bold</b>': '</textarea><script>alert(1)</script>',
    'a b': 1,
    'a"]\\[c': 2,
    '': 3,
  };
  await load(page, request);
  await showsBody(page, request);
  await eventually(async () => assert.equal(await page.locator('main img, main script, #output img, #output script').count(), 0));
  await assertAlive(page, errors);
});

test('members named like parts of the page do not take their place', async (t) => {
  const { page, errors } = await open(t);
  const names = ['main', 'output', 'summary', 'filter', 'basics', 'import-json', 'import-json-msg'];
  names.push('loading', 'crashed', 'InstanceName-hint', 'InstanceName-msg', 'Datasets-add');
  const request = Object.fromEntries(names.map((name) => [name, 1]));
  await load(page, request);
  await showsBody(page, request);
  const twice = await page.evaluate(() => {
    const ids = [...window.document.querySelectorAll('[id]')].map((element) => element.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
  assert.deepEqual(twice, []);
  await assertAlive(page, errors);
});

test('numbers keep their digits', async (t) => {
  const { page, errors } = await open(t);
  const text =
    '{"Priority":123456789012345678901234567890,"DockerConfig":{"ContainersLimit":1.0e+2},' +
    '"Other":[1e+999,0.10000000000000000000001,-0,18446744073709551616]}';
  await load(page, text);
  const bare = (await previewText(page)).replace(/\s/g, '');
  assert.equal(bare, text);
  await eventually(async () =>
    assert.match(await page.getByTestId('error-Priority').textContent(), /64 bits/),
  );
  await assertAlive(page, errors);
});

/** A value of another type for every value, and for every object and list itself. */
function wrong(value) {
  if (Array.isArray(value)) return { not: 'a list' };
  if (typeof value === 'string') return 12;
  if (typeof value === 'object') return 'no object';
  return ['neither'];
}

test('values of another type are kept, shown, told and removed', async (t) => {
  const { page, errors } = await open(t);
  const full = JSON.parse(document('full'));
  const shallow = Object.fromEntries(Object.entries(full).map(([k, v]) => [k, wrong(v)]));
  // What a map of texts should hold is an object, too; so a list stands for it.
  shallow.EnvironmentVariables = [1];
  await load(page, shallow);
  await showsBody(page, shallow);
  const count = Object.keys(shallow).length;
  await says(page, new RegExp(`^Imported: 0 values set, ${count} of another type but kept`));
  for (const name of Object.keys(shallow)) {
    const message = page.getByTestId(`error-${name}`);
    await eventually(async () => assert.match(await message.textContent(), /This should be/, name));
  }
  const deep = (value) => {
    if (Array.isArray(value)) return value.map(deep);
    if (value === null || typeof value !== 'object') return wrong(value);
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep(v)]));
  };
  const inner = deep(full);
  inner.MigrationOptions = 7;
  await load(page, inner);
  await showsBody(page, inner);
  // Text controls show the JSON, and typing takes its place.
  assert.equal(await control(page, 'Datasets[0].MountPath').inputValue(), '12');
  await control(page, 'Datasets[0].MountPath').fill('/mnt');
  await eventually(async () => assert.equal((await body(page)).Datasets[0].MountPath, '/mnt'));
  await assertAlive(page, errors);
});

test('a list or map of another type gives way to a row', async (t) => {
  const { page, errors } = await open(t);
  const request = { Datasets: 'none', EnvironmentVariables: 1, UserVpc: { ExtendedCIDRs: true } };
  await load(page, request);
  await showsBody(page, { ...request, UserVpc: { ExtendedCIDRs: true } });
  // A value that has to go first can be taken away with a button; after that rows can be added.
  for (const label of ['Remove Datasets', 'Remove Environment variables']) {
    await page.getByRole('button', { name: label, exact: true }).click();
  }
  await showsBody(page, { UserVpc: { ExtendedCIDRs: true } });
  await page.locator('[id="UserVpc.ExtendedCIDRs-add"]').click();
  await says(page, /^Range 1 added/);
  await control(page, 'UserVpc.ExtendedCIDRs[0]').fill('10.0.0.0/8');
  await showsBody(page, { UserVpc: { ExtendedCIDRs: ['10.0.0.0/8'] } });
  await assertAlive(page, errors);
});

test('empty values are left out and told', async (t) => {
  const { page, errors } = await open(t);
  await load(page, { InstanceName: '', ImageId: null, Datasets: [], UserVpc: {}, WorkspaceId: '1' });
  await says(page, /^Imported: 1 value set, 4 empty and left out\./);
  await showsBody(page, { WorkspaceId: '1' });
  await assertAlive(page, errors);
});

test('an import is undone as one step, from the message and by key', async (t) => {
  const { page, errors } = await open(t);
  const before = { WorkspaceId: '7', Datasets: [{ DatasetId: 'd-7' }] };
  await fillIn(page, before);
  await load(page, document('full'));
  await showsBody(page, JSON.parse(document('full')));
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await showsBody(page, before);
  await page.getByRole('button', { name: 'Redo', exact: true }).click();
  await showsBody(page, JSON.parse(document('full')));
  await page.locator('#output .code').focus();
  await page.keyboard.press('Control+z');
  await showsBody(page, before);
  assert.equal(await control(page, 'Datasets[0].DatasetId').inputValue(), 'd-7');
  await assertAlive(page, errors);
});
