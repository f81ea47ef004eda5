import type { IncomingMessage } from 'node:http';
import { readBody, splitUrl } from '../body';
import { readAcs3 } from './acs3';
import { rpcRefusal } from './errors';
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
  if (request.method !== 'POST' && request.method !== 'GET') throw rpcRefusal('UnsupportedHTTPMethod');
  const { query } = splitUrl(request);
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
  if (parameters.has(name))
    throw rpcRefusal('InvalidParameter', { parameter: name, why: 'It is given twice.' });
  parameters.set(name, value);
}

async function readForm(request: IncomingMessage): Promise<Buffer> {
  const form = await readBody(request, MAX_FORM_BYTES);
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (!form || (form.length > 0 && !isForm)) throw rpcRefusal('ParseRequestParameterException');
  return form;
}
