import type { IncomingMessage } from 'node:http';
import { invalidParameter, KmsError } from './errors';

const MAX_FORM_BYTES = 128 * 1024;

/** The parameters of a request, decoded: the query's and the form body's. A name given twice is refused. */
export async function readParameters(request: IncomingMessage): Promise<Map<string, string>> {
  if (request.method !== 'POST' && request.method !== 'GET') throw new KmsError('UnsupportedHTTPMethod');
  const [, query = ''] = (request.url ?? '').split(/\?(.*)/s);
  const parameters = new Map<string, string>();
  for (const text of [query, await readForm(request)]) {
    for (const [name, value] of new URLSearchParams(text)) addOnce(parameters, name, value);
  }
  return parameters;
}

function addOnce(parameters: Map<string, string>, name: string, value: string): void {
  if (parameters.has(name)) throw invalidParameter(name, 'It is given twice.');
  parameters.set(name, value);
}

async function readForm(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_FORM_BYTES) chunks.push(chunk);
  }
  // Only now: a body left unread would cut the connection before the answer.
  if (bytes > MAX_FORM_BYTES) throw new KmsError('ParseRequestParameterException');
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (bytes > 0 && !isForm) throw new KmsError('ParseRequestParameterException');
  return Buffer.concat(chunks).toString('utf8');
}
