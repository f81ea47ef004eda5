import type { IncomingMessage } from 'node:http';
import { acs3Claim } from '../gateway/acs3-signature';
import { splitUrl } from '../gateway/body';
import { type CallerOptions, type Claim, callers, type Doubt } from '../gateway/caller';
import type { Credentials } from '../ram/credentials';
import { FcError } from './api/errors';
import { fcSignature } from './fc-signature';

/** Tells who signed a call of the API as @alicloud/fc2 does it (docs: "Signature authentication"). Throws FcError. */
export function callerByFc(request: IncomingMessage, options: CallerOptions): Credentials {
  const { headers, method = '' } = request;
  const [, accessKeyId, signature] = /^FC ([^:]+):(.+)$/.exec(headers.authorization ?? '') ?? [];
  if (!accessKeyId || !signature) throw unsigned();
  if (!headers.date)
    throw new FcError('MissingRequiredHeader', 'required HTTP header Date was not specified');
  return callers(
    options,
    refusal,
  )({
    accessKeyId,
    securityToken: text(headers['x-fc-security-token']),
    time: Date.parse(headers.date),
    signature,
    sign: (secret) => fcSignature({ method, path: decodeURI(splitUrl(request).path), headers }, secret),
  });
}

/**
 * Tells who signed, as the newer SDKs do it, a call of an HTTP trigger with authType `function` or, where there is a
 * `payloadHash` (SHA-256, hex), of the API. Throws FcError.
 */
export function callerByAcs3(
  request: IncomingMessage,
  options: CallerOptions & { payloadHash?: string },
): Credentials {
  const { headers } = request;
  const claim = acs3Claim(request, options.payloadHash);
  if (!claim) throw unsigned();
  const date = text(headers['x-acs-date']);
  if (date === undefined || !claim.signedHeaders.includes('x-acs-date'))
    throw new FcError('AccessDenied', 'required HTTP header x-acs-date was not specified or not signed');
  const securityToken = text(headers['x-acs-security-token']);
  return callers(options, refusal)({ ...claim, securityToken, time: Date.parse(date) });
}

const NO_MATCH =
  'The request signature we calculated does not match the signature you provided. Check your access key and signing method';

function refusal(doubt: Doubt, { accessKeyId }: Claim): FcError {
  if (doubt === 'time') return new FcError('AccessDenied', 'The request time is too skewed.');
  if (doubt === 'signature') return new FcError('SignatureNotMatch', NO_MATCH);
  const why = `invalid access key ID '${accessKeyId}', or its security token is not valid`;
  return new FcError('InvalidAccessKeyID', why);
}

function unsigned(): FcError {
  return new FcError('AccessDenied', 'The request is not signed.');
}

function text(header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header);
}
