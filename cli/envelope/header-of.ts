import { getStream } from '../../functions/cloud/objects';
import { ossStatus } from '../../functions/cloud/oss-fault';
import { collect } from '../../functions/cloud/pieces';
import type { Version } from '../../functions/cloud/versions';
import { checkSize, type Header, parseHeader } from '../../functions/envelope/envelope';
import { headerLength } from '../../functions/envelope/header';
import { HEADER_BLOCK } from '../../functions/envelope/layout';
import { Fault } from '../../functions/fault';
import type { Buckets } from '../session/session';

/** What is listed; without a version id it is read as long as it is current. */
export type Listed = Pick<Version, 'key' | 'eTag' | 'size'> & { bucket: string; versionId?: string };

/**
 * The header of an envelope that lies where it belongs, by one ranged GET of 4 KiB, and a second one where it is larger. Throws
 * `cannot-open`, and `envelope-missing` where it has gone or was replaced.
 */
export async function headerOf(session: Buckets, listed: Listed): Promise<Header> {
  if (listed.size < HEADER_BLOCK)
    throw new Fault('cannot-open', 'Cannot open the envelope', 'it is too short');
  const header = parseHeader(await startOf(session, listed));
  checkSize(header, listed.size);
  const { bucket, key } = header.facts.vault;
  if (bucket === listed.bucket && key === listed.key) return header;
  throw new Fault('cannot-open', 'Cannot open the envelope', `it was sealed for oss://${bucket}/${key}`);
}

async function startOf(session: Buckets, listed: Listed): Promise<Buffer> {
  const start = await read(session, listed, HEADER_BLOCK);
  const length = headerLength(start);
  return length <= start.length ? start : read(session, listed, length);
}

async function read(session: Buckets, { bucket, eTag, ...pin }: Listed, bytes: number): Promise<Buffer> {
  const range = { Range: `bytes=0-${bytes - 1}`, 'x-oss-range-behavior': 'standard' };
  return session.oss(bucket).call('read the envelope', async (client) => {
    try {
      return await collect((await getStream(client, pin, { ...range, 'If-Match': `"${eTag}"` })).stream);
    } catch (error) {
      if (ossStatus(error) !== 404 && ossStatus(error) !== 412) throw error;
      throw new Fault('envelope-missing', 'Cannot read the envelope: it has gone');
    }
  });
}
