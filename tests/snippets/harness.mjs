// What the tests of generated code share: the request, its code, and who receives what the code sends.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const own = fileURLToPath(new URL('.', import.meta.url));

/** Stands where secrets belong, and must never come out again. */
export const MARKER = 'MARKER';

/** What the secrets are when the code runs: hard to quote in any language. */
export const SECRETS = {
  DSW_IMAGE_AUTH: 'a\'b"c\\d\n$(id) `x` & \\n',
  DSW_HF_TOKEN: 'hf&\t工作',
  DSW_ACCESS_KEY_ID: 'ak',
  DSW_SECURITY_TOKEN: "st'",
};

const NASTY = 'it\'s "q" `id` $(id) ${HOME} %{x} $${y} \\n \\u0041 */ é工作\u{1f600}\n\r\n\tEOF\nJSON\n\u2028\u2029\u202e\u0001\u007f';

/** A request with every member of the model, every sort of text, and the secrets given. */
const request = (secret) => ({
  WorkspaceId: '40823',
  InstanceName: 'training_data',
  Accessibility: 'PRIVATE',
  UserId: '16',
  EcsSpec: 'ecs.c6.large',
  SpotSpec: { SpotStrategy: 'SpotWithPriceLimit', SpotPriceLimit: '0.12', SpotDuration: '1', SpotDiscountLimit: '0.1' },
  ResourceId: 'dsw-1',
  RequestedResource: { CPU: '4', Memory: '8Gi', SharedMemory: '4Gi', GPU: '1', GPUType: 'V100' },
  Priority: 1,
  OversoldType: 'ForbiddenQuotaOverSold',
  Driver: '535.54.03',
  Affinity: { CPU: { Enable: true } },
  AssignNodeSpec: { NodeNames: 'a,b', AntiAffinityNodeNames: 'c' },
  ImageId: 'image-1',
  ImageUrl: 'r/a:b',
  ImageAuth: secret('DSW_IMAGE_AUTH'),
  CloudDisks: [{ Capacity: '100Gi', SubType: 'rootfs', MountPath: '/mnt/x', Path: 'w', Status: { Available: 1, Usage: 5000000000, Capacity: 3 } }],
  Datasets: [
    { DatasetId: 'd-1', DatasetVersion: 'v1', MountPath: '/mnt/a', MountAccess: 'RO' },
    { Uri: 'oss://b/p/', MountPath: '/mnt/b', Options: '{"a":"b"}', OptionType: 'ReadOnly', Dynamic: false },
  ],
  WorkspaceSource: '/mnt/a',
  DynamicMount: { Enable: true, MountPoints: [{ RootPath: '/mnt/d/', Options: '{}' }] },
  UserVpc: {
    VpcId: 'vpc-1', VSwitchId: 'vsw-1', SecurityGroupId: 'sg-1', ExtendedCIDRs: ['10.0.0.0/8'], DefaultRoute: 'eth0',
    ForwardInfos: [{
      Name: 'ssh', Enable: true, ForwardPort: '22', ExternalPort: '10022', NatGatewayId: 'ngw-1', NlbGatewayId: 'nlb-1',
      EipAllocationId: 'eip-1', AccessType: ['a'], ContainerName: 'c', SSHPublicKey: 'ssh-ed25519 AAAA',
    }],
    BandwidthLimit: { IngressRate: '1', EgressRate: '2', IngressWhitelists: ['1.1.1.1'], EgressWhitelists: ['2.2.2.2'] },
  },
  EnvironmentVariables: { userName: 'Chris', HF_TOKEN: secret('DSW_HF_TOKEN'), ODD: NASTY, __proto: 'x' },
  UserCommand: { OnStart: { Content: NASTY } },
  CredentialConfig: {
    Enable: true, AliyunEnvRoleKey: '0',
    Configs: [{ Key: '0', Type: 'Role', Roles: [{
      RoleArn: 'acs:ram::1:role/a', RoleType: 'service', AssumeRoleFor: '1', Policy: '{}',
      UserInfo: { Id: '1', Type: 'sub', AccessKeyId: secret('DSW_ACCESS_KEY_ID'), SecurityToken: secret('DSW_SECURITY_TOKEN') },
    }] }],
  },
  Labels: [{ Key: 'team', Value: NASTY }],
  Tag: [{ Key: 't', Value: 'v' }],
  DockerConfig: { Enable: true, ContainersLimit: 3, MountAccessConfigPath: '/x' },
  MigrationOptions: { Deep: { Of: [1, -2.5, 1e21, null, true, false, [], {}], [NASTY]: { a: 9007199254740991 } } },
  AccessRestrictionRules: { k: 'v' },
});

/** The request as it is given to the program, and as it has to arrive. */
export const given = () => request(() => MARKER);
export const expected = () => request((name) => SECRETS[name]);

/** Members that no model knows. The last can not be written in JavaScript as it is in JSON. */
const UNKNOWN = `"Unknown": {"x": [], "__proto__": {"a": 1}, "constructor": 0, "a b": null, "text": ${JSON.stringify(NASTY)}}`;
export const withUnknown = (body) => JSON.parse(`${JSON.stringify(body).slice(0, -1)}, ${UNKNOWN}}`);

/** Runs a program; never fails. */
export function run(program, args, { env = {}, input = '', cwd } = {}) {
  return new Promise((done) => {
    const options = { env: { ...process.env, ...env }, cwd, maxBuffer: 1 << 24, timeout: 120_000 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      done({ code: error ? (error.code ?? 1) : 0, stdout, stderr });
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The code of a body, and its notes. */
export async function snippet(target, body, ...more) {
  const args = ['snippet', '--target', target, ...more, '-'];
  const { code, stdout, stderr } = await run(process.env.DSW_PROGRAM, args, { input: JSON.stringify(body) });
  // 1 says that the request has errors, which is no matter here.
  if (code !== 0 && code !== 1) throw new Error(`${args.join(' ')}: ${stderr}`);
  return { code: stdout, notes: stderr };
}

/** A folder that goes with the test. `inside` is where it is made. */
export function folder(test, files, inside = tmpdir()) {
  const path = mkdtempSync(join(inside, 'dsw-snippet-'));
  test.after(() => rmSync(path, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text, { mode: 0o755 });
  return path;
}

export const read = (path) => readFileSync(path, 'utf8');

/** A service on this machine that keeps what it is sent. */
export async function service(test, reply) {
  const received = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString());
      received.push({ method: request.method, url: request.url, headers: request.headers, body });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(reply));
    });
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  test.after(() => server.close());
  return { received, host: `127.0.0.1:${server.address().port}` };
}

export const FINE = { Success: true, InstanceId: 'dsw-730xxxxxxxxx', RequestId: 'r' };
export const REFUSED = { Success: false, Code: 'Odd', Message: 'refused', RequestId: 'r' };
export const CREDENTIALS = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret' };
