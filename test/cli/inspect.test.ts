import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VAULT } from '../../cli/local/deployment';
import { linesOf, ossEnvelope, type Running } from './command';
import { vectorsOf } from './formats/inputs';
import { type SmallCloud, startSmallCloud } from './small-cloud';

let small: SmallCloud;
let folder: string;
beforeAll(async () => {
  small = await startSmallCloud();
  folder = join(small.folder, 'files');
  await mkdir(folder);
});
afterAll(() => small.close());

async function run(argv: string[], running: Running = {}) {
  return ossEnvelope([...(await small.options()), ...argv], { cwd: folder, ...running });
}

test('an envelope says what it is, as file, pipe or object, and KMS is not asked', async () => {
  const path = join(folder, 'sealed');
  await run(['seal', '-', '-o', path], { stdin: Buffer.from('content') });
  const envelope = await readFile(path);
  await small.vault.put('a/sealed', envelope, {});
  const before = small.calls.length;
  const [file, pipe, object, people] = await Promise.all([
    run(['--json', 'inspect', path], { env: {} }),
    run(['--json', 'inspect', '-'], { stdin: envelope }),
    run(['--json', 'inspect', `oss://${VAULT}/a/sealed`]),
    run(['inspect', path]),
  ]);
  expect(file && linesOf(file)).toEqual([
    {
      file: path,
      format: 'oss-envelope/1',
      opensOnlyAs: 'oss://local-file/sealed',
      facts: expect.objectContaining({ algorithm: 'cobblestone-256' }),
      wrappedKeys: [expect.objectContaining({ region: 'cn-hangzhou', keyArn: small.keyArn })],
      headerBytes: 4096,
      sealedMetadataBytes: 114,
      envelopeBytes: envelope.length,
    },
  ]);
  for (const other of [pipe, object]) {
    expect(other && { ...linesOf(other)[0], file: path }).toEqual(file && linesOf(file)[0]);
  }
  expect(people?.stdout.toString()).toContain('opens as   oss://local-file/sealed, and only so\n');
  expect(small.calls.slice(before).map(({ service }) => service)).toEqual(['oss']);
});

test('what others wrote is told with how sure that is and why; what nobody knows is not guessed', async () => {
  await writeFile(join(folder, 'old'), vectorsOf('envelope-gcm')[0]?.file ?? '');
  const [old, unknown, hostile] = await Promise.all([
    run(['--json', 'inspect', 'old']),
    run(['inspect', '-'], { stdin: Buffer.from('Dear reader,\n') }),
    run(['inspect', '\u001b[2Jnone\n']),
  ]);
  expect(old && linesOf(old)[0]).toMatchObject({
    format: 'envelope-gcm',
    sureness: 'certain',
    why: expect.any(String),
  });
  expect([unknown?.code, unknown?.stderr]).toEqual([4, expect.stringContaining('(format-unknown)')]);
  expect(hostile?.stderr).toContain('Cannot read \\u001b[2Jnone\\u000a: there is no such file');
});
