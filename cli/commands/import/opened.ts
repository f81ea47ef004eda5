import { createHash } from 'node:crypto';
import { carriedBy } from '../../../functions/cloud/carried';
import type { Facts } from '../../../functions/envelope/envelope';
import { LOCAL_FILE } from '../../../functions/envelope/header';
import type { Metadata } from '../../../functions/envelope/metadata';
import { wholeSeconds } from '../../envelope/place';
import { objectAt } from '../../envelope/sealed-object';
import { fileInput } from '../../files/input';
import { type Location, showLocation } from '../../files/location';
import type { FormatInput } from '../../formats/format';
import type { Buckets, Session } from '../../session/session';

/** What an envelope will say that it was made from, but for the size of the plaintext. */
export type Origin = Omit<Facts['inbox'], 'size'>;

/** A file or an object that others encrypted: always the same bytes, or none. The caller closes the input. */
export type Opened = {
  input: FormatInput;
  origin: Origin;
  /** What it carries beside its content, without what told how it was encrypted. */
  metadata(): Promise<Metadata>;
};

/**
 * A file. Names repeat and times are in whole seconds, so the SHA-256 of its ciphertext stands for it, in the place of an
 * eTag: the same file is known again, another is told apart.
 */
export async function fromFile(path: string): Promise<Opened> {
  const input = await fileInput(path);
  try {
    const hash = createHash('sha256');
    for await (const piece of input.read({ from: 0, to: input.size })) hash.update(piece);
    return {
      input,
      origin: {
        bucket: LOCAL_FILE,
        key: input.name,
        eTag: hash.digest('hex'),
        versionId: 'none',
        lastModified: wholeSeconds(input.modifiedAt, path),
      },
      metadata: async () => ({ headers: [], userMetadata: [], tags: [] }),
    };
  } catch (error) {
    await input.close();
    throw error;
  }
}

type Which = Location & { versionId: string | undefined };

/** A version of an object, the current one by default, in a bucket with versions or without. */
export async function fromObject(session: Session, which: Which): Promise<Opened> {
  const input = await objectAt(session, which);
  const { eTag, versionId, modifiedAt } = input;
  return {
    input,
    origin: {
      bucket: which.bucket,
      key: which.key,
      eTag,
      versionId: versionId ?? 'none',
      lastModified: wholeSeconds(modifiedAt, showLocation(which)),
    },
    metadata: () => metadataOf(session, { ...which, versionId, eTag }),
  };
}

function metadataOf(
  session: Buckets,
  { bucket, key, versionId, eTag }: Which & { eTag: string },
): Promise<Metadata> {
  return session.oss(bucket).call(`read the metadata of ${showLocation({ bucket, key })}`, async (client) => {
    const pinned = { 'If-Match': `"${eTag}"` };
    const { res } = await client.head(key, { headers: pinned, ...(versionId && { subres: { versionId } }) });
    return carriedBy(client, { key, versionId }, res.headers, (name) => OF_ENCRYPTION.test(name));
  });
}

/** How it was encrypted: the names of the OSS SDKs, and those of older ones in Python. */
const OF_ENCRYPTION =
  /^(client-side-encryption-|unencrypted-content-|oss-crypto-|oss-cek-alg$|oss-wrap-alg$)/;
