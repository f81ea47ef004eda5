import { corsAnswer } from '../buckets/cors';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** OPTIONS /bucket/key : a browser's preflight; it comes without a signature. Throws AccessForbidden. */
export const optionObject: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const { origin, 'access-control-request-method': method } = request.headers;
  if (origin === undefined || method === undefined) {
    throw new OssError('InvalidArgument', {
      message: 'Origin and Access-Control-Request-Method are needed.',
    });
  }
  if (!bucket.settings.has('cors')) throw forbidden('CORS is not enabled for this bucket.');
  const asked = request.headers['access-control-request-headers'] ?? '';
  const names = asked.split(',').map((name) => name.trim().toLowerCase());
  const headers = corsAnswer(bucket, { origin, method, headers: names.filter((name) => name !== '') });
  if (!headers) throw forbidden('This CORS request is not allowed.');
  return { status: 200, headers };
};

function forbidden(why: string): OssError {
  return new OssError('AccessForbidden', { message: `CORSResponse: ${why}` });
}
