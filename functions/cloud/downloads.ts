import type { Metadata } from '../envelope/metadata';
import type { OssClient } from './clients';
import { type ObjectWriter, objectWriter } from './objects';

export type Downloads = {
  bucket: string;
  /** Writes the object `name`, with what the source object carried. */
  writer(name: string, metadata: Metadata, fileName: string): ObjectWriter;
  /** A V4 signed URL to GET it for `seconds` (1 to 604,800; no longer than the role's token lives). */
  sign(name: string, seconds: number): Promise<string>;
};

/** `signer` is a client whose endpoint is the bucket's public one. `aborter`: see objectWriter. */
export function openDownloads(
  client: OssClient,
  aborter: OssClient,
  signer: OssClient,
  bucket: string,
): Downloads {
  return {
    bucket,
    writer: (name, metadata, fileName) => objectWriter(client, aborter, name, headersFor(metadata, fileName)),
    sign: (name, seconds) => signer.signatureUrlV4('GET', seconds, {}, name),
  };
}

/** The source's headers, but never cached, and always an attachment: content must not run as a page of the domain. */
function headersFor({ headers, userMetadata }: Metadata, fileName: string): Record<string, string> {
  return {
    ...Object.fromEntries(headers),
    ...Object.fromEntries(userMetadata.map(([name, value]) => [`x-oss-meta-${name}`, value])),
    'cache-control': 'no-store',
    'content-disposition': attachment(fileName),
  };
}

/** RFC 6266, with the name in ASCII for old readers and in UTF-8 (RFC 8187) for all others. */
function attachment(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const utf8 = encodeURIComponent(fileName).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
