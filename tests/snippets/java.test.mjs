import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { MARKER, SECRETS, expected, folder, given, read, run, snippet, withUnknown } from './harness.mjs';
import { classes } from './model.mjs';

const TYPES = { string: 'String', integer: 'Long', boolean: 'Boolean', texts: 'java.util.Map<String, String>', any: 'java.util.Map<String, ?>' };
const all = classes();
const named = (name) => (all[name].outer === name ? name : `${all[name].outer}.${name}`);
const type = (of) => TYPES[of] ?? (of.class ? named(of.class) : `java.util.List<${type(of.list)}>`);

/** A class whose setters keep what they are given, with those inside of it. */
function model(name) {
  const inner = Object.keys(all).filter((other) => other !== name && all[other].outer === name);
  const setters = Object.entries(all[name].members).map(
    ([member, of]) => `public ${name} set${member}(${type(of)} value) { set.put("${member}", value); return this; }`,
  );
  return `public ${all[name].outer === name ? '' : 'static '}class ${name} extends Kept {\n${setters.join('\n')}\n${
    all[name].outer === name ? inner.map(model).join('\n') : ''}\n}`;
}

const PACKAGE = 'com/aliyun/pai_dsw20220101';
const SOURCES = () => ({
  'com/aliyun/credentials/Client.java': 'package com.aliyun.credentials; public class Client {}',
  'com/aliyun/teautil/models/RuntimeOptions.java': 'package com.aliyun.teautil.models; public class RuntimeOptions {}',
  'com/aliyun/teaopenapi/models/Config.java': `package com.aliyun.teaopenapi.models; public class Config {
    public Config setCredential(com.aliyun.credentials.Client c) { return this; }
    public Config setRegionId(String id) { return this; }
    public Config setEndpoint(String host) { return this; }
  }`,
  [`${PACKAGE}/models/Kept.java`]: `package ${PACKAGE.replaceAll('/', '.')}.models;
    public class Kept {
      public final java.util.Map<String, Object> set = new java.util.LinkedHashMap<>();
      public static String json(Object value) {
        StringBuilder out = new StringBuilder();
        if (value instanceof Kept) return json(((Kept) value).set);
        if (value instanceof java.util.Map) {
          ((java.util.Map<?, ?>) value).forEach((k, v) -> out.append(out.length() == 0 ? "" : ",").append(json(k)).append(":").append(json(v)));
          return "{" + out + "}";
        }
        if (value instanceof java.util.List) {
          ((java.util.List<?>) value).forEach(v -> out.append(out.length() == 0 ? "" : ",").append(json(v)));
          return "[" + out + "]";
        }
        if (!(value instanceof String)) return String.valueOf(value);
        for (char c : ((String) value).toCharArray()) out.append(String.format("\\\\u%04x", (int) c));
        return "\\"" + out + "\\"";
      }
    }`,
  [`${PACKAGE}/models/CreateInstanceResponseBody.java`]: `package ${PACKAGE.replaceAll('/', '.')}.models;
    public class CreateInstanceResponseBody {
      public Boolean getSuccess() { return System.getenv("DSW_REFUSE") == null; }
      public String getCode() { return "Odd"; }
      public String getMessage() { return "refused"; }
      public String getInstanceId() { return "dsw-1"; }
    }`,
  [`${PACKAGE}/models/CreateInstanceResponse.java`]: `package ${PACKAGE.replaceAll('/', '.')}.models;
    public class CreateInstanceResponse { public CreateInstanceResponseBody getBody() { return new CreateInstanceResponseBody(); } }`,
  [`${PACKAGE}/Client.java`]: `package ${PACKAGE.replaceAll('/', '.')};
    import ${PACKAGE.replaceAll('/', '.')}.models.*;
    public class Client {
      public Client(com.aliyun.teaopenapi.models.Config config) throws Exception {}
      public CreateInstanceResponse createInstanceWithOptions(CreateInstanceRequest request, java.util.Map<String, String> headers, com.aliyun.teautil.models.RuntimeOptions runtime) throws Exception {
        java.nio.file.Files.write(java.nio.file.Paths.get(System.getenv("DSW_TEST")), Kept.json(request).getBytes("UTF-8"));
        return new CreateInstanceResponse();
      }
    }`,
  ...Object.fromEntries(Object.keys(all).filter((name) => all[name].outer === name).map(
    (name) => [`${PACKAGE}/models/${name}.java`, `package ${PACKAGE.replaceAll('/', '.')}.models;\n${model(name)}`],
  )),
});

test('F45 F48 F49 Java: compiled against stand-ins for the SDK, and its objects are the body', async (t) => {
  const { code, notes } = await snippet('java', withUnknown(given()));
  assert.match(code, /^\s*\/\/ Left out of the request: /m);
  assert.ok(!code.includes(MARKER));
  assert.match(notes, /Not tried with the SDK/);
  const path = folder(t, { 'CreateDswInstance.java': code });
  for (const [name, text] of Object.entries(SOURCES())) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  // Whatever the machine takes a source's encoding for.
  const env = { ...SECRETS, DSW_TEST: join(path, 'body'), LC_ALL: 'C' };
  const javac = await run('javac', ['-proc:none', '-Werror', '-Xlint:unchecked', '-sourcepath', path, '-d', join(path, 'out'), join(path, 'CreateDswInstance.java')], { env });
  assert.deepEqual([javac.code, javac.stderr], [0, '']);
  // Variables of the environment are read by the locale.
  const java = (more = {}) => run('java', ['-cp', join(path, 'out'), 'CreateDswInstance'], { env: { ...env, LC_ALL: 'C.UTF-8', ...more } });
  const ran = await java();
  assert.deepEqual([ran.code, ran.stdout], [0, 'dsw-1\n'], ran.stderr);
  assert.deepEqual(JSON.parse(read(join(path, 'body'))), expected());
  const refused = await java({ DSW_REFUSE: '1' });
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /Odd: refused/);
});
