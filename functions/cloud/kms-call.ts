import { Fault } from '../fault';
import { type Calls, callsOf, type Service } from './calls';
import type { KmsClient } from './kms-client';
import { unavailable } from './unanswered';

const DEADLINE_MS = 15_000;

/**
 * KMS as its ports reach it: `kms-refused`, `kms-throttled`, `kms-unavailable`, `credentials-expired`, with status, code and
 * request id as their detail.
 */
export type Kms = Calls<KmsClient>;

/** The SDK's timers can be cleared by a socket's former user. */
export function kmsOf(service: Service<KmsClient>): Kms {
  return callsOf(service, kmsFault, DEADLINE_MS);
}

const EXPIRED = /^InvalidSecurityToken\.Expired$/;

type KmsError = { data?: { Code?: string; HttpStatus?: number; RequestId?: string } };

/** The SDK's messages quote the signed URL, with token and ciphertext: only code, status and request id are kept. */
function kmsFault(doing: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { Code: code, HttpStatus: status = 0, RequestId: requestId } = (error as KmsError).data ?? {};
  if (!code) {
    return unavailable('kms-unavailable', doing, { error, service: 'KMS' });
  }
  const said = { doing, status, code, more: requestId };
  if (EXPIRED.test(code))
    return new Fault('credentials-expired', `Cannot ${doing}: the role's token has expired`, said);
  if (/Throttling/.test(code))
    return new Fault('kms-throttled', `Cannot ${doing}: KMS asks to slow down`, said);
  if (status >= 500)
    return new Fault('kms-unavailable', `Cannot ${doing}: KMS does not answer as it should`, said);
  return new Fault('kms-refused', `Cannot ${doing}: KMS refused (${code})`, said);
}
