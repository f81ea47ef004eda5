import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordRun } from '../../infra/check/recorded/record';
import { ossEnvelope } from './command';

const ARN = 'acs:kms:cn-hangzhou:1234567890123456:key/k';
const WRITTEN = ['.env', '.env.example', 'dist', 'infra', 's.yaml'];
let folder: string;
let deployment: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-envelope-init-'));
  deployment = join(folder, 'a folder, 文件夹');
  const { code, stdout, stderr } = await ossEnvelope(['init', deployment]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.toString().split('\n')).toHaveLength(5);
});
afterAll(() => rm(folder, { recursive: true }));

const init = (...args: string[]) => ossEnvelope(['init', ...args, '--json'], { cwd: folder });
const inIt = (path: string) => readFile(join(deployment, path), 'utf8');
const deploy = () =>
  recordRun(['deploy', '-y'], { env: {}, outputs: { KeyArns: ARN }, cwd: deployment, sYaml: 's.yaml' });

test('it writes what a deployment needs, as this release has it', async () => {
  expect((await readdir(deployment)).sort()).toEqual(WRITTEN);
  for (const path of [
    ...['infra/template.yaml', 'infra/alarms.yaml'],
    ...['encrypt', 'decrypt', 'sweep'].map((name) => `dist/${name}/index.js`),
  ])
    expect([path, (await inIt(path)) === (await readFile(path, 'utf8'))]).toEqual([path, true]);
  expect(await inIt('.env')).toBe(await readFile('.env.example', 'utf8'));
});

test('s deploy there looks at .env, makes the stack and deploys the functions, without npm', async () => {
  const { code, calls } = await deploy();
  const did = calls.filter(({ method }) => method === 'deploy').map(({ resource }) => resource);
  expect([code, did[0], did.slice(1).sort()]).toEqual([0, 'infra', ['decrypt', 'encrypt', 'sweep']]);
  expect(calls.filter(({ component }) => component === 'npm')).toEqual([]);
  expect(calls.find(({ resource }) => resource === 'infra')?.props.template).toBe(
    join(deployment, 'infra/template.yaml'),
  );
});

test('s deploy there refuses a name that nobody asks for, and tells nobody of it', async () => {
  const before = await inIt('.env');
  await writeFile(join(deployment, '.env'), `${before}\nENVELOPE_INBOX_BUKET=x\n`);
  const { code, calls, out } = await deploy();
  await writeFile(join(deployment, '.env'), before);
  expect(code).not.toBe(0);
  expect(out).toContain('ENVELOPE_INBOX_BUKET is unknown');
  expect(calls.filter(({ method }) => method === 'deploy')).toEqual([]);
});

test.each(WRITTEN)('a folder that has %s is left as it is', async (name) => {
  const place = join(folder, `has ${name}`);
  await mkdir(place);
  await writeFile(join(place, name), 'mine');
  const { code, stderr } = await init(place);
  expect([code, JSON.parse(stderr).error]).toMatchObject([
    1,
    { code: 'file-exists', message: `Cannot fill ${place}: it has ${name} already` },
  ]);
  expect(await readdir(place)).toEqual([name]);
  expect(await readFile(join(place, name), 'utf8')).toBe('mine');
});

test.each([
  ['a file', 's', 'file-exists', 'it is no folder'],
  ['what is below a file', 's/t', 'file-unwritable', 'there is no such folder'],
  ['what is in no folder', 'no/t', 'file-unwritable', 'there is no such folder'],
])('%s is refused, and nothing is made', async (_, place, code, why) => {
  await writeFile(join(folder, 's'), '');
  const { stderr } = await init(place);
  const { error } = JSON.parse(stderr);
  expect([error.code, error.message]).toEqual([code, `Cannot fill ${place}: ${why}`]);
  await expect(lstat(join(folder, 'no'))).rejects.toThrow('ENOENT');
});
