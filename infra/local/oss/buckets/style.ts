import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

const folder = 'style/';

/** Under which name a bucket keeps the image style of that name. */
export function styleSetting(name: string): string {
  return `${folder}${name}`;
}

/** The style that a request names. Throws InvalidArgument. */
export function styleName({ query }: OssRequest): string {
  const name = query.get('styleName') ?? '';
  if (/^[A-Za-z0-9._-]{1,63}$/.test(name)) return name;
  throw new OssError('InvalidArgument', {
    message: 'The styleName is invalid.',
    extra: { ArgumentName: 'styleName', ArgumentValue: name },
  });
}

/** The documents of all styles, the oldest first. */
export function styles(settings: ReadonlyMap<string, string>): string[] {
  return [...settings].filter(([name]) => name.startsWith(folder)).map(([, document]) => document);
}
