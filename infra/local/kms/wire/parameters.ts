import type { IncomingMessage } from 'node:http';
import { readAcs3 } from './acs3';
import { invalidParameter, KmsError } from './errors';
import { signature } from './signature';

const MAX_FORM_BYTES = 128 * 1024;

/** A request's parameters, and the signature that the owner of a secret would give it. */
export type SignedRequest = {
  scheme: 'V1' | 'ACS3';
  parameters: Map<string, string>;
  sign: (accessKeySecret: string) => string;
};

/**
 * The parameters of a request, decoded: the query's, the form body's and, of one signed with ACS3, the headers'. A
 * name given twice is refused.
 */
export async function readRequest(request: IncomingMessage): Promise<SignedRequest> {
  if (request.method !== 'POST' && request.method !== 'GET') throw new KmsError('UnsupportedHTTPMethod');
  const [, query = ''] = (request.url ?? '').split(/\?(.*)/s);
  const parameters = new Map<string, string>();
  const form = await readForm(request);
  for (const text of [query, form.toString('utf8')]) {
    for (const [name, value] of new URLSearchParams(text)) addOnce(parameters, name, value);
  }
  const { method = '' } = request;
  const acs3 = readAcs3(request, form);
  if (!acs3) return { scheme: 'V1', parameters, sign: (secret) => signature({ method, parameters }, secret) };
  for (const [name, value] of acs3.parameters) addOnce(parameters, name, value);
  return { scheme: 'ACS3', parameters, sign: acs3.sign };
}

function addOnce(parameters: Map<string, string>, name: string, value: string): void {
  if (parameters.has(name)) throw invalidParameter(name, 'It is given twice.');
  parameters.set(name, value);
}

async function readForm(request: IncomingMessage): Promise<Buffer> {
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
  return Buffer.concat(chunks);
}
