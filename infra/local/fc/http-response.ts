export type HttpResponse = { status: number; headers: Record<string, string>; body: Buffer };

const IGNORED = /^(x-fc-.*|connection|content-length|date|keep-alive|server|upgrade|content-disposition)$/i;
const MAX_HEADER_BYTES = 8192;

/**
 * What a handler's answer becomes on the wire (docs: "HTTP trigger invocations"): JSON with a `statusCode` is
 * taken apart, anything else is a 200 with the whole answer as its body. Undefined when the answer cannot be sent,
 * which is the caller's 502 BadResponse.
 */
export function httpResponse(answer: Buffer): HttpResponse | undefined {
  const shaped = shapedAnswer(answer);
  if (!shaped) return { status: 200, headers: { 'content-type': 'application/json' }, body: answer };
  const { statusCode } = shaped;
  const isStatus = Number.isInteger(statusCode) && Number(statusCode) >= 200 && Number(statusCode) <= 599;
  const headers = headersOf(shaped.headers);
  if (!isStatus || !headers) return undefined;
  return { status: Number(statusCode), headers, body: bodyOf(shaped) };
}

type Shaped = { statusCode: unknown; headers?: unknown; isBase64Encoded?: unknown; body?: unknown };

function shapedAnswer(answer: Buffer): Shaped | undefined {
  try {
    const value: unknown = JSON.parse(answer.toString('utf8'));
    const isShaped = typeof value === 'object' && value !== null && 'statusCode' in value;
    return isShaped ? (value as Shaped) : undefined;
  } catch {
    return undefined;
  }
}

function headersOf(given: unknown): Record<string, string> | undefined {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(String(value)))
      return undefined;
    if (!IGNORED.test(name)) headers[name.toLowerCase()] = String(value);
  }
  const bytes = Buffer.byteLength(Object.entries(headers).flat().join(''));
  return bytes <= MAX_HEADER_BYTES ? headers : undefined;
}

function bodyOf({ body, isBase64Encoded }: Shaped): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body !== 'string') return Buffer.from(JSON.stringify(body));
  const isBase64 = isBase64Encoded === true && /^[A-Za-z0-9+/]*={0,2}$/.test(body) && body.length % 4 === 0;
  return Buffer.from(body, isBase64 ? 'base64' : 'utf8');
}
