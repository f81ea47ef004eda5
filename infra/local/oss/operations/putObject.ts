import { storeObject } from '../objects/store-object';
import type { Operation } from '../store/operation';
import { OssError } from '../wire/errors';

const conditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

/** PUT /bucket/key : takes no conditions but x-oss-forbid-overwrite. */
export const putObject: Operation = (oss, request) => {
  const header = conditions.find((name) => request.headers[name] !== undefined);
  if (header === undefined) return storeObject(oss, request, 'ObjectCreated:PutObject');
  throw new OssError('NotImplemented', { extra: { Header: header } });
};
