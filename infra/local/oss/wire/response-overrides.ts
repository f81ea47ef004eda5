import { OssError } from './errors';
import type { OssRequest } from './request';

/** The query parameters of a GET that replace a header of its answer. */
export const overrides = [
  'response-content-type',
  'response-content-language',
  'response-expires',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
];

/** The headers that the request wants in place of the object's own. Throws InvalidArgument. */
export function responseOverrides({ query }: OssRequest): Record<string, string> {
  const given = overrides.map((name) => [name, query.get(name)] as const);
  const wanted = given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  for (const [name, value] of wanted) checkHeaderValue(name, value);
  return Object.fromEntries(wanted.map(([name, value]) => [name.replace('response-', ''), value]));
}

function checkHeaderValue(name: string, value: string): void {
  const control = [...value].some((character) => character < ' ' || character === '\u007f');
  if (control) throw new OssError('InvalidArgument', { message: `The ${name} is no header value.` });
}
