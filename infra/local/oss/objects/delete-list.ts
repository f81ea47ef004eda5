import { createHash } from 'node:crypto';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { children, parseXml, text } from '../wire/xml';
import { checkedVersionId } from './find-version';

/** One entry of a DeleteMultipleObjects. */
export type Doomed = { key: string; versionId: string | undefined };

const mostKeys = 1000;

/** What a DeleteMultipleObjects lists. Throws MalformedXML (EC 0016-000006xx), InvalidArgument. */
export function deleteList(body: string): { quiet: boolean; doomed: Doomed[] } {
  const document = parsed(body);
  const entries = children(document, 'Object');
  if (entries.length === 0) throw malformed('0016-00000608');
  if (entries.length > mostKeys) throw malformed('0016-00000609');
  const doomed = entries.map((entry) => {
    const key = text(entry, 'Key');
    if (!key) throw malformed('0016-00000613');
    return { key, versionId: checkedVersionId(text(entry, 'VersionId')) };
  });
  return { quiet: text(document, 'Quiet')?.toLowerCase() === 'true', doomed };
}

/** Content-MD5 must be there and be that of the body. Throws MissingArgument, InvalidDigest. */
export function checkBodyMd5({ headers }: OssRequest, body: string): void {
  const given = headers['content-md5'];
  if (given === undefined) throw new OssError('MissingArgument', { ec: '0016-00000606' });
  if (createHash('md5').update(body).digest('base64') !== given.trim()) throw new OssError('InvalidDigest');
}

function parsed(body: string) {
  try {
    return parseXml(body, 'Delete');
  } catch {
    throw malformed('0016-00000608');
  }
}

function malformed(ec: string): OssError {
  return new OssError('MalformedXML', { ec });
}
