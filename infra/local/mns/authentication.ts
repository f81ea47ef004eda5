import { type CallerOptions, callers, type Doubt } from '../gateway/caller';
import type { Credentials } from '../ram/credentials';
import { MnsError, type MnsErrorCode } from './queues/errors';
import { type MnsRequest, mnsSignature } from './signature';

const TOLD: Record<Exclude<Doubt, 'nonce'>, MnsErrorCode> = {
  time: 'TimeExpired',
  key: 'InvalidAccessKeyId',
  'token-missing': 'InvalidAccessKeyId',
  'token-foreign': 'InvalidAccessKeyId',
  'token-expired': 'InvalidAccessKeyId',
  signature: 'SignatureDoesNotMatch',
};

/** Returns what tells who sent a request. It throws what the documentation says of a bad date, key or signature. */
export function authentication(options: CallerOptions): (request: MnsRequest) => Credentials {
  const callerOf = callers(options, (doubt) => new MnsError(TOLD[doubt as keyof typeof TOLD]));

  return (request) => {
    const { authorization, 'x-mns-date': mnsDate, date = mnsDate, 'security-token': token } = request.headers;
    if (!authorization) throw new MnsError('MissingAuthorizationHeader');
    if (!date) throw new MnsError('MissingDateHeader');
    const [, accessKeyId, signature] = /^MNS ([^:\s]+):(\S+)$/.exec(authorization) ?? [];
    if (!accessKeyId || !signature) throw new MnsError('InvalidAuthorizationHeader');
    const time = Date.parse(String(date));
    if (Number.isNaN(time)) throw new MnsError('InvalidDateHeader');
    const securityToken = token === undefined ? undefined : String(token);
    const sign = (secret: string) => mnsSignature(request, secret);
    return callerOf({ accessKeyId, securityToken, time, signature, sign });
  };
}
