import { timingSafeEqual } from 'node:crypto';
import type { AccessKeys, Credentials } from '../ram/credentials';

export type CallerOptions = {
  accessKeys: AccessKeys;
  now: () => number;
  /** The cloud's time at a client's time (ms), for signatures of clients whose clock nobody moved. */
  clientTime?: (time: number, resolution?: number) => number;
};

/** Whom a request says it is from. */
export type Claim = {
  accessKeyId: string;
  securityToken: string | undefined;
  /** When it was signed, ms; NaN for what is no date. */
  time: number;
  signature: string;
  /** What the owner of this secret would have signed. */
  sign: (accessKeySecret: string) => string;
  /** Good once. */
  nonce?: string | undefined;
};

/** What is wrong with a claim: the first of these, in this order. */
export type Doubt =
  | 'time'
  | 'key'
  | 'token-missing'
  | 'token-foreign'
  | 'token-expired'
  | 'signature'
  | 'nonce';

const MAX_SKEW = 15 * 60_000;

/** Returns what finds out who signed a request. It throws what `refuse` makes of a doubt. */
export function callers(
  { accessKeys, now, clientTime = (time) => time }: CallerOptions,
  refuse: (doubt: Doubt, claim: Claim) => Error,
) {
  const isFresh = nonces(now);

  return (claim: Claim): Credentials => {
    const check = (isRight: boolean, doubt: Doubt) => {
      if (!isRight) throw refuse(doubt, claim);
    };
    check(Math.abs(now() - clientTime(claim.time)) <= MAX_SKEW, 'time');
    const credentials = accessKeys.find(claim.accessKeyId);
    if (!credentials) throw refuse('key', claim);
    const doubt = tokenDoubt(credentials, claim.securityToken, now());
    if (doubt) throw refuse(doubt, claim);
    check(isSame(claim.signature, claim.sign(credentials.accessKeySecret)), 'signature');
    check(!claim.nonce || isFresh(`${credentials.accessKeyId} ${claim.nonce}`), 'nonce');
    return credentials;
  };
}

function tokenDoubt(
  { securityToken, expiration = 0 }: Credentials,
  given: string | undefined,
  now: number,
): Doubt | undefined {
  if (securityToken === undefined) return given === undefined ? undefined : 'token-foreign';
  if (given === undefined) return 'token-missing';
  if (!isSame(given, securityToken)) return 'token-foreign';
  return now < expiration ? undefined : 'token-expired';
}

/** Whether two signatures are equal; takes the same time wherever they differ. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function nonces(now: () => number): (nonce: string) => boolean {
  const seen = new Map<string, number>();
  return (nonce) => {
    // A timestamp may lie 15 minutes ahead and stays valid for 15 more.
    for (const [old, time] of seen) {
      if (time > now() - 2 * MAX_SKEW) break;
      seen.delete(old);
    }
    if (seen.has(nonce)) return false;
    seen.set(nonce, now());
    return true;
  };
}
