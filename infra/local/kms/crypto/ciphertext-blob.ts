import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyVersion } from '../store/key';
import { invalidParameter, KmsError } from '../wire/errors';

/**
 * A wrapped data key, as Alibaba's own migration SDK (alibabacloud-dkms-transfer) reads it:
 * key version id (36 ASCII) | iv (12) | AES-256-GCM of the data key's base64 text | tag (16); all of it base64.
 * What Encrypt wraps is its parameter Plaintext in the same way: the text as it was given.
 */
const ID_LENGTH = 36;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/** Wraps `plaintext` (a text) under a key version; `context` is authenticated, not stored. */
export function wrap(
  version: KeyVersion,
  { plaintext, context }: { plaintext: string; context: Buffer },
): string {
  const iv = randomBytes(IV_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', materialOf(version), iv).setAAD(context);
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from(version.id, 'ascii'), iv, sealed, cipher.getAuthTag()]).toString(
    'base64',
  );
}

export type WrappedKey = { versionId: string; iv: Buffer; sealed: Buffer; tag: Buffer };

/** The parts of a CiphertextBlob. Throws InvalidParameter when it cannot be one. */
export function parseBlob(blob: string): WrappedKey {
  const bytes = Buffer.from(blob, 'base64');
  const versionId = bytes.subarray(0, ID_LENGTH).toString('latin1');
  const isBlob = bytes.toString('base64') === blob && bytes.length > ID_LENGTH + IV_LENGTH + TAG_LENGTH;
  if (!isBlob || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(versionId)) throw cannotOpen();
  return {
    versionId,
    iv: bytes.subarray(ID_LENGTH, ID_LENGTH + IV_LENGTH),
    sealed: bytes.subarray(ID_LENGTH + IV_LENGTH, -TAG_LENGTH),
    tag: bytes.subarray(-TAG_LENGTH),
  };
}

/** The text that was wrapped. A changed blob and another context give the same error. */
export function unwrap(
  version: KeyVersion,
  { iv, sealed, tag, context }: WrappedKey & { context: Buffer },
): string {
  const decipher = createDecipheriv('aes-256-gcm', materialOf(version), iv, {
    authTagLength: TAG_LENGTH,
  });
  decipher.setAAD(context).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
  } catch {
    throw cannotOpen();
  }
}

function materialOf({ material }: KeyVersion): Buffer {
  if (material === undefined) throw new KmsError('Rejected.PendingImport');
  return Buffer.from(material, 'base64');
}

function cannotOpen() {
  return invalidParameter('CiphertextBlob');
}
