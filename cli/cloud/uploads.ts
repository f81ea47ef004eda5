import {
  type Multipart,
  multipartUpload,
  type ObjectWriter,
  objectWriter,
} from '../../functions/cloud/objects';
import { ossFault, ossStatus } from '../../functions/cloud/oss-fault';
import type { Location } from '../files/location';
import type { Session } from '../session/session';

/** Writes an object as `objectWriter` does, each call under credentials that are good then: an upload may outlive a token. */
export function freshWriter(
  session: Session,
  place: Location,
  headers: Record<string, string>,
): ObjectWriter {
  const writer = async () => {
    const [client, aborter] = [await session.oss(place.bucket), await session.oss(place.bucket)];
    return objectWriter(client, aborter, place.key, headers);
  };
  return {
    put: async (content) => (await writer()).put(content),
    multipart: async () => freshUpload(session, place, (await (await writer()).multipart()).uploadId),
  };
}

/** The same of a multipart upload that has begun, perhaps in another process. */
export function freshUpload(session: Session, { bucket, key }: Location, uploadId: string): Multipart {
  const upload = async () =>
    multipartUpload(await session.oss(bucket), await session.oss(bucket), key, uploadId);
  return {
    uploadId,
    part: async (number, content, size) => (await upload()).part(number, content, size),
    complete: async (parts) => (await upload()).complete(parts),
    abort: async () => (await upload()).abort(),
  };
}

/** What OSS has of an upload, by part number. Undefined where there is no such upload (any more). */
export async function partsOf(
  session: Session,
  { bucket, key }: Location,
  uploadId: string,
): Promise<Map<number, { eTag: string; size: number }> | undefined> {
  const found = new Map<number, { eTag: string; size: number }>();
  try {
    const client = await session.oss(bucket);
    for (let marker = '0'; ; ) {
      const query = { 'max-parts': 1000, 'part-number-marker': marker };
      const { parts = [], isTruncated, nextPartNumberMarker } = await client.listParts(key, uploadId, query);
      for (const { PartNumber, ETag, Size } of [parts].flat()) {
        found.set(Number(PartNumber), { eTag: ETag.replaceAll('"', ''), size: Number(Size) });
      }
      if (isTruncated !== 'true') return found;
      marker = nextPartNumberMarker;
    }
  } catch (error) {
    if (ossStatus(error) === 404) return undefined;
    throw ossFault('look at the unfinished upload', error);
  }
}
