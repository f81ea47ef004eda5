import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSealed } from '../../cli/envelope/open-sealed';
import { sealedStream } from '../../cli/envelope/sealed-stream';
import { createSession } from '../../cli/session/session';
import { collect } from '../../functions/cloud/pieces';
import { type Ended, linesOf, ossEnvelope, type Running } from './command';
import { type SmallCloud, startSmallCloud } from './small-cloud';

const CONTENT = Buffer.concat([
  Buffer.from('a phrase that nobody may read in an error'),
  randomBytes(200_000),
]);

let small: SmallCloud;
let folder: string;
let envelope: Buffer;
beforeAll(async () => {
  small = await startSmallCloud();
  folder = join(small.folder, 'files');
  await mkdir(folder);
  await writeFile(file('plain'), CONTENT);
  await run(['seal', 'plain', '-o', 'whole']);
  envelope = await readFile(file('whole'));
});
afterAll(() => small.close());

let before: string[];
beforeEach(async () => {
  before = await readdir(folder);
});

const file = (name: string) => join(folder, name);

async function run(argv: string[], running: Running = {}, name?: Parameters<SmallCloud['options']>[0]) {
  const ended = await ossEnvelope([...(await small.options(name)), ...argv], { cwd: folder, ...running });
  expectNoSecret(ended);
  return ended;
}

/** Neither keys nor tokens nor content, nor an address that is signed. */
function expectNoSecret({ stderr }: Pick<Ended, 'stderr'>): void {
  expect(stderr).not.toMatch(/a phrase that|a secret that|token-of|Signature=|CiphertextBlob|at .*\.js:\d/);
  expect(stderr).not.toContain(small.cloud.root.accessKeySecret);
}

/** Nothing under a final name, nothing half-done beside it. */
const left = async () => (await readdir(folder)).filter((name) => !before.includes(name));

