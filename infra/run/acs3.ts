import OpenApiUtil from '@alicloud/openapi-util';
import { Request } from '@alicloud/tea-typescript';
import type { Credentials } from '../../functions/context';

/**
 * Headers that let a call pass an HTTP trigger with `authType: function` for the next 15 minutes (ACS3-HMAC-SHA256, FC
 * documentation "Signature authentication"). The body is not signed.
 */
export function acs3Headers(method: string, url: string, credentials: Credentials): Record<string, string> {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const request = new Request();
  request.method = method;
  request.pathname = new URL(url).pathname;
  request.query = Object.fromEntries(new URL(url).searchParams);
  request.headers = {
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    ...(securityToken && { 'x-acs-security-token': securityToken }),
  };
  const authorization = OpenApiUtil.getAuthorization(
    request,
    'ACS3-HMAC-SHA256',
    '',
    accessKeyId,
    accessKeySecret,
  );
  return { ...request.headers, authorization };
}
