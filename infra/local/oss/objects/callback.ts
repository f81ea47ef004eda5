import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

/** A server of the uploader's that is told of an upload: where, and with which words. */
export type Callback = {
  /** Tried in order until one answers. */
  urls: URL[];
  host: string | undefined;
  /** With `${…}` for what is known of the upload. */
  body: string;
  contentType: string;
  /** The uploader's own variables, by names that begin with `x:`. */
  variables: Record<string, string>;
};

/**
 * Reads the callback of an upload out of header, URL or form: JSON in Base64 (OSS docs, "Callback"). Throws
 * InvalidArgument, and NotImplemented for a server that is not on this machine: the local cloud calls nobody else.
 */
export function readCallback({ headers, query }: OssRequest, inForm: boolean): Callback | undefined {
  const given = inForm ? headers.callback : (headers['x-oss-callback'] ?? query.get('callback'));
  if (given === undefined) return undefined;
  const { callbackUrl, callbackHost, callbackBody, callbackBodyType } = readJson('callback', given);
  if (!callbackUrl || !callbackBody) throw invalid('The callback needs a callbackUrl and a callbackBody.');
  const contentType = callbackBodyType || 'application/x-www-form-urlencoded';
  if (!['application/x-www-form-urlencoded', 'application/json'].includes(contentType)) {
    throw invalid('The callbackBodyType is invalid.');
  }
  const own = headers['x-oss-callback-var'] ?? query.get('callback-var');
  const fields = Object.entries(headers).filter(([name]) => name.startsWith('x:'));
  return {
    urls: callbackUrl.split(';').map(serverOf),
    host: callbackHost || undefined,
    body: callbackBody,
    contentType,
    variables: {
      ...Object.fromEntries(inForm ? fields : []),
      ...(own === undefined ? {} : readJson('callback-var', own)),
    },
  };
}

/** The body to send: form values are percent-encoded, JSON values quoted unless they are numbers. */
export function callbackBody(
  { body, contentType, variables }: Callback,
  facts: Record<string, string | number>,
) {
  const known = new Map(Object.entries({ ...variables, ...facts }));
  const write = contentType === 'application/json' ? JSON.stringify : encodeURIComponent;
  return body.replace(/\$\{([^}]+)\}/g, (_, name: string) => write(known.get(name) ?? ''));
}

// ECs of the pages 0007-00000002 to -103.
const ecs = {
  callback: { base64: '0007-00000002', json: '0007-00000003' },
  'callback-var': { base64: '0007-00000102', json: '0007-00000103' },
};

function readJson(name: keyof typeof ecs, given: string): Record<string, string> {
  const { base64, json } = ecs[name];
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(given))
    throw invalid(`The ${name} configuration is not base64 encoded.`, base64);
  try {
    const read: unknown = JSON.parse(Buffer.from(given, 'base64').toString('utf8'));
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return texts(read);
  } catch {
    // As below.
  }
  throw invalid(`The ${name} configuration is not json format.`, json);
}

function texts(json: object): Record<string, string> {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)]));
}

function serverOf(given: string): URL {
  const address = /^\w+:\/\//.test(given) ? given : `http://${given}`;
  if (!URL.canParse(address)) throw invalid('The callbackUrl is invalid.');
  const url = new URL(address);
  const here = /^(.+\.)?localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(url.hostname);
  if (here && url.protocol === 'http:') return url;
  throw new OssError('NotImplemented', {
    message: `A callback to ${url.host} is not implemented by the local cloud: it calls http servers on loopback only.`,
  });
}

function invalid(message: string, ec?: string): OssError {
  return new OssError('InvalidArgument', { message, ...(ec !== undefined && { ec }) });
}
