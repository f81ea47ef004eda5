import type { BlobFile } from './blobs';

export type Tag = { key: string; value: string };

/** What an upload says about its object beside the bytes. */
export type ObjectFacts = {
  /** Lower-case names: content-type and its like, x-oss-meta-*, storage class, encryption. */
  headers: Record<string, string>;
  tags: Tag[];
  /** Of the object itself; absent means that of its bucket (`default`). */
  acl?: ObjectAcl;
};

/** Who may do what with an object without a signature (OSS docs, "Object ACL"). */
export type ObjectAcl = 'private' | 'public-read' | 'public-read-write';

type AnyVersion = {
  /** Name of its record; never the key. */
  id: string;
  /** Order within the bucket: a larger one is newer. */
  sequence: number;
  key: string;
  /** `null` is the version of a bucket that has no versioning, or whose versioning is suspended. */
  versionId: string;
  /** Milliseconds since 1970. */
  modified: number;
};

export type ObjectVersion = AnyVersion &
  ObjectFacts & {
    deleteMarker: false;
    type: 'Normal' | 'Multipart' | 'Appendable' | 'Symlink';
    /** Bytes. */
    size: number;
    /** Upper case, without quotes. */
    eTag: string;
    /** Decimal CRC-64/XZ of the whole object. */
    crc64: string;
    blobs: BlobFile[];
    /** The multipart upload that became this version. */
    uploadId?: string;
    /** Of a sequential multipart upload: the MD5 of the bytes, in upper-case hex. */
    md5?: string;
    /** Of a symlink: the key it points to, percent-encoded as it was given. */
    target?: string;
    /** Of an archived object: from when until when it can be read (ms). */
    restored?: { from: number; until: number };
  };

export type DeleteMarker = AnyVersion & { deleteMarker: true };

export type Version = ObjectVersion | DeleteMarker;

/** Order of keys in every list: by UTF-8 bytes, which differs from JavaScript's order for surrogates only. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(codeUnit: number): number {
  const surrogate = codeUnit >= 0xd800 && codeUnit <= 0xdfff;
  return surrogate ? codeUnit + 0x10000 : codeUnit;
}
