import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Bench,
  deployBench,
  eventOf,
  invokeLater,
  lastLine,
  PART,
  redeploy,
  unfinishedIn,
  upload,
  versionsOf,
} from '../../deployment';
import { openWire } from '../../wire';

let bench: Bench;
let wire: Awaited<ReturnType<typeof openWire>>;
beforeAll(async () => {
  bench = await deployBench();
  wire = await openWire(bench.cloud.oss.port);
  // One delivery: what fails four times fails for good.
  const once = (sYaml: string) => sYaml.replace('maxAsyncRetryAttempts: 3', 'maxAsyncRetryAttempts: 0');
  const endpoint = `http://oss-${bench.cloud.region}-internal.localhost:${wire.port}`;
  await redeploy(bench, { env: { OSS_ENDPOINT: endpoint }, edit: once });
});
afterAll(async () => {
  await bench.close();
  wire.close();
});

/** One bit of every body that goes to the vault arrives changed, as a bad memory module would have it. */
function flippedBody(incoming: IncomingMessage): Readable {
  const toVault = incoming.method === 'PUT' && incoming.headers.host?.includes('vault');
  async function* flipped() {
    let flips = toVault ? 1 : 0;
    for await (const piece of incoming) {
      if (flips-- > 0) piece[piece.length - 1] = (piece.at(-1) ?? 0) ^ 1;
      yield piece;
    }
  }
  return Readable.from(flipped(), { objectMode: false });
}

describe('an upload is not removed unless OSS stored what was sent', () => {
  test.each([
    ['one part', 1000, 'oss-unavailable'],
    ['many parts', 3 * PART, 'stored-differs'],
  ] as const)('a changed body, %s', async (name, size, code) => {
    wire.tamper.body = flippedBody;
    const key = `body/${name}`;
    const { versionId } = await upload(bench, key, randomBytes(size));
    wire.tamper.body = undefined;
    expect(lastLine(bench)).toMatchObject({ outcome: 'failed', key, code });
    expect((await versionsOf(bench.inbox, key)).map((version) => version.versionId)).toEqual([versionId]);
    expect(await versionsOf(bench.vault, key)).toEqual([]);
    expect(await unfinishedIn(bench.vault)).toEqual([]);
  });

  test.each([
    ['PUT', 1000, 'stored-differs'],
    ['POST, and of the object', 3 * PART, 'oss-unavailable'],
  ] as const)('another checksum in the answer to %s', async (method, size, code) => {
    wire.tamper.answer = (headers, incoming) => {
      const toVault = incoming.headers.host?.includes('vault');
      const isAnswer = method === 'PUT' || incoming.method !== 'PUT';
      const checked = toVault && isAnswer && headers['x-oss-hash-crc64ecma'];
      return checked ? { ...headers, 'x-oss-hash-crc64ecma': '1' } : headers;
    };
    const key = `answer/${method}`;
    const { versionId } = await upload(bench, key, randomBytes(size));
    wire.tamper.answer = undefined;
    expect(lastLine(bench)).toMatchObject({ outcome: 'failed', key, code });
    expect((await versionsOf(bench.inbox, key)).map((version) => version.versionId)).toEqual([versionId]);
  });
});

test('a copy on top of the vault is not trusted where OSS tells another checksum of it', async () => {
  const key = 'answer/copy';
  const uploaded = await upload(bench, key, randomBytes(1000));
  await bench.vault.put(key, Buffer.from('hides the envelope'), {});
  wire.tamper.answer = (headers, incoming) =>
    incoming.headers['x-oss-copy-source'] ? { ...headers, 'x-oss-hash-crc64ecma': '1' } : headers;
  await invokeLater(bench, 'oss-envelope-encrypt', eventOf(uploaded));
  wire.tamper.answer = undefined;
  expect(lastLine(bench)).toMatchObject({ outcome: 'failed', key, code: 'stored-differs' });
});
