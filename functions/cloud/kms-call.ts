import { Fault } from '../fault';
import { unanswered } from './unanswered';

const DEADLINE_MS = 15_000;

/**
 * Makes one call of KMS. The SDK's timers can be cleared by a socket's former user, so each has a deadline of ours. Throws
 * `kms-refused`, `kms-throttled`, `kms-unavailable`, `credentials-expired`; the detail is status, code, request id.
 */
export async function callKms<T>(doing: string, action: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('', 'TimeoutError')), DEADLINE_MS);
  });
  try {
    return await Promise.race([action(), deadline]);
  } catch (error) {
    throw kmsFault(doing, error);
  } finally {
    clearTimeout(timer);
  }
}

const EXPIRED = /^InvalidSecurityToken\.Expired$/;

type KmsError = { data?: { Code?: string; HttpStatus?: number; RequestId?: string } };

/** The SDK's messages quote the signed URL, with token and ciphertext: only code, status and request id are kept. */
function kmsFault(doing: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { Code: code, HttpStatus: status = 0, RequestId: requestId } = (error as KmsError).data ?? {};
  if (!code) {
    const { why = 'KMS does not answer as it should', detail } = unanswered(error, 'KMS');
    return new Fault('kms-unavailable', `Cannot ${doing}: ${why}`, detail);
  }
  const detail = `${status} ${code} ${requestId ?? ''}`.trim();
  if (EXPIRED.test(code))
    return new Fault('credentials-expired', `Cannot ${doing}: the role's token has expired`, detail);
  if (/Throttling/.test(code))
    return new Fault('kms-throttled', `Cannot ${doing}: KMS asks to slow down`, detail);
  if (status >= 500)
    return new Fault('kms-unavailable', `Cannot ${doing}: KMS does not answer as it should`, detail);
  return new Fault('kms-refused', `Cannot ${doing}: KMS refused (${code})`, detail);
}
