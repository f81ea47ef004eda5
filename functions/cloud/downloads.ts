import { utf8OfLatin1 } from '../characters';
import type { Metadata } from '../envelope/metadata';
import { carrying } from './carried';
import { finishedParts, type ObjectWriter, objectWriter } from './objects';
import type { OssClient } from './oss-client';
import { type Bucket, ossStatus } from './oss-fault';

/** A plaintext as it lies there. */
export type StoredPlaintext = { bytes: number; contentType: string; lastModified: Date };

type PlaintextFacts = {
  metadata: Metadata;
  /** What a signed URL that says nothing else saves it as. */
  fileName: string;
  /** A piece of a compressed content is not compressed content. */
  isSlice: boolean;
};

type Disposition = 'attachment' | 'inline';

/** How a browser takes it. */
type Presentation = { fileName: string; disposition: Disposition; contentType: string };

export type Downloads = {
  bucket: string;
  /** Writes the object `name`, with what the upload carried. What OSS stored otherwise than it was sent is removed. */
  writer(name: string, facts: PlaintextFacts): ObjectWriter;
  /** Undefined where there is none. */
  find(name: string): Promise<StoredPlaintext | undefined>;
  /** Bytes in the finished parts of an upload; undefined where it has ended. */
  uploadedBytes(upload: { key: string; uploadId: string }): Promise<number | undefined>;
  /** A V4 signed URL to GET it for `seconds` (1 to 604,800; no longer than the role's token lives). */
  sign(name: string, seconds: number, presentation: Presentation): Promise<string>;
};

/** `signer` is a client whose endpoint is the bucket's public one. */
export function downloadsIn(bucket: Bucket, signer: OssClient): Downloads {
  return {
    bucket: bucket.name,
    writer: (name, facts) =>
      objectWriter(bucket, { key: name, headers: headersFor(facts), undo: () => remove(bucket, name) }),
    find: (name) => bucket.call('look for the download', (client) => find(client, name)),
    async uploadedBytes(upload) {
      const parts = await finishedParts(bucket, upload);
      return parts?.reduce((sum, { size }) => sum + size, 0);
    },
    sign: async (name, seconds, { fileName, disposition, contentType }) => {
      const queries = {
        'response-content-disposition': contentDisposition(disposition, fileName),
        'response-content-type': contentType,
      };
      return fitToPaste(await signer.signatureUrlV4('GET', seconds, { queries }, name));
    },
  };
}

/** In one shell word between quotes, and whole where mail and chat look for the end of an address. The signature is of the decoded query. */
function fitToPaste(url: string): string {
  return url.replace(/[!'()*]/g, percentEncoded);
}

/** The upload's headers, but in the bucket's own class (it lives for minutes), never cached, and always an attachment: content must not run as a page of the domain. */
function headersFor({ metadata, fileName, isSlice }: PlaintextFacts): Record<string, string> {
  const { headers, userMetadata, tags } = metadata;
  const own = headers.filter(
    ([name]) => name !== 'x-oss-storage-class' && !(isSlice && name === 'content-encoding'),
  );
  return {
    ...carrying({ headers: own, userMetadata, tags }),
    'cache-control': 'no-store',
    'content-disposition': contentDisposition('attachment', fileName),
    'x-oss-server-side-encryption': 'AES256',
  };
}

/** Nothing else may ever be found under this name. */
async function remove(bucket: Bucket, name: string): Promise<void> {
  await bucket.call('remove what OSS stored otherwise than it was sent', (client) =>
    client.deleteMulti([name], { quiet: true }),
  );
}

async function find(client: OssClient, name: string): Promise<StoredPlaintext | undefined> {
  try {
    const { headers } = (await client.head(name, {})).res;
    return {
      bytes: Number(headers['content-length']),
      contentType: utf8OfLatin1(headers['content-type'] ?? '') ?? 'application/octet-stream',
      lastModified: new Date(headers['last-modified'] ?? ''),
    };
  } catch (error) {
    if (ossStatus(error) === 404) return undefined;
    throw error;
  }
}

/** RFC 6266, with the name in ASCII for old readers and in UTF-8 (RFC 8187) for all others. */
function contentDisposition(disposition: Disposition, fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const utf8 = encodeURIComponent(fileName).replace(/[!'()*]/g, percentEncoded);
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}

/** `%` and the code of an ASCII character, which encodeURIComponent may have left as it is. */
function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
