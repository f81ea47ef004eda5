import { storeObject } from '../objects/store-object';
import type { Answer, Operation, Oss } from '../store/operation';
import type { OssRequest } from '../wire/request';
import { xmlDocument } from '../wire/xml';

/** POST /bucket with a form of multipart/form-data, whose fields have become the request's headers. */
export const postObject: Operation = async (oss, request) => {
  const answer = await storeObject(oss, request, 'ObjectCreated:PostObject');
  const { status, headers, xml } = outcome(oss, request, answer.headers?.etag ?? '');
  return { ...answer, status, headers: { ...answer.headers, ...headers }, ...(xml !== undefined && { xml }) };
};

function outcome(oss: Oss, request: OssRequest, eTag: string): Pick<Answer, 'status' | 'headers' | 'xml'> {
  const { bucket, key, headers } = request;
  const redirect = redirection(headers.success_action_redirect, { bucket, key, etag: eTag });
  if (redirect !== undefined) return { status: 303, headers: { location: redirect } };
  const status = headers.success_action_status;
  if (status === '200') return { status: 200 };
  if (status !== '201') return { status: 204 };
  const location = `http://${oss.host()}/${bucket}/${encodeURI(key)}`;
  const result = { Bucket: bucket, Location: location, Key: key, ETag: eTag };
  return { status: 201, xml: xmlDocument('PostResponse', result) };
}

// Anything but a web address is no place to send a browser to.
function redirection(wanted: string | undefined, told: Record<string, string>): string | undefined {
  if (wanted === undefined || !/^https?:\/\//i.test(wanted) || !URL.canParse(wanted)) return undefined;
  const url = new URL(wanted);
  for (const [name, value] of Object.entries(told)) url.searchParams.append(name, value);
  return url.href;
}
