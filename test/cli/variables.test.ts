import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { namesInFile, readVariables } from '../../cli/session/variables';
import { resolve as resolved } from '../../infra/declared/variables';

/** Variants of a file: X stands for a name of the variant's own, of which the value is looked at; @ for a dollar. */
const VARIANTS = {
  plain: 'X=value',
  'spaces around': '  X  =  value  ',
  'a tab before a comment': 'X=value\t# comment',
  'a space before a comment': 'X=value # comment',
  'no space before a comment': 'X=value#comment',
  'a comment in quotes': 'X="value # not"  # comment',
  'a colon': 'X: value',
  'a colon without a space': 'X:value',
  export: 'export X=value',
  'export, tab': 'export\tX=value',
  'double quotes': 'X="a value"',
  'single quotes': "X='a value'",
  backticks: 'X=`a value`',
  'nested quotes': `X="a 'value'"`,
  'nested quotes, the other way': `X='a "value"'`,
  'quotes within': 'X=a"b"c',
  'an unclosed quote': 'X="value',
  'one quote and another': `X="value'`,
  'an escaped quote': 'X="a \\"b\\" c"',
  'a line feed in quotes': 'X="a\\nb"',
  'a line feed in single quotes': "X='a\\nb'",
  'several lines': 'X="a\nb\nc"',
  'several lines in single quotes': "X='a\nb'",
  empty: 'X=',
  'empty in quotes': 'X=""',
  'only a comment': 'X= # comment',
  'only a name': 'X',
  'a value with =': 'X=a=b=c',
  'another name': 'OTHER_X=o\nX=@{OTHER_X}-vault',
  'another name without braces': 'OTHER_X=o\nX=@OTHER_X-vault',
  'another name that comes later': 'X=@{OTHER_X}-vault\nOTHER_X=o',
  'a name in single quotes': "OTHER_X=o\nX='@OTHER_X'",
  'a name that is nowhere': 'X=a@{NOBODY_X}b',
  'a default': 'X=@{NOBODY_X:-b}',
  'a default that is not needed': 'OTHER_X=o\nX=@{OTHER_X:-b}',
  'a default that comes too early': 'X=@{OTHER_X:-b}\nOTHER_X=o',
  'two names': 'OTHER_X=o\nMORE_X=m\nX=@OTHER_X-@MORE_X',
  'names of names': 'MORE_X=m\nOTHER_X=@{MORE_X}o\nX=@{OTHER_X}p',
  'a name of the environment': 'X=@{AROUND}',
  'a price': 'X=a@',
  twice: 'X=first\nX=second',
  'the environment, too': 'SET_X=file\nX=@SET_X',
  'a mark of byte order': '\ufeffX=value',
  'a carriage return': 'OTHER_X=o\r\nX=value\r\n',
  'carriage returns alone': 'OTHER_X=o\rX=value\rMORE_X=m',
  'blank lines and comments': '\n# X=no\n\n  # more\nX=value\n',
  'a backslash': 'X="a\\\\b"',
  'a backslash at the end': 'X=a\\\nY=b',
  'letters of the world': 'X=Größe-桶',
  'a no-break space': 'X=\u00a0value\u00a0',
  'dots and dashes': 'a.b-X=1\nX=value',
  'a space in the name': 'A X=value',
  JSON: 'X=["public/", "shared/"]',
  'JSON in quotes': `X='["public/"]'`,
} as const;

const named = Object.entries(VARIANTS).map(([what, text], index) => {
  const name = `V${String(index).padStart(2, '0')}`;
  return { what, name, text: text.replaceAll('X', name).replaceAll('@', '$') };
});

const AROUND = { AROUND: 'a place', HOME: '/home/somebody', EMPTY_BEFORE: '', GIVEN: 'given$HOME' };
const SET = Object.fromEntries(named.map(({ name }) => [`SET_${name}`, 'environment']));

/** What parsers of YAML do not agree about. */
const FORMS =
  '{a: 1_000, b: 0777, c: 2024-01-01, d: yes, e: 0o17, f: 1:30, <<: {g: 1}, h: .inf, i: 0x1F, j: +1}';

/** What the real Serverless Devs makes of each: `s preview` reads the .env of every folder of code, and its own twice. */
let theirs: Record<string, unknown>;
let folder: string;
const OWN = 'ESCAPED=\\$GIVEN\nEMPTY_BEFORE=file\nGIVEN=file\nTWICE=\\\\\\$GIVEN\n';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-envelope-variables-'));
  const resources = [];
  for (const { name, text } of named) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, '.env'), text);
    resources.push(
      `  ${name}: {component: fc3, props: {code: ./${name}, value: "\${env('${name}', 'none')}"}}`,
    );
  }
  await writeFile(join(folder, '.env'), OWN);
  for (const name of ['ESCAPED', 'EMPTY_BEFORE', 'GIVEN', 'TWICE'])
    resources.push(`  ${name}: {component: fc3, props: {value: "\${env('${name}', 'none')}"}}`);
  const sYaml = ['edition: 3.0.0', 'name: variants', 'access: default', 'resources:', ...resources];
  await writeFile(
    join(folder, 's.yaml'),
    [...sYaml, `  FORMS: {component: fc3, props: {value: ${FORMS}}}`].join('\n'),
  );
  const account = { AccountID: '1', AccessKeyID: 'id', AccessKeySecret: 'secret' };
  const settings = { SERVERLESS_DEVS_CICD: '1', serverless_devs_config_home: folder };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [resolve('node_modules/@serverless-devs/s/bin/s'), 'preview', '-t', 's.yaml', '-o', 'json'],
    { cwd: folder, env: { PATH: process.env.PATH, ...account, ...settings, ...AROUND, ...SET } },
  );
  const preview = JSON.parse(stdout.slice(stdout.indexOf('{'), stdout.lastIndexOf('}') + 1));
  theirs = Object.fromEntries(
    Object.entries<{ props: { value: unknown } }>(preview.resources).map(([name, { props }]) => [
      name,
      props.value,
    ]),
  );
});

