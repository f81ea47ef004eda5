import type { Caller, HttpRequest, HttpResponse } from './http';

/** What a script may send beside what every script may: a token, JSON, and that it asks asynchronously. */
const PREFLIGHT: HttpResponse = {
  statusCode: 204,
  headers: {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Fc-Invocation-Type',
    'Access-Control-Max-Age': '600',
  },
  body: '',
};

/**
 * The answer to a request, for scripts of the allowed origins to read, never with credentials (Fetch, "CORS protocol"). What
 * a browser asks before such a request has no token: it is answered without asking whose it is.
 */
export async function withCors(
  allowed: string[],
  { headers: { origin, ...headers } }: Caller,
  { method }: HttpRequest,
  respond: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  if (origin === undefined || !allowed.includes(origin)) return respond();
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  const response = isPreflight ? PREFLIGHT : await respond();
  const cors = {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'Retry-After',
    Vary: 'Origin',
  };
  return { ...response, headers: { ...response.headers, ...cors } };
}
