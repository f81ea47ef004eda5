import { createHash } from 'node:crypto';
import { crc64 } from '../../../functions/cloud/crc64';
import {
  finishedParts,
  multipartUpload,
  objectWriter,
  type StoredPart,
} from '../../../functions/cloud/objects';
import { planParts } from '../../../functions/envelope/layout';
import { type OutgoingPart, transfer } from '../../../functions/transfer/transfer';
import type { Input } from '../../files/input';
import type { Location } from '../../files/location';
import type { Buckets, Session } from '../../session/session';
import { leave, type Progress } from './leave';
import type { UploadNote } from './upload-note';

export type Uploading = {
  input: Input;
  place: Location;
  headers: Record<string, string>;
  partBytes: number;
  parallel: number;
  /** Absent: no other process can go on with it, as what a pipe gave is gone then. */
  note: UploadNote | undefined;
  /** Begins anew, whatever was begun before. */
  force: boolean;
  onBytes: (bytes: number) => void;
};

/** `bytesBefore`: what an earlier run had uploaded. */
export type Uploaded = { versionId: string | undefined; bytesBefore: number };

/**
 * Uploads to the inbox as it is: parts in parallel, the checksum of OSS compared. What fails waits for the same command,
 * unless the file has changed. Memory does not grow with the input. Throws `in-use` where another process is at it.
 */
export async function upload(session: Session, uploading: Uploading): Promise<Uploaded> {
  const release = await uploading.note?.hold();
  return send(session, uploading).finally(release);
}

async function send(session: Session, uploading: Uploading): Promise<Uploaded> {
  const { input, place, headers, partBytes, parallel, onBytes } = uploading;
  const parts = planParts(input, partBytes).map(
    ({ number, plaintext }): OutgoingPart => ({
      number,
      size: plaintext.to - plaintext.from,
      content: () => input.read(plaintext),
    }),
  );
  const progress: Progress = { bytes: 0, bytesBefore: 0, isEnding: false, abort: undefined };
  const writer = objectWriter(session.oss(place.bucket), { key: place.key, headers });
  const put = (whole: OutgoingPart) => {
    progress.isEnding = true;
    return writer.put(whole);
  };
  try {
    const target = { put, multipart: () => goOn(session, uploading, progress) };
    const { versionId } = await transfer(parts, target, parallel);
    await uploading.note?.remove();
    if (!progress.abort) onBytes(input.size);
    return { versionId, bytesBefore: progress.bytesBefore };
  } catch (error) {
    throw await leave(uploading, progress, error);
  }
}

/** A multipart upload that sends only what OSS does not have, and that is not aborted by itself: `leave` decides. */
async function goOn(session: Session, uploading: Uploading, progress: Progress) {
  const { upload, there } = await begin(session, uploading);
  progress.abort = upload.abort;
  const known = async ({ number, content }: OutgoingPart): Promise<StoredPart | undefined> => {
    const part = await sameAs(there.get(number), number, content);
    progress.bytesBefore += part?.size ?? 0;
    return part;
  };
  return {
    ...upload,
    part: async (part: OutgoingPart) => {
      const stored = (await known(part)) ?? (await upload.part(part));
      progress.bytes += part.size;
      uploading.onBytes(part.size);
      return stored;
    },
    complete: (stored: StoredPart[]) => {
      progress.isEnding = true;
      return upload.complete(stored);
    },
    abort: async () => {},
  };
}

/** The upload that an earlier run began of the same file, or a new one; `there`: eTags of what it has, by part number. */
async function begin(session: Buckets, { place: { bucket: name, key }, headers, note, force }: Uploading) {
  const bucket = session.oss(name);
  const earlier = await note?.read();
  if (earlier) {
    const which = { key, uploadId: earlier.uploadId };
    const upload = multipartUpload(bucket, which);
    const there = force ? undefined : await finishedParts(bucket, which);
    if (there) return { upload, there: new Map(there.map(({ number, eTag }) => [number, eTag])) };
    // What is not there any more needs no end.
    if (force) await upload.abort().catch(() => {});
  }
  const upload = await objectWriter(bucket, { key, headers }).multipart();
  await note?.write(upload.uploadId);
  return { upload, there: new Map<number, string>() };
}

/** The part, where it has the MD5 that OSS tells of the one that it has; with some encryptions of OSS an eTag is none. */
async function sameAs(
  eTag: string | undefined,
  number: number,
  content: OutgoingPart['content'],
): Promise<StoredPart | undefined> {
  if (eTag === undefined) return undefined;
  const [md5, sum] = [createHash('md5'), crc64()];
  let size = 0;
  for await (const piece of content()) {
    md5.update(piece);
    sum.update(piece);
    size += piece.length;
  }
  const isSame = md5.digest('hex') === eTag.toLowerCase();
  return isSame ? { number, eTag: `"${eTag}"`, size, checksum: sum.value() } : undefined;
}