const before = process.env;
afterEach(() => {
  process.env = before;
});

function ours(file: string): Record<string, string> {
  process.env = { ...AROUND, ...SET };
  return readVariables(file);
}

describe('a file is read as Serverless Devs reads it', () => {
  test.each(named)('$what', ({ name }) => {
    expect(ours(join(folder, name, '.env'))[name] ?? 'none').toBe(theirs[name]);
  });
  test.each(['ESCAPED', 'EMPTY_BEFORE', 'GIVEN', 'TWICE'])(
    'twice, with the environment over it: %s',
    (name) => {
      expect(ours(join(folder, '.env'))[name] ?? 'none').toBe(theirs[name]);
    },
  );
  test('and s.yaml as it parses it', () => {
    const ours = resolved(load(FORMS), { vars: {}, env: {}, accountId: '1' });
    expect(JSON.parse(JSON.stringify(ours))).toEqual(theirs.FORMS);
  });
  test('and the environment is as it was', () => {
    process.env = { GIVEN: 'before' };
    readVariables(join(folder, '.env'));
    expect(process.env).toEqual({ GIVEN: 'before' });
  });
});

describe('names', () => {
  const fileWith = async (text: string) => {
    const file = join(await mkdtemp(join(folder, 'names-')), '.env');
    await writeFile(file, text);
    return file;
  };
  test.each([
    [
      'NAME=a\nREGION=b\nINBOX_BUCKET=c\n',
      'NAME has to be called ENVELOPE_NAME; REGION has to be called ENVELOPE_REGION; INBOX_BUCKET has to be called ENVELOPE_INBOX_BUCKET',
    ],
    ['ENVELOPE_INBOX_BUKET=a', 'ENVELOPE_INBOX_BUKET is unknown'],
    ['ENVELOPE_KMS_KEY_ARNS=a', 'ENVELOPE_KMS_KEY_ARNS is unknown'],
    ['ENVELOPE_OSS_CSE_PASSPHRASE=a', 'ENVELOPE_OSS_CSE_PASSPHRASE is unknown'],
  ])('%j is refused: %s', async (text, why) => {
    const file = await fileWith(text);
    const message = `Cannot use ${file}: ${why}`;
    expect(() => readVariables(file)).toThrow(
      expect.objectContaining({ code: 'config-wrong', exit: 2, message }),
    );
  });
  test('the environment may have a NAME and a REGION of others, which are not ours', async () => {
    process.env = { NAME: 'DESKTOP-1', REGION: 'eu', ENVELOPE_OSS_CSE_PASSPHRASE: 'p' };
    expect(readVariables(await fileWith('ENVELOPE_NAME=mine'))).toMatchObject({ ENVELOPE_NAME: 'mine' });
  });
  test('of the environment only what begins as ours do is looked at', () => {
    process.env = { ENVELOPE_VAULT_BUKET: 'a' };
    const message = 'Cannot use the environment: ENVELOPE_VAULT_BUKET is unknown';
    expect(() => readVariables('/dev/null')).toThrow(
      expect.objectContaining({ code: 'config-wrong', message }),
    );
  });
});

describe('a file that was named', () => {
  test.each([
    ['prod.evn', 'config-missing', 'there is no such file'],
    ['.', 'config-wrong', 'it is a directory'],
    ['/dev/null/x', 'config-wrong', 'a part of the path is no directory'],
    ['', 'config-missing', 'there is no such file'],
  ])('%j: %s', (file, code, why) => {
    const message = expect.stringContaining(`Cannot read ${file}: ${why}`);
    expect(() => readVariables(file)).toThrow(expect.objectContaining({ code, exit: 2, message }));
  });
  test('.env need not be there, but then it is read', async () => {
    const cwd = process.cwd();
    try {
      process.chdir(await mkdtemp(join(folder, 'without-')));
      expect(() => readVariables()).not.toThrow();
      expect(namesInFile()).toEqual([]);
      await mkdir('.env');
      expect(() => readVariables()).toThrow('Cannot read .env: it is a directory');
    } finally {
      process.chdir(cwd);
    }
  });
  test('an encrypted one, which Serverless Devs would read instead, is refused', async () => {
    process.env = { DOTENV_KEY: 'dotenv://:key_1@dotenv.org/vault/.env.vault?environment=production' };
    const file = join(await mkdtemp(join(folder, 'vault-')), '.env');
    await writeFile(file, '');
    expect(() => readVariables(file)).not.toThrow();
    await writeFile(`${file}.vault`, '');
    expect(() => readVariables(file)).toThrow('DOTENV_KEY is set');
  });
});
