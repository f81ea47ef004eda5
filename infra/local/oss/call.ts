import type { Call } from '../gateway/hooks';
import type { Route } from './routes/route';
import type { OssRequest } from './wire/request';

const secretHeaders = ['authorization', 'x-oss-security-token', 'signature', 'x-oss-signature', 'policy'];
const secretParameters = ['x-oss-signature', 'x-oss-security-token', 'Signature', 'security-token'];

/** A request that is no call of the API. */
export const unknownCall: Call = {
  service: 'oss',
  operation: 'Unknown',
  query: {},
  headers: {},
  principal: '',
};

/** The request as hooks see it: without signatures and tokens. */
export function callOf({ operation, on }: Route, request: OssRequest, principal: string): Call {
  return {
    ...{ service: 'oss', operation, principal },
    ...(on === 'service' ? {} : { bucket: request.bucket }),
    ...(on === 'object' || request.key !== '' ? { key: request.key } : {}),
    query: without(Object.fromEntries(request.query), secretParameters),
    headers: without(request.headers, secretHeaders),
  };
}

function without(pairs: Readonly<Record<string, string>>, names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs).filter(([name]) => !names.includes(name)));
}
