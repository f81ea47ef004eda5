import { createHash } from 'node:crypto';
import { ossFault } from '../../../functions/cloud/oss-fault';
import type { Facts } from '../../../functions/envelope/envelope';
import { LOCAL_FILE } from '../../../functions/envelope/header';
import { METADATA_HEADERS, type Metadata } from '../../../functions/envelope/metadata';
import { wholeSeconds } from '../../envelope/place';
import { openObject } from '../../envelope/sealed-object';
import { openFile } from '../../files/input';
import { type Location, showLocation } from '../../files/location';
import type { FormatInput } from '../../formats/format';
import type { Session } from '../../session/session';

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
export async function openLocal(path: string): Promise<Opened> {
  const input = await openFile(path);
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
        lastModified: wholeSeconds(input.modifiedAt),
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
export async function openStored(session: Session, which: Which): Promise<Opened> {
  const input = await openObject(session, which);
  const { eTag, versionId, modifiedAt } = input;
  return {
    input,
    origin: {
      bucket: which.bucket,
      key: which.key,
      eTag,
      versionId: versionId ?? 'none',
      lastModified: wholeSeconds(modifiedAt),
    },
    metadata: () => session.retry(() => metadataOf(session, { ...which, versionId, eTag })),
  };
}

async function metadataOf(
  session: Session,
  { bucket, key, versionId, eTag }: Which & { eTag: string },
): Promise<Metadata> {
  const client = await session.oss(bucket);
  const version = versionId === undefined ? {} : { versionId };
  try {
    const pinned = { 'If-Match': `"${eTag}"` };
    const { res } = await client.head(key, { headers: pinned, ...(versionId && { subres: { versionId } }) });
    const tags = res.headers['x-oss-tagging-count']
      ? Object.entries((await client.getObjectTagging(key, version)).tag)
      : [];
    return { ...carried(res.headers), tags };
  } catch (error) {
    throw ossFault(`read the metadata of ${showLocation({ bucket, key })}`, error);
  }
}

const META = 'x-oss-meta-';
/** How it was encrypted: the names of the OSS SDKs, and those of older ones in Python. */
const OF_ENCRYPTION =
  /^(client-side-encryption-|unencrypted-content-|oss-crypto-|oss-cek-alg$|oss-wrap-alg$)/;

function carried(headers: Record<string, string>): Omit<Metadata, 'tags'> {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, utf8(value)]);
  const standard: readonly string[] = METADATA_HEADERS;
  return {
    headers: entries.filter(
      ([name, value]) => standard.includes(name) && (name !== 'x-oss-storage-class' || value !== 'Standard'),
    ),
    userMetadata: entries
      .filter(([name]) => name.startsWith(META) && !OF_ENCRYPTION.test(name.slice(META.length)))
      .map(([name, value]) => [name.slice(META.length), value]),
  };
}

/** Node hands header bytes over as latin1; what uploaders put there is UTF-8. */
function utf8(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}
