import { getStream } from '../../../functions/cloud/objects';
import { ossStatus } from '../../../functions/cloud/oss-fault';
import { collect } from '../../../functions/cloud/pieces';
import type { Version } from '../../../functions/cloud/versions';
import { disbelief } from '../../../functions/encrypt/belief';
import {
  checkSize,
  type Facts,
  type Header,
  parseHeader,
  type WrappedKey,
} from '../../../functions/envelope/envelope';
import { headerLength } from '../../../functions/envelope/header';
import { HEADER_BLOCK } from '../../../functions/envelope/layout';
import { Fault } from '../../../functions/fault';
import { decryptFunctionOf } from '../../cloud/functions-decrypt';
import { trustedKey } from '../../envelope/trusted-keys';
import type { Deployed, Session } from '../../session/session';
import { asFailure } from '../../terminal/failure';

/** What an envelope of the vault says of itself, or why it is none of this place. Nothing is proven: no key is asked for. */
export type Head = { facts: Facts } | Wrong;
type Wrong = { wrong: 'no-envelope' | 'foreign-key' | 'unbelievable' | 'archived'; why: string };

/** Undefined where the version has gone meanwhile. */
export type ReadHead = (version: Version) => Promise<Head | undefined>;

/** By the decrypt function: one synchronous InvokeFunction each, and no right on the vault but to list it. */
export function headsByFunction(session: Session): ReadHead {
  const decrypt = decryptFunctionOf(session);
  return async (version) => {
    if (version.storageClass.endsWith('Archive')) return archived(version);
    return orWrong(session, version, () => decrypt.describe(version.key, version.versionId));
  };
}

/** By the own identity: one ranged GET of 4 KiB each, a second one where the header is larger. */
export function headsDirectly(session: Session): ReadHead {
  return async (version) => {
    if (version.storageClass.endsWith('Archive')) return archived(version);
    return orWrong(session, version, async () => {
      if (version.size < HEADER_BLOCK)
        throw new Fault('cannot-open', 'Cannot open the envelope', 'it is too short');
      const header = parseHeader(await startOf(session, version));
      checkSize(header, version.size);
      checkPlace(session, version, header.facts);
      return header;
    });
  };
}

async function startOf(session: Session, version: Version): Promise<Buffer> {
  const start = await read(session, version, HEADER_BLOCK);
  const length = headerLength(start);
  return length <= start.length ? start : read(session, version, length);
}

async function read(
  session: Pick<Session, 'deployment' | 'oss'>,
  { key, versionId }: Version,
  bytes: number,
): Promise<Buffer> {
  const headers = { Range: `bytes=0-${bytes - 1}`, 'x-oss-range-behavior': 'standard' };
  return session.oss(session.deployment.vaultBucket).call('read the envelope', async (client) => {
    try {
      return await collect((await getStream(client, { key, versionId }, headers)).stream);
    } catch (error) {
      if (ossStatus(error) !== 404) throw error;
      throw new Fault('envelope-missing', 'Cannot read the envelope: it has gone');
    }
  });
}

function checkPlace({ deployment }: Deployed, { key }: Version, { vault }: Facts): void {
  const { bucket, key: theirs } = vault;
  if (bucket === deployment.vaultBucket && theirs === key) return;
  throw new Fault('cannot-open', 'Cannot open the envelope', `it was sealed for oss://${bucket}/${theirs}`);
}

type Described = Pick<Header, 'facts'> & { wrappedKeys: Pick<WrappedKey, 'keyArn'>[] };

async function orWrong(
  session: Session,
  version: Version,
  read: () => Promise<Described>,
): Promise<Head | undefined> {
  try {
    const described = await read();
    const wrong = await foreign(session, described.wrappedKeys);
    if (wrong) return wrong;
    const why = disbelief(version, described, undefined);
    return why === undefined ? { facts: described.facts } : { wrong: 'unbelievable', why };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code === 'envelope-missing') return undefined;
    if (error.code !== 'cannot-open' && error.code !== 'key-unsupported') throw error;
    return { wrong: 'no-envelope', why: error.detail ?? error.message };
  }
}

/** Undefined where nobody tells this identity which keys are the deployment's. */
async function foreign(session: Session, wrappedKeys: Described['wrappedKeys']): Promise<Wrong | undefined> {
  try {
    await trustedKey(session, wrappedKeys, { doing: 'open it' });
    return undefined;
  } catch (error) {
    const { code } = asFailure(error);
    if (code === 'keys-unknown') return undefined;
    if (code !== 'key-differs') throw error;
    return { wrong: 'foreign-key', why: `it is under ${wrappedKeys.map(({ keyArn }) => keyArn).join(', ')}` };
  }
}

function archived({ storageClass }: Version): Head {
  return { wrong: 'archived', why: `it lies in the ${storageClass} class` };
}