describe('one command over all that may be wrong with a file', () => {
  const cutAt = (length: number) => envelope.subarray(0, length);
  const flipped = (at: number) => {
    const changed = Buffer.from(envelope);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return changed;
  };
  const bad = (): Record<string, [Buffer, string]> => ({
    empty: [Buffer.alloc(0), 'format-unknown'],
    text: [Buffer.from('Dear reader,\n'), 'format-unknown'],
    image: [Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1'), 'format-unknown'],
    'other-version': [Buffer.from('oss-envelope/2 00004096\n'.padEnd(5000)), 'format-unknown'],
    'cut-to-5': [cutAt(5), 'input-truncated'],
    'cut-to-23': [cutAt(23), 'input-truncated'],
    'cut-in-header': [cutAt(4095), 'input-truncated'],
    'cut-after-header': [cutAt(4096), 'input-truncated'],
    'cut-in-commitment': [cutAt(4150), 'input-truncated'],
    'cut-at-a-chunk': [cutAt(4096 + 56 + 16_400), 'input-truncated'],
    'cut-by-one': [cutAt(envelope.length - 1), 'input-truncated'],
    'one-more': [Buffer.concat([envelope, Buffer.of(0)]), 'cannot-open'],
    'changed-padding': [flipped(4000), 'cannot-open'],
    'changed-salt': [flipped(4096), 'cannot-open'],
    'changed-commitment': [flipped(4130), 'cannot-open'],
    'changed-chunk': [flipped(60_000), 'cannot-open'],
    'changed-last-byte': [flipped(envelope.length - 1), 'cannot-open'],
    renamed: [envelope, 'place-differs'],
  });

  test('each is named with what is wrong; the whole one is vouched for', async () => {
    const names = Object.keys(bad());
    for (const [name, [content]] of Object.entries(bad())) {
      await mkdir(file(`bad/${name}`), { recursive: true });
      await writeFile(file(`bad/${name}/${name === 'renamed' ? name : 'whole'}`), content);
    }
    const paths = names.map((name) => `bad/${name}/${name === 'renamed' ? name : 'whole'}`);
    const { code, stdout, stderr } = await run(['--json', 'verify', 'whole', ...paths, 'not-there']);
    const lines = linesOf({ stdout });
    const codes = Object.fromEntries(
      lines.map(({ name, code }) => [String(name).split('/')[1] ?? name, code]),
    );
    expect(codes).toMatchObject({
      ...Object.fromEntries(Object.entries(bad()).map(([name, [, wrong]]) => [name, wrong])),
      'not-there': 'file-missing',
    });
    expect(lines.at(-1)).toEqual({ total: 20, ok: 1, failed: 19, bytes: CONTENT.length });
    expect([code, JSON.parse(stderr).error.code]).toEqual([3, 'in-part']);
  });

  test('opened, by name or by pipe, nothing of it is left', async () => {
    const [changed, piped] = await Promise.all([
      run(['open', 'bad/changed-last-byte/whole', '-o', 'out']),
      run(['open', '-', '--place', 'oss://local-file/whole', '-o', 'out2'], {
        stdin: envelope.subarray(0, envelope.length - 1),
      }),
    ]);
    expect([changed.code, changed.stderr]).toEqual([
      4,
      expect.stringContaining(
        'Cannot open bad/changed-last-byte/whole: it is not what was sealed (cannot-open)\n  left as it was: out: nothing new is under this name\n  to do: nothing of it can be trusted',
      ),
    ]);
    expect([piped.code, piped.stderr]).toEqual([4, expect.stringContaining('its end is missing')]);
    expect(await left()).toEqual([]);
  });
});

describe('an envelope that comes by a pipe', () => {
  async function* pieces(bytes: Buffer, step: number) {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  }
  const reading = async (bytes: Buffer, step: number) => {
    const { sealed, looked } = await sealedStream(pieces(bytes, step), 'pipe');
    const from = looked.header.length + 56;
    return collect(sealed.read({ from, to: sealed.size }));
  };

  test.each([1000, 65_536, 1_000_000])(
    'step=%i: gives its body; cut anywhere it is refused',
    async (step) => {
      expect((await reading(envelope, step)).equals(envelope.subarray(4096 + 56))).toBe(true);
      for (const length of [1, 23, 24, 4095, 4096, 4151, 4152, 65_591, 65_592, 65_593, envelope.length - 1]) {
        await expect(reading(envelope.subarray(0, length), step)).rejects.toMatchObject({
          code: 'input-truncated',
        });
      }
      await expect(reading(Buffer.alloc(0), step)).rejects.toMatchObject({ code: 'format-unknown' });
    },
  );
});

describe('standard input', () => {
  /** The exit code, and what was said last. */
  async function shell(line: string, env: Record<string, string> = {}) {
    const options = [...(await small.options()), '--json'];
    const command = [process.execPath, resolve('dist/cli/oss-envelope.js'), ...options];
    const whole = `${line} 2>&1; echo $?`;
    const { stdout } = await promisify(execFile)('bash', ['-c', whole, 'bash', ...command], {
      cwd: folder,
      env: { ...process.env, ...env },
    });
    const [said = '', code = ''] = stdout.trim().split('\n').slice(-2);
    return [Number(code), JSON.parse(said) as unknown];
  }

  test.each([
    ['a folder', 'seal - -o out < .', 'it is a directory'],
    ['closed', 'seal - -o out <&-', 'it is closed'],
    ['closed, for what is small', 'kms-encrypt - -o out <&-', 'it is closed'],
    ['open for writing', 'seal - -o out 0>> plain', 'it is not open for that'],
  ])('that is %s is refused', async (_, line, why) => {
    const error = { code: 'file-unreadable', message: `Cannot read standard input: ${why}` };
    expect(await shell(`"$@" ${line}`)).toMatchObject([1, { error }]);
    expect(await left()).toEqual([]);
  });

  test.each([
    ['whatever size it says', '"$@" seal - -o out < /proc/version', () => readFile('/proc/version')],
    [
      'from where it stands',
      '{ head -c 3 > /dev/null; "$@" seal - -o out; } < plain',
      async () => CONTENT.subarray(3),
    ],
    ['also where that is at once', '"$@" seal - -o out < /dev/null', async () => Buffer.alloc(0)],
  ])('that is a file is read to its end, %s', async (_, line, content) => {
    expect(await shell(line)).toMatchObject([0, { bytes: (await content()).length }]);
    await rm(file('out'));
  });

  const APPENDING = `
    const files = require('node:fs');
    const { createReadStream } = files;
    files.createReadStream = (...given) =>
      createReadStream(...given).on('end', () => files.appendFileSync(process.env.APPENDED, 'more'));`;

  test('that is a file is refused where somebody writes to it', async () => {
    await writeFile(file('log'), CONTENT);
    const preload = join(small.folder, 'appending.cjs');
    await writeFile(preload, APPENDING);
    const env = { NODE_OPTIONS: `--require ${preload}`, APPENDED: file('log') };
    const message = 'Cannot read standard input: somebody wrote to it meanwhile';
    const ended = await shell('"$@" seal - -o out < log', env);
    expect(ended).toMatchObject([1, { error: { code: 'file-changed', message } }]);
    await rm(file('log'));
    expect(await left()).toEqual([]);
  });
});

test('a byte that follows an envelope in a pipe is not overlooked', async () => {
  const [, , data = ''] = await small.options('opener');
  const shared = { local: true, data, env: '/dev/null', color: false } as const;
  const session = await createSession(shared, new AbortController().signal);
  const open = async (bytes: Buffer) => {
    async function* once() {
      yield bytes;
    }
    const { sealed, looked } = await sealedStream(once(), 'pipe');
    return collect((await openSealed(session, sealed, looked, [small.keyArn])).chunks());
  };
  expect((await open(envelope)).equals(CONTENT)).toBe(true);
  const longer = open(Buffer.concat([envelope, Buffer.of(0)]));
  await expect(longer).rejects.toMatchObject({ code: 'cannot-open' });
});

test('a pipe that has more than --size says is not sealed', async () => {
  const stdin = CONTENT.subarray(0, 41);
  const { code, stderr } = await run(['seal', '-', '--size', '40', '-o', 'out'], { stdin });
  expect(stderr).toContain('Cannot read standard input: it has more than 40 bytes (size-differs)');
  expect([code, await left()]).toEqual([1, []]);
});

describe('circumstances', () => {
  const OUT_OF_ROOM = `
    const files = require('node:fs/promises');
    const { open } = files;
    let room = 100_000;
    files.open = async (path, flags, mode) => {
      const file = await open(path, flags, mode);
      const write = file.write.bind(file);
      file.write = async (bytes, ...rest) => {
        if (String(flags).startsWith('w') && (room -= bytes.length) < 0)
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        return write(bytes, ...rest);
      };
      return file;
    };`;
  const AN_HOUR_LATE = `
    const real = Date;
    globalThis.Date = class extends real {
      constructor(...given) {
        super(...(given.length === 0 ? [real.now() - 3_600_000] : given));
      }
      static now() {
        return real.now() - 3_600_000;
      }
    };`;

  async function preloaded(name: string, code: string): Promise<Record<string, string>> {
    await writeFile(join(small.folder, name), code);
    return { NODE_OPTIONS: `--require ${join(small.folder, name)}` };
  }

  test('a full disk, for the envelope and for what is kept aside', async () => {
    const env = await preloaded('out-of-room.cjs', OUT_OF_ROOM);
    const [written, kept] = await Promise.all([
      run(['seal', 'plain', '-o', 'out'], { env }),
      run(['seal', '-', '-o', 'out'], { env, stdin: CONTENT }),
    ]);
    expect([written.code, written.stderr]).toEqual([
      1,
      'Cannot write out: the disk is full (disk-full)\n  left as it was: out: nothing new is under this name\n  to do: make room, or write elsewhere\n',
    ]);
    expect([kept.code, kept.stderr]).toEqual([
      1,
      expect.stringMatching(/^Cannot keep stdin aside in .*\(disk-full\)/),
    ]);
    expect(await left()).toEqual([]);
  });

  test('a clock that is an hour late, a token that has ended, a permission that is missing', async () => {
    const env = await preloaded('an-hour-late.cjs', AN_HOUR_LATE);
    const open = ['open', 'whole', '-o', 'out'];
    const [late, former, sealer, unread] = await Promise.all([
      run(open, { env }),
      run(open, {}, 'former'),
      run([...open, '--trust-key', small.keyArn], {}, 'sealer'),
      run(['open', 'oss://oss-envelope-access-logs/a', '-o', 'out'], {}, 'sealer'),
    ]);
    expect(late.stderr).toMatch(
      /the clock of this machine differs from the service's .*\(clock-wrong\)\n.*set the clock/,
    );
    expect(former.stderr).toMatch(
      /\(credentials-refused\)\n {2}to do: .*where they came with a token, renew/,
    );
    expect(sealer.stderr).toContain(`to do: have kms:Decrypt on ${small.keyArn} given to this identity`);
    expect(unread.stderr).toContain(
      'to do: have oss:GetObject on acs:oss:*:*:oss-envelope-access-logs/a given',
    );
    expect([late, former, sealer, unread].map(({ code }) => code)).toEqual([5, 5, 5, 5]);
    expect(await left()).toEqual([]);
  });

  test('an argument that is not UTF-8 is no file of another name', async () => {
    await writeFile(file('\ufffd'), 'what U+FFFD is the name of');
    const command = [process.execPath, resolve('dist/cli/oss-envelope.js'), ...(await small.options())];
    const line = `"$@" seal "$(printf '\\366')" -o out; echo " $?"`;
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line, 'bash', ...command], {
      cwd: folder,
    });
    expect([stdout, stderr]).toEqual([
      ' 2\n',
      expect.stringMatching(/^Cannot read argument 7: it is not UTF-8 \(usage-wrong\)/),
    ]);
    await rm(file('\ufffd'));
    expect(await left()).toEqual([]);
  });

  test('a reader of the pipe that has read enough', async () => {
    const command = [process.execPath, resolve('dist/cli/oss-envelope.js'), ...(await small.options())];
    const line = '"$@" open whole -o - | head -c 10; echo " $PIPESTATUS"';
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line, 'bash', ...command], {
      cwd: folder,
      encoding: 'latin1',
    });
    expect([stdout, stderr]).toEqual(['a phrase t 141\n', expect.stringContaining('(pipe-broken)')]);
    expectNoSecret({ stderr });
  });

  test('a full disk under standard error, where a command says what it has done', async () => {
    const command = [process.execPath, resolve('dist/cli/oss-envelope.js'), ...(await small.options())];
    const line = '"$@" open whole -o - 2>/dev/full >out; code=$?; cmp plain out && rm out; echo $code';
    const { stdout } = await promisify(execFile)('bash', ['-c', line, 'bash', ...command], { cwd: folder });
    expect(stdout).toBe('1\n');
  });

  test('Ctrl-C while KMS is waited for, and the end of the terminal while standard input is', async () => {
    const stdin = new PassThrough();
    stdin.write(CONTENT.subarray(0, 10));
    let [reached, release] = [() => {}, () => {}];
    const waiting = new Promise<void>((done) => {
      reached = done;
    });
    const released = new Promise<void>((done) => {
      release = done;
    });
    small.hooks.before = async ({ operation }) => {
      if (operation !== 'Decrypt') return;
      reached();
      await released;
    };
    const begun = partialOf('out2');
    const ended = await Promise.all([
      run(['open', 'whole', '-o', 'out'], {
        onStart: (child) => void waiting.then(() => child.kill('SIGINT')),
      }),
      run(['seal', '-', '--size', '1000000', '-o', 'out2'], {
        stdin,
        onStart: (child) => void begun.then(() => child.kill('SIGHUP')),
      }),
    ]);
    small.hooks.before = undefined;
    release();
    for (const { code, stderr } of ended) {
      expect([code, stderr]).toEqual([
        130,
        expect.stringContaining('Cannot finish: interrupted (interrupted)'),
      ]);
    }
    expect(await left()).toEqual([]);
  });

  /** Waits until the file has begun to be written. */
  async function partialOf(name: string): Promise<void> {
    for await (const { filename } of watch(folder)) if (filename?.startsWith(`.${name}.`)) return;
  }
});
