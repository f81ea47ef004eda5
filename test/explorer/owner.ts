import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { fcClient } from '../../functions/cloud/fc-client';
import { fcOf, functionsAt } from '../../functions/cloud/functions';
import { type EventName, eventOf } from '../../infra/local/oss/store/event';
import { INBOX } from '../../infra/run/deployment';
import { service } from '../services';
import type { World } from './world';

/** An upload that is whole. `number` counts the uploads of its key from 0. */
export type Upload = {
  key: string;
  number: number;
  versionId: string;
  eTag: string;
  content: Buffer;
  eventName: EventName;
};

export type NewUpload = Pick<Upload, 'key' | 'number' | 'content'> & { how: 'put' | 'multipart' };

const FIRST_PART = 102_400;
/** More than the sweep's grace time. */
const GRACE_MS = 901_000;

export async function upload(world: World, { how, ...wanted }: NewUpload): Promise<Upload> {
  const headers = how === 'put' ? await put(world, wanted) : await putParts(world, wanted);
  const eventName = how === 'put' ? 'ObjectCreated:PutObject' : 'ObjectCreated:CompleteMultipartUpload';
  return {
    ...wanted,
    eventName,
    versionId: headers['x-oss-version-id'] ?? '',
    eTag: (headers.etag ?? '').replaceAll('"', ''),
  };
}

type Wanted = Omit<NewUpload, 'how'>;

async function put({ inbox }: World, { key, content }: Wanted): Promise<Record<string, string>> {
  return (await inbox.put(key, content, {})).res.headers;
}

async function putParts({ inbox }: World, { key, content }: Wanted): Promise<Record<string, string>> {
  const { uploadId } = await inbox.initMultipartUpload(key, {});
  const pieces = [content.subarray(0, FIRST_PART), content.subarray(FIRST_PART)];
  const parts: { number: number; etag: string }[] = [];
  for (const [index, piece] of pieces.entries()) {
    const data = { stream: Readable.from([piece], { objectMode: false }), size: piece.length };
    const { etag } = await inbox._uploadPart(key, uploadId, index + 1, data, {});
    parts.push({ number: index + 1, etag });
  }
  const { res } = await inbox.completeMultipartUpload(key, uploadId, parts, {});
  return { ...res.headers, etag: res.headers.etag ?? '' };
}

/** What OSS tells of an upload, as it tells it, arrives; also again, and late. */
export async function deliver({ cloud, fc }: World, upload: Upload): Promise<void> {
  const { key, eTag, content, eventName } = upload;
  const size = content.length;
  const change = { eventName, eTag, size, deltaSize: size, headers: {} };
  const { accountId, region } = cloud;
  await fc.deliver(
    eventOf(change, {
      ...{ bucket: INBOX, key, accountId, region, time: cloud.clock.now() },
      ...{ sourceIp: '127.0.0.1', requestId: '5C8F1E2A3B4D5E6F70818293', principal: cloud.root.arn },
    }),
  );
}

/** A sweep of a moment to come: a clock that jumps in the middle of a run is no case of this world. */
export async function sweep({ cloud, owner, fc }: World): Promise<void> {
  const functions = functionsAt(
    fcOf(service(fcClient({ ...owner, accountId: cloud.accountId }, fc.endpoint))),
  );
  const at = new Date(cloud.clock.now() + GRACE_MS).toISOString();
  await functions.invokeLater('oss-envelope-sweep', JSON.stringify({ all: true, at }));
}

/** Removes every version of a key, as its owner alone may. */
export async function removeAll({ inbox }: World, key: string): Promise<void> {
  const { objects, deleteMarker } = await inbox.getBucketVersions({ prefix: key, maxKeys: 1000 });
  for (const { versionId } of [...objects, ...deleteMarker]) await inbox.delete(key, { versionId });
}

/** Bytes of their own for each name and size, always the same. */
export function contentOf(name: string, size: number): Buffer {
  const seed = createHash('sha256').update(name).digest();
  return Buffer.alloc(size, seed);
}
