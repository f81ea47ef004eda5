import { timingSafeEqual } from 'node:crypto';
import type { AccessKeys, Credentials } from '../../ram/credentials';
import { OssError } from '../wire/errors';

/** Whose keys there are, and what time it is (ms). */
export type Keys = { accessKeys: AccessKeys; now: () => number };

type Claimed = { accessKeyId: string; securityToken: string | undefined };

/** Finds the access key. Throws InvalidAccessKeyId, also for a temporary key without its token. */
export function findCredentials({ accessKeys }: Keys, { accessKeyId, securityToken }: Claimed): Credentials {
  const found = accessKeys.find(accessKeyId);
  const tokenMissing = found?.securityToken !== undefined && securityToken === undefined;
  if (found && !tokenMissing) return found;
  throw new OssError('InvalidAccessKeyId', { extra: { OSSAccessKeyId: accessKeyId } });
}

/** Compares in constant time. Throws SignatureDoesNotMatch, which tells what was to be signed. */
export function checkSame(
  computed: string,
  given: { accessKeyId: string; signature: string; toSign: string },
) {
  const [ours, theirs] = [Buffer.from(computed), Buffer.from(given.signature)];
  if (ours.length === theirs.length && timingSafeEqual(ours, theirs)) return;
  const extra = {
    OSSAccessKeyId: given.accessKeyId,
    SignatureProvided: given.signature,
    StringToSign: given.toSign,
  };
  throw new OssError('SignatureDoesNotMatch', { extra });
}

/** Throws InvalidSecurityToken unless the token is that of the access key, SecurityTokenExpired at its end. */
export function checkToken({ now }: Keys, { securityToken }: Claimed, credentials: Credentials): void {
  if (securityToken !== credentials.securityToken) throw new OssError('InvalidSecurityToken');
  if (now() <= (credentials.expiration ?? Number.POSITIVE_INFINITY)) return;
  throw new OssError('SecurityTokenExpired');
}
