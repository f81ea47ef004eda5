import type { Route } from '../routes/route';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { overrides } from '../wire/response-overrides';
import { authenticateForm } from './authenticate-form';
import { anonymous, type Caller, type Gate } from './caller';
import { authenticateV1, placeOfV1 } from './signature-v1';
import { authenticateV4, hasV4InUrl } from './signature-v4';

/** A request whose caller is known. */
export type Admitted = { request: OssRequest; caller: Caller };

/**
 * Finds out who a request is from, `anonymous` when there is no signature at all; the fields of a form stand for what is
 * headers elsewhere from then on. Throws the OssError that OSS answers.
 */
export async function authenticate(gate: Gate, route: Route, request: OssRequest): Promise<Admitted> {
  if (route.isForm) return authenticateForm(gate, request);
  // A preflight carries the signed URL of the request to come, but not its method.
  return { request, caller: route.isPreflight ? anonymous : callerOf(gate, request) };
}

function callerOf(gate: Gate, request: OssRequest): Caller {
  const { authorization } = request.headers;
  if (isV2(request)) {
    throw new OssError('NotImplemented', { message: 'Signature version 2 is not implemented.' });
  }
  const v1 = placeOfV1(request);
  const v4InUrl = hasV4InUrl(request);
  if (authorization !== undefined && (v4InUrl || v1 === 'url')) throw signedTwice();
  if (v1) return authenticateV1(gate, request);
  if (v4InUrl || authorization !== undefined) return authenticateV4(gate, request);
  return unsigned(request);
}

function isV2({ headers, query }: OssRequest): boolean {
  return (
    query.get('x-oss-signature-version') === 'OSS2' || headers.authorization?.startsWith('OSS2 ') === true
  );
}

function signedTwice(): OssError {
  return new OssError('InvalidArgument', {
    message: 'Only one of the Authorization header and the signature in the URL may be given.',
    ec: '0002-00000039',
  });
}

// The answer's headers are not for everybody to choose.
function unsigned({ query }: OssRequest): Caller {
  if (!overrides.some((name) => query.has(name))) return anonymous;
  throw new OssError('InvalidRequest', {
    message: 'Request specific response headers cannot be used for anonymous GET requests.',
  });
}
