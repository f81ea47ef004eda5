import { createHmac } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Identity } from '../context';
import { Fault } from '../fault';
import { send } from './agents';
import type { Service } from './calls';
import { unavailable } from './unanswered';

/** `endpoint`: URL without a path. */
export type MnsPlace = { endpoint: string; now: () => Date };

/** `resource`: path and query as they are sent; `body`: XML. */
export type MnsRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  resource: string;
  body?: string;
};

type Ask = (doing: string, request: MnsRequest) => Promise<string>;

/** MNS as its ports reach it: the body of an answer. Throws as `callMns`. `once`: what has to be done after Ctrl-C, too. */
export type Mns = { call: Ask; once: Ask };

type Asking = { identity: Pick<Identity, 'credentials'>; place: MnsPlace };

export function mnsOf({ client, retry }: Service<Asking>): Mns {
  const once: Ask = async (doing, request) => {
    const { identity, place } = await client();
    return callMns(doing, identity, place, request);
  };
  return { once, call: (doing, request) => retry(() => once(doing, request)) };
}

const TIMEOUT_MS = 10_000;
const VERSION = '2015-06-06';

/**
 * One signed call of MNS; returns the body of the answer. `doing` reads "<verb> <what>". Throws `mns-unavailable`,
 * `mns-throttled`, `mns-refused`, the last with HTTP status and code of MNS as its detail.
 */
export async function callMns(
  doing: string,
  { credentials }: Pick<Identity, 'credentials'>,
  { endpoint, now }: MnsPlace,
  { method, resource, body }: MnsRequest,
): Promise<string> {
  const headers = signed(
    credentials,
    { method, resource },
    {
      'content-type': 'text/xml;charset=utf-8',
      'x-mns-date': now().toUTCString(),
      'x-mns-version': VERSION,
    },
  );
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const request = { method, headers, signal, ...(body !== undefined && { body }) };
  try {
    const answer = await send(`${endpoint}${resource}`, request);
    const { statusCode = 0 } = answer;
    const content = await text(answer);
    if (statusCode >= 300) throw refusal(doing, statusCode, content);
    return content;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw unavailable('mns-unavailable', doing, { error, service: 'MNS', host: new URL(endpoint).host });
  }
}

type SignedHeaders = Record<'content-type' | 'x-mns-date' | 'x-mns-version', string>;

/** MNS, "Sign requests": HMAC-SHA1 over method, type, date, own headers and resource. */
function signed(
  { accessKeyId, accessKeySecret, securityToken }: Identity['credentials'],
  { method, resource }: MnsRequest,
  headers: SignedHeaders,
): Record<string, string> {
  const own = `x-mns-date:${headers['x-mns-date']}\nx-mns-version:${headers['x-mns-version']}\n`;
  const text = `${method}\n\n${headers['content-type']}\n${headers['x-mns-date']}\n${own}${resource}`;
  const signature = createHmac('sha1', accessKeySecret).update(text).digest('base64');
  return {
    ...headers,
    authorization: `MNS ${accessKeyId}:${signature}`,
    ...(securityToken && { 'security-token': securityToken }),
  };
}

function refusal(doing: string, status: number, text: string): Fault {
  const code = /<Code>([\w.]+)<\/Code>/.exec(text)?.[1] ?? '';
  const said = { doing, status, code };
  if (status >= 500)
    return new Fault('mns-unavailable', `Cannot ${doing}: MNS does not answer as it should`, said);
  if (/LimitExceeded|Throttl/.test(code))
    return new Fault('mns-throttled', `Cannot ${doing}: MNS asks to slow down`, said);
  return new Fault('mns-refused', `Cannot ${doing}: MNS refused`, said);
}
