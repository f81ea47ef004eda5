import { decodeBase64 } from '../base64';

/** What the metadata says of how an object was encrypted, as it stands there. */
export type Wrapping = {
  /** `KMS/ALICLOUD`, `RSA/NONE/PKCS1Padding`, …; `kms` in objects of oss2 before 2.7. */
  wrapAlgorithm: string;
  contentAlgorithm: string;
  /** Ciphertexts of KMS, in base64. */
  key: string;
  start: string;
  /** Whether `start` is of a decimal number, not of a counter block. */
  isDecimal: boolean;
  /** The description of the master key, JSON. */
  materials: string | undefined;
  /** Bytes, where the writer said. */
  size: number | undefined;
};

const NOW = 'client-side-encryption-';

/**
 * Undefined where there is no such metadata. Its names: https://www.alibabacloud.com/help/en/oss/user-guide/client-side-encryption;
 * the older ones, which oss2 before 2.7 wrote: `DEPRECATED_CLIENT_SIDE_ENCRYPTION_*` in its headers.py.
 */
export function readWrapping(metadata: Map<string, string> | undefined): Wrapping | undefined {
  const of = (name: string) => metadata?.get(name) ?? '';
  if (of(`${NOW}key`)) {
    return {
      wrapAlgorithm: of(`${NOW}wrap-alg`),
      contentAlgorithm: of(`${NOW}cek-alg`),
      key: blobOf(of(`${NOW}key`)),
      start: blobOf(of(`${NOW}start`)),
      isDecimal: false,
      materials: of(`${NOW}matdesc`) || undefined,
      size: sizeOf(of(`${NOW}data-size`) || of(`${NOW}unencrypted-content-length`)),
    };
  }
  if (!of('oss-crypto-key')) return undefined;
  return {
    wrapAlgorithm: of('oss-wrap-alg'),
    contentAlgorithm: of('oss-cek-alg'),
    key: of('oss-crypto-key'),
    start: of('oss-crypto-start'),
    isDecimal: true,
    materials: of('oss-crypto-matdesc') || undefined,
    size: sizeOf(of('unencrypted-content-length')),
  };
}

/**
 * A ciphertext of KMS is base64. oss2 encodes that text once more; a ciphertext itself, of which the first 36 bytes are an
 * id with dashes, is no base64.
 */
function blobOf(value: string): string {
  const once = decodeBase64(value)?.toString('latin1') ?? '';
  return once !== '' && decodeBase64(once) ? once : value;
}

function sizeOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
