import { basename } from 'node:path';
import { checkKey } from '../../../functions/cloud/oss-fault';
import { type Location, readLocation } from '../../files/location';
import type { Deployed } from '../../session/session';
import { Failure } from '../../terminal/failure';
import type { PutOptions } from './task';

/** Throws `usage-wrong`, `key-unsupported`. */
export function placeFor(text: string, file: string): Location {
  const { bucket, key } = readLocation(text);
  const isFolder = key === '' || key.endsWith('/');
  if (isFolder && file === '-')
    throw new Failure('usage-wrong', `Cannot name standard input: ${text} names no object`);
  const place = { bucket, key: isFolder ? `${key}${basename(file)}` : key };
  checkKey(place.key);
  return place;
}

/**
 * A plaintext in another bucket than the inbox stays one; an envelope in the inbox is sealed once more. Throws `usage-wrong`.
 */
export function checkBucket(
  { deployment }: Deployed,
  { bucket }: Location,
  { direct, wait, key }: PutOptions,
): void {
  const { inboxBucket, vaultBucket } = deployment;
  const [what, own] = direct ? ['vault', vaultBucket] : ['inbox', inboxBucket];
  if (bucket !== own) {
    throw new Failure('usage-wrong', `Cannot put into ${bucket}: the ${what} of this deployment is ${own}`, {
      todo: 'say which deployment with --env; with --direct it goes into the vault, without into the inbox',
    });
  }
  if (direct && wait) throw new Failure('usage-wrong', 'Cannot wait with --direct: it is sealed at once');
  if (!direct && key)
    throw new Failure('usage-wrong', 'Cannot use --key without --direct: encrypt has its own');
}
