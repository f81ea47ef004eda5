import { vaultIn } from '../../../functions/cloud/vault';
import { type Facts, parseHeader } from '../../../functions/envelope/envelope';
import { Fault } from '../../../functions/fault';
import { type Location, showLocation } from '../../files/location';
import type { Buckets } from '../../session/session';
import { Failure } from '../../terminal/failure';
import type { Origin } from './opened';

/** What is current under a key of the vault; `inbox` is undefined where that is no envelope. */
export type Standing = { versionId: string | undefined; inbox: Facts['inbox'] | undefined };

/** Undefined where nothing is there. Asks no KMS. Throws `vault-unversioned`. */
export async function standingAt(session: Buckets, { bucket, key }: Location): Promise<Standing | undefined> {
  try {
    const { versionId, start } = await vaultIn(session.oss(bucket)).find(key);
    return { versionId, inbox: inboxOf(start) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code === 'envelope-missing') return undefined;
    // An empty object.
    if (error.code === 'cannot-open') return { versionId: undefined, inbox: undefined };
    throw error;
  }
}

function inboxOf(start: Buffer): Facts['inbox'] | undefined {
  try {
    return parseHeader(start).facts.inbox;
  } catch {
    return undefined;
  }
}

/** Whether an envelope says that it was made from this very source. */
export function isMadeFrom({ inbox }: Standing, origin: Origin): boolean {
  const names = ['bucket', 'key', 'eTag', 'versionId', 'lastModified'] as const;
  return inbox !== undefined && names.every((name) => inbox[name] === origin[name]);
}

export function standsThere(place: Location): Failure {
  return new Failure('file-exists', `Cannot import to ${showLocation(place)}: something else is there`, {
    left: 'the vault',
    todo: 'choose another --to, or say --force to put a new version on top of it',
  });
}
