import { Fault } from '../fault';
import { type Calls, callsOf, type Service } from './calls';
import type { OssClient } from './oss-client';
import { unavailable } from './unanswered';

/** What ali-oss throws: mostly an Error with these, at times a plain object. */
type OssError = { status?: number; code?: string; name?: string; requestId?: string; ecCode?: string };

/** An error of ali-oss as a Fault. Its message is not passed on: SDKs quote URLs in it. `doing` reads "<verb> <what>". */
export function ossFault(doing: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { status = -1, code, name = '', requestId, ecCode } = (error ?? {}) as OssError;
  const more = [ecCode, requestId].filter(Boolean).join(' ');
  const said = { doing, status, code: code ?? name, more };
  if (status === 412) return new Fault('source-changed', `Cannot ${doing}: it was replaced meanwhile`, said);
  if (EXPIRED.test(code ?? '')) {
    return new Fault('credentials-expired', `Cannot ${doing}: the role's token has expired`, said);
  }
  if (status === 429 || status === 503 || SLOW_DOWN.test(code ?? '')) {
    return new Fault('oss-throttled', `Cannot ${doing}: OSS asks to slow down`, said);
  }
  if (status >= 400 && status < 500 && !ON_THE_WAY.test(code ?? '')) {
    return new Fault('oss-refused', `Cannot ${doing}: OSS refused (${code ?? status})`, said);
  }
  // Below it there was no answer.
  if (status < 100) return unavailable('oss-unavailable', doing, { error, service: 'OSS' });
  return new Fault('oss-unavailable', `Cannot ${doing}: OSS does not answer as it should`, said);
}

const EXPIRED = /^(SecurityTokenExpired|InvalidSecurityToken)$/;
/** What happened to a request on its way, not what it asked for. */
const ON_THE_WAY = /^(RequestTimeout|InvalidDigest)$/;
const SLOW_DOWN = /^(ServiceUnavailable|TooManyRequests|\w*LimitExceeded)$/;

/** A bucket as its ports reach it. */
export type Bucket = Calls<OssClient> & { name: string };

export function bucketOf(name: string, service: Service<OssClient>): Bucket {
  return { name, ...callsOf(service, ossFault) };
}

/** The HTTP status of an error of ali-oss, undefined where there was no answer. */
export function ossStatus(error: unknown): number | undefined {
  return (error as OssError | undefined)?.status;
}

/** Throws `key-unsupported` for keys that no request of ali-oss can name: it resolves their dots like a path. */
export function checkKey(key: string): void {
  const dotted = key.split('/').some((segment) => segment === '.' || segment === '..');
  const bytes = Buffer.byteLength(key);
  if (dotted || bytes < 1 || bytes > 1023 || /^[/\\]/.test(key) || /\p{Surrogate}/u.test(key)) {
    throw new Fault(
      'key-unsupported',
      'Cannot use this object key: it is empty, too long, malformed, or has a segment . or ..',
    );
  }
}
