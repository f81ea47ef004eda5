import { setTimeout } from 'node:timers/promises';
import type { Answer } from './store/operation';
import { OssError } from './wire/errors';
import { bodyOf, type OssRequest } from './wire/request';

const name = 'x-oss-traffic-limit';

/**
 * Reads the limit in bit/s from header or URL, and returns it in bytes per second. Throws InvalidArgument for both at
 * once and for a value outside 819200 to 838860800 (OSS docs, "Single-connection bandwidth throttling").
 */
export function trafficLimit({ headers, query }: Pick<OssRequest, 'headers' | 'query'>): number | undefined {
  const [inHeader, inUrl] = [headers[name], query.get(name)];
  if (inHeader !== undefined && inUrl !== undefined) {
    throw new OssError('InvalidArgument', {
      message: `Only one of the header and the parameter ${name} may be given.`,
      ec: '0004-00000501',
    });
  }
  const value = inHeader ?? inUrl;
  if (value === undefined) return undefined;
  const bits = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (bits >= 819_200 && bits <= 838_860_800) return bits / 8;
  throw new OssError('InvalidArgument', {
    message: `The ${name} must be between 819200 and 838860800 bit/s.`,
    ec: '0004-00000502',
    extra: { ArgumentName: name, ArgumentValue: value },
  });
}

/** A request and its answer, neither of whose bodies moves faster than that many bytes per second. */
export function slowed(request: OssRequest, limit: number | undefined): Slowed {
  if (limit === undefined) return { request, slow: (answer) => answer };
  let waited = 0;
  const wait = (ms: number) => {
    waited += ms;
    return setTimeout(ms);
  };
  const slow = ({ content, headers, ...answer }: Answer): Answer => ({
    ...answer,
    headers: { ...headers, ...(waited > 0 && { 'x-oss-qos-delay-time': String(Math.round(waited)) }) },
    ...(content && { content: { ...content, bytes: pacedBytes(content.bytes, limit, wait) } }),
  });
  return { request: { ...request, content: pacedBytes(bodyOf(request), limit, wait) }, slow };
}

type Slowed = { request: OssRequest; slow: (answer: Answer) => Answer };

/** The same bytes, a tenth of a second's worth at a time, waiting (ms) after each for as long as it should have taken. */
export async function* pacedBytes(
  bytes: AsyncIterable<Buffer>,
  bytesPerSecond: number,
  wait: (ms: number) => Promise<unknown>,
): AsyncGenerator<Buffer> {
  const most = Math.ceil(bytesPerSecond / 10);
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += most) {
      const piece = chunk.subarray(at, at + most);
      yield piece;
      await wait((piece.length / bytesPerSecond) * 1000);
    }
  }
}
