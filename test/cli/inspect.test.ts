import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VAULT } from '../../infra/run/deployment';
import { linesOf, ossEnvelope, type Running } from './command';
import { vectorsOf } from './formats/inputs';
import { type SmallCloud, startSmallCloud } from './small-cloud';

/** Clears the screen of whoever shows it as it stands, and begins a line. */
const HOSTILE = '\u001b[2Jletter\n';

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
  const [pipe, object, people] = await Promise.all([
    run(['--json', 'inspect', '-'], { stdin: envelope }),
    run(['--json', 'inspect', `oss://${VAULT}/a/sealed`]),
    run(['inspect', path]),
  ]);
  expect(linesOf(pipe)).toEqual([
    {
      file: '-',
      format: 'oss-envelope/1',
      opensOnlyAs: 'oss://local-file/sealed',
      facts: expect.objectContaining({ algorithm: 'cobblestone-256' }),
      wrappedKeys: [expect.objectContaining({ region: 'cn-hangzhou', keyArn: small.keyArn })],
      headerBytes: 4096,
      sealedMetadataBytes: 114,
      envelopeBytes: envelope.length,
    },
  ]);
  expect({ ...linesOf(object)[0], file: '-' }).toEqual(linesOf(pipe)[0]);
  expect(people.stdout.toString()).toContain('opens as   oss://local-file/sealed, and only so\n');
  expect(small.calls.slice(before).map(({ service }) => service)).toEqual(['oss']);
});

test('what others wrote is told with how sure that is and why; what nobody knows is not guessed', async () => {
  await writeFile(join(folder, 'old'), vectorsOf('envelope-gcm')[0]?.file ?? '');
  await writeFile(join(folder, HOSTILE), 'Dear reader,\n');
  const [old, unknown] = await Promise.all([run(['--json', 'inspect', 'old']), run(['inspect', HOSTILE])]);
  expect(linesOf(old)[0]).toMatchObject({
    format: 'envelope-gcm',
    sureness: 'certain',
    why: expect.any(String),
  });
  expect([unknown.code, unknown.stderr]).toEqual([
    4,
    expect.stringMatching(/^Cannot tell what \\u001b\[2Jletter\\u000a is: .*\(format-unknown\)\n/),
  ]);
});

test('a short object that others encrypted is theirs, though its bytes may begin an envelope', async () => {
  const [vector] = JSON.parse(await readFile('test/vectors/others-oss-cse.json', 'utf8')).sets[0].vectors;
  const metadata: [string, string][] = Object.entries(vector.metadata);
  const headers = Object.fromEntries(metadata.map(([name, value]) => [`x-oss-meta-${name}`, value]));
  await small.vault.put('a/short', Buffer.from('o'), { headers });
  const [theirs, ours] = await Promise.all([
    run(['--json', 'inspect', `oss://${VAULT}/a/short`]),
    run(['inspect', '-'], { stdin: Buffer.from('o') }),
  ]);
  expect(linesOf(theirs)).toEqual([expect.objectContaining({ format: 'oss-cse', sureness: 'certain' })]);
  expect([ours.code, ours.stderr]).toEqual([4, expect.stringContaining('(input-truncated)')]);
});
