import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { MARKER, SECRETS, expected, folder, given, read, run, snippet, withUnknown } from './harness.mjs';
import { classes } from './model.mjs';

const TYPES = { string: '*string', integer: '*int64', boolean: '*bool', texts: 'map[string]*string', any: 'map[string]interface{}' };
const type = (of) => TYPES[of] ?? (of.class ? `*${of.class}` : `[]${type(of.list)}`);

const structs = () => Object.entries(classes()).map(([name, { members }]) => {
  const fields = Object.entries(members).map(([member, of]) => `\t${member} ${type(of)} \`json:"${member},omitempty"\``);
  return `type ${name} struct {\n${fields.join('\n')}\n}\n`;
});

/** Stands in for the modules. The client writes what it would send. */
const MODULES = () => ({
  'github.com/alibabacloud-go/darabonba-openapi/v2': {
    'utils/utils.go': `package utils
import "github.com/aliyun/credentials-go/credentials"
type Config struct { Credential credentials.Credential; RegionId, Endpoint *string }
`,
  },
  'github.com/aliyun/credentials-go': {
    'credentials/credentials.go': `package credentials
type Credential interface{}
type Config struct{}
func NewCredential(config *Config) (Credential, error) { return config, nil }
`,
  },
  'github.com/alibabacloud-go/tea': {
    'dara/dara.go': `package dara
type RuntimeOptions struct{}
func String(v string) *string { return &v }
func Int64(v int64) *int64 { return &v }
func Bool(v bool) *bool { return &v }
func BoolValue(v *bool) bool { return v != nil && *v }
func StringValue(v *string) string { if v == nil { return "" }; return *v }
`,
  },
  'github.com/alibabacloud-go/pai-dsw-20220101/v2': {
    'client/client.go': `package client
import (
	"encoding/json"
	"os"
	openapiutil "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"
)
type Client struct{}
func NewClient(config *openapiutil.Config) (*Client, error) { return &Client{}, nil }
type CreateInstanceResponseBody struct { Success *bool; Code, Message, InstanceId *string }
type CreateInstanceResponse struct { Body *CreateInstanceResponseBody }
func (c *Client) CreateInstanceWithOptions(request *CreateInstanceRequest, headers map[string]*string, runtime *dara.RuntimeOptions) (*CreateInstanceResponse, error) {
	body, err := json.Marshal(request)
	if err != nil { return nil, err }
	if err := os.WriteFile(os.Getenv("DSW_TEST"), body, 0o600); err != nil { return nil, err }
	return &CreateInstanceResponse{Body: &CreateInstanceResponseBody{Success: dara.Bool(os.Getenv("DSW_REFUSE") == ""), Code: dara.String("Odd"), Message: dara.String("refused"), InstanceId: dara.String("dsw-1")}}, nil
}
${structs().join('\n')}`,
  },
});

test('F45 F48 F49 Go: gofmt reads it, go vet finds nothing, and its structs are the body', async (t) => {
  const { code, notes } = await snippet('go', withUnknown(given()));
  assert.match(code, /^\s*\/\/ Left out of the request: /m);
  assert.ok(!code.includes(MARKER));
  assert.match(notes, /Not tried with the SDK/);
  const path = folder(t, { 'main.go': code });
  const modules = Object.entries(MODULES());
  modules.forEach(([name, files], index) => {
    for (const [file, text] of Object.entries({ ...files, 'go.mod': `module ${name}\n\ngo 1.18\n` })) {
      mkdirSync(dirname(join(path, `m${index}`, file)), { recursive: true });
      writeFileSync(join(path, `m${index}`, file), text);
    }
  });
  const version = (name) => (name.endsWith('/v2') ? 'v2.0.0' : 'v0.0.0');
  writeFileSync(join(path, 'go.mod'), [
    'module example.com/snippet', 'go 1.18',
    ...modules.map(([name]) => `require ${name} ${version(name)}`),
    ...modules.map(([name], index) => `replace ${name} => ./m${index}`),
  ].join('\n\n'));
  const env = {
    ...SECRETS, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOSUMDB: 'off', GO111MODULE: 'on', GOTOOLCHAIN: 'local', DSW_TEST: join(path, 'body'),
    GOCACHE: process.env.DSW_GOCACHE ?? join(path, 'cache'),
  };
  const gofmt = await run('gofmt', ['-e', join(path, 'main.go')]);
  assert.deepEqual([gofmt.code, gofmt.stderr], [0, '']);
  const vet = await run('go', ['vet', '.'], { env, cwd: path });
  assert.deepEqual([vet.code, vet.stderr], [0, '']);
  const ran = await run('go', ['run', '.'], { env, cwd: path });
  assert.deepEqual([ran.code, ran.stdout], [0, 'dsw-1\n'], ran.stderr);
  assert.deepEqual(JSON.parse(read(join(path, 'body'))), expected());
  const refused = await run('go', ['run', '.'], { env: { ...env, DSW_REFUSE: '1' }, cwd: path });
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /Odd: refused/);
});
