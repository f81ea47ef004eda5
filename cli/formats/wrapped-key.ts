import { decodeBase64 } from './base64';

const VERSION = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/**
 * The id of the key version that a ciphertext of KMS begins with, in 36 characters, or undefined: not documented, but seen
 * in every one that was published, and what Alibaba's own migration SDKs (alibabacloud-dkms-transfer) take for granted.
 */
export function keyVersionIn(ciphertextBlob: string): string | undefined {
  return VERSION.exec(Buffer.from(ciphertextBlob.slice(0, 48), 'base64').toString('latin1'))?.[0];
}

/** Whether a text may be a ciphertext of KMS at all: base64 of some bytes. */
export function mayBeBlob(text: string): boolean {
  return text !== '' && decodeBase64(text) !== undefined;
}
