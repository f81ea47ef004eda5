import { percentEncode } from '../../gateway/acs3-signature';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

/** How keys are written in a list: as they are, or percent-encoded with an EncodingType element beside. */
export type NameEncoding = {
  element: { EncodingType?: 'url' };
  encode: (name: string) => string;
};

/** Reads encoding-type. Throws InvalidArgument unless it is url or absent. */
export function nameEncoding({ query }: OssRequest): NameEncoding {
  const type = query.get('encoding-type');
  if (type === undefined) return { element: {}, encode: (name) => name };
  if (type === 'url') return { element: { EncodingType: 'url' }, encode: percentEncode };
  throw new OssError('InvalidArgument', {
    message: 'Invalid Encoding Method specified in Request.',
    extra: { ArgumentName: 'encoding-type', ArgumentValue: type },
  });
}
