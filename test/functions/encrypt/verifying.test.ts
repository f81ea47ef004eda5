import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Bench,
  deployBench,
  eventOf,
  invoke,
  linesOf,
  PART,
  put,
  redeploy,
  unfinishedIn,
  upload,
  versionsOf,
} from '../../deployment';
import { startWire, type Tamper } from '../../wire';

let bench: Bench;
let wire: Awaited<ReturnType<typeof startWire>>;
beforeAll(async () => {
  bench = await deployBench();
  wire = await startWire(bench.cloud.oss.port);
  wire.tamper.body = (incoming) => tamperOf(incoming).body?.(incoming) ?? incoming;
  wire.tamper.answer = (headers, incoming) => tamperOf(incoming).answer?.(headers, incoming) ?? headers;
  // One delivery: what fails four times fails for good.
  const once = (sYaml: string) => sYaml.replace('maxAsyncRetryAttempts: 3', 'maxAsyncRetryAttempts: 0');
  const endpoint = `http://oss-${bench.cloud.region}-internal.localhost:${wire.port}`;
  await redeploy(bench, { env: { ENVELOPE_OSS_ENDPOINT: endpoint }, edit: once });
});
afterAll(async () => {
  await bench.close();
  wire.close();
});

/** What the wire does to requests about a key: the tests run at once, since each waits for its retries. */
const tampers = new Map<string, Tamper>();
function tamperOf(incoming: IncomingMessage): Tamper {
  const key = decodeURIComponent(incoming.url?.split('?')[0]?.slice(1) ?? '');
  const isToVault = incoming.headers.host?.includes('vault');
  return (isToVault && tampers.get(key)) || {};
}

/** One bit arrives changed, as a bad memory module would have it. */
function flippedBody(incoming: IncomingMessage): Readable {
  async function* flipped() {
    let flips = incoming.method === 'PUT' ? 1 : 0;
    for await (const piece of incoming) {
      if (flips-- > 0) piece[piece.length - 1] = (piece.at(-1) ?? 0) ^ 1;
      yield piece;
    }
  }
  return Readable.from(flipped(), { objectMode: false });
}

/** Another checksum in the answers to requests that fit. */
function otherChecksum(fits: (incoming: IncomingMessage) => boolean): Tamper['answer'] {
  return (headers, incoming) =>
    fits(incoming) && headers['x-oss-hash-crc64ecma'] ? { ...headers, 'x-oss-hash-crc64ecma': '1' } : headers;
}

describe.concurrent('an upload is not removed unless OSS stored what was sent', () => {
  test.each([
    ['one part', 1000, 'oss-unavailable'],
    ['many parts', 3 * PART, 'stored-differs'],
  ] as const)('a changed body, %s', async (name, size, code) => {
    const key = `body/${name}`;
    tampers.set(key, { body: flippedBody });
    const { versionId } = await upload(bench, key, randomBytes(size));
    expect(linesOf(bench, key).at(-1)).toMatchObject({ outcome: 'failed', code });
    expect((await versionsOf(bench.inbox, key)).map((version) => version.versionId)).toEqual([versionId]);
    expect(await versionsOf(bench.vault, key)).toEqual([]);
    expect(await unfinishedIn(bench.vault)).not.toContain(key);
  });

  test.each([
    ['PUT', 1000, 'stored-differs'],
    ['POST, and of the object', 3 * PART, 'oss-unavailable'],
  ] as const)('another checksum in the answer to %s', async (method, size, code) => {
    const key = `answer/${method}`;
    tampers.set(key, { answer: otherChecksum((incoming) => method === 'PUT' || incoming.method !== 'PUT') });
    const { versionId } = await upload(bench, key, randomBytes(size));
    expect(linesOf(bench, key).at(-1)).toMatchObject({ outcome: 'failed', code });
    expect((await versionsOf(bench.inbox, key)).map((version) => version.versionId)).toEqual([versionId]);
  });

  test('nor is a copy on top of the vault trusted', async () => {
    const key = 'answer/copy';
    const uploaded = await put(bench, key, randomBytes(1000));
    await invoke(bench, 'oss-envelope-encrypt', eventOf(uploaded));
    await bench.vault.put(key, Buffer.from('hides the envelope'), {});
    tampers.set(key, { answer: otherChecksum(({ headers }) => headers['x-oss-copy-source'] !== undefined) });
    await invoke(bench, 'oss-envelope-encrypt', eventOf(uploaded));
    expect(linesOf(bench, key).at(-1)).toMatchObject({ outcome: 'failed', code: 'stored-differs' });
  });
});
