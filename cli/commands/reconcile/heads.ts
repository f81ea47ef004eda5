import type { Version } from '../../../functions/cloud/versions';
import { disbelief } from '../../../functions/encrypt/belief';
import type { Facts, Header, WrappedKey } from '../../../functions/envelope/envelope';
import { Fault } from '../../../functions/fault';
import { decryptFunctionOf } from '../../cloud/functions-decrypt';
import { headerOf } from '../../envelope/header-of';
import { trustedKey } from '../../envelope/trusted-keys';
import type { Session } from '../../session/session';
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

/** By the own identity. */
export function headsDirectly(session: Session): ReadHead {
  const bucket = session.deployment.vaultBucket;
  return async (version) => {
    if (version.storageClass.endsWith('Archive')) return archived(version);
    return orWrong(session, version, () => headerOf(session, { bucket, ...version }));
  };
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
