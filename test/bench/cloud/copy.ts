import type { Readable } from 'node:stream';
import { type OssClient, ossClient } from '../../../functions/cloud/oss-client';
import type { Identity } from '../../../functions/context';

/** Where the copies are made, and by whom. */
export type Place = Identity & { endpoint: string; from: string; to: string };

/**
 * `parts`: four ranges of 8 MiB at a time, each streamed from getStream into a part, as fast as a plain client goes.
 * `stream`: one getStream into one putStream, as most would write it; multipartUpload takes no stream. `whole`: one get,
 * one put.
 */
export type Copy = { key: string; size: number; how: 'parts' | 'stream' | 'whole' };

const PART = 8 * 1024 ** 2;
const PARALLEL = 4;
const TIMEOUT_MS = 3_600_000;

/** Copies an object from bucket to bucket with the client that the functions use, and nothing else. */
export async function copy({ from, to, endpoint, ...identity }: Place, order: Copy): Promise<void> {
  const clientOf = (bucket: string) => ossClient(identity, { endpoint, bucket, addressing: 'path' });
  const source = clientOf(from);
  const target = clientOf(to);
  const key = `copy/${order.key}`;
  if (order.how === 'parts') return copyParts({ source, target, key }, order);
  const { stream } = await source.getStream(order.key, { timeout: TIMEOUT_MS });
  if (order.how === 'stream') return putStream(target, key, { stream, contentLength: order.size });
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  await target.put(key, Buffer.concat(pieces), {});
}

type Ends = { source: OssClient; target: OssClient; key: string };
type Part = { number: number; etag: string };

async function copyParts({ source, target, key }: Ends, order: Copy): Promise<void> {
  const { uploadId } = await target.initMultipartUpload(key, {});
  const starts = Array.from({ length: Math.ceil(order.size / PART) }, (_, index) => index * PART).values();
  const parts: Part[] = [];
  async function work(): Promise<void> {
    for (const start of starts) {
      const size = Math.min(PART, order.size - start);
      const headers = { Range: `bytes=${start}-${start + size - 1}` };
      const { stream } = await source.getStream(order.key, { headers });
      const number = start / PART + 1;
      const { etag } = await target._uploadPart(key, uploadId, number, { stream, size }, {});
      parts.push({ number, etag });
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, work));
  parts.sort((a, b) => a.number - b.number);
  await target.completeMultipartUpload(key, uploadId, parts, { timeout: TIMEOUT_MS });
}

/** Of ali-oss, but not used by the functions. */
type Streaming = {
  putStream(
    key: string,
    stream: Readable,
    options: { contentLength: number; timeout: number },
  ): Promise<unknown>;
};

async function putStream(
  target: OssClient,
  key: string,
  { stream, contentLength }: { stream: Readable; contentLength: number },
): Promise<void> {
  const options = { contentLength, timeout: TIMEOUT_MS };
  await (target as unknown as Streaming).putStream(key, stream, options);
}
