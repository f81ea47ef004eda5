import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { cutBody } from '../gateway/cut-body';
import { type Call, type Effect, effectOf, type Hooks } from '../gateway/hooks';
import { findAction } from './actions';
import { type AuthenticationOptions, authentication } from './authentication';
import { checkAccess, type Guard } from './authorize';
import type { Answer, KeyService } from './store/action';
import { injectedError, KmsError } from './wire/errors';
import { readRequest } from './wire/parameters';
import { type Qps, throttle } from './wire/throttle';
import { type WireFormat, wireFormat, written } from './wire/wire-format';

export type ResponderOptions = AuthenticationOptions &
  Guard & {
    hooks?: Hooks;
    /** Requests a second by action, above which the answer is Rejected.Throttling; no limits unless given. */
    qps?: Qps;
  };

const COMMON = new Set([
  'AccessKeyId',
  'Action',
  'Format',
  'RegionId',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureType',
  'SignatureVersion',
  'Timestamp',
  'Version',
]);

/** Returns what answers a request: who signed it, may they, and what the action says. */
export function responder({ hooks = {}, ...options }: ResponderOptions, kms: KeyService) {
  const authenticate = authentication(options);
  const checkRate = throttle(options.qps ?? (() => undefined), kms.now);

  async function perform(request: IncomingMessage, progress: Progress): Promise<Answer> {
    const signed = await readRequest(request);
    const { parameters } = signed;
    progress.format = wireFormat(parameters);
    const operation = parameters.get('Action');
    const own = new Map([...parameters].filter(([name]) => !COMMON.has(name)));
    const call = callOf(request, { operation, own });
    progress.call = call;
    const { arn: principal } = authenticate(signed);
    progress.call = { ...call, principal };
    if (!operation) throw new KmsError('MissingParameter', { parameter: 'Action' });
    const action = findAction(operation);
    checkRate(operation);
    checkAccess(kms, options, { operation, parameters: own, principal, ...originOf(request) });
    apply(await effectOf(hooks.before, progress.call), progress);
    const answer = await action(kms, own).catch(internalFailure);
    apply(await effectOf(hooks.after, progress.call).catch(theAnswerIsLost), progress);
    return answer;
  }

  async function answerTo(request: IncomingMessage, progress: Progress): Promise<Told | 'lost'> {
    const RequestId = randomUUID().toUpperCase();
    try {
      return { status: 200, answer: { ...(await perform(request, progress)), RequestId } };
    } catch (error) {
      if (!(error instanceof KmsError)) return 'lost';
      const { status, code: Code, message: Message } = error;
      const HostId = `kms.${kms.region}.aliyuncs.com`;
      const answer = { HttpStatus: status, Code, Message, RequestId, HostId };
      return { status, code: Code, answer };
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const progress: Progress = { call: unknownCall, format: 'json' };
    const began = performance.now();
    const told = await answerTo(request, progress);
    if (told === 'lost') request.socket.destroy();
    else await send(response, told, { ...progress, now: kms.now() }).catch(() => request.socket.destroy());
    const { status, code } = told === 'lost' ? { status: 0 } : told;
    const ms = Math.round(performance.now() - began);
    hooks.done?.(progress.call, { status, ...(code !== undefined && { code }), ms });
  };
}

/** What is known of a request so far, for whoever is told of it when it is done. */
type Progress = { call: Call; format: WireFormat; cutBodyAt?: number };
type Told = { status: number; code?: string; answer: Answer };

const unknownCall: Call = { service: 'kms', operation: 'Unknown', query: {}, headers: {}, principal: '' };

function callOf(
  request: IncomingMessage,
  { operation, own }: { operation: string | undefined; own: Map<string, string> },
): Call {
  return {
    ...unknownCall,
    ...(operation && { operation }),
    query: Object.fromEntries(own),
    headers: headersOf(request),
  };
}

function apply({ error, cutBodyAt }: Effect, progress: Progress): void {
  if (cutBodyAt !== undefined) progress.cutBodyAt = cutBodyAt;
  if (error) throw injectedError(error);
}

async function send(
  response: ServerResponse,
  { status, answer }: Told,
  { format, cutBodyAt, now }: Progress & { now: number },
): Promise<void> {
  const { type, text } = written(answer, format);
  const body = Buffer.from(text);
  response.writeHead(status, {
    date: new Date(now).toUTCString(),
    'content-type': type,
    'content-length': body.length,
  });
  if (cutBodyAt !== undefined) return cutBody(response, [body], cutBodyAt);
  response.end(body);
}

function internalFailure(error: unknown): never {
  if (error instanceof KmsError) throw error;
  throw new KmsError('InternalFailure', { why: String(error) });
}

function theAnswerIsLost(cause: unknown): never {
  throw new Error('the answer is lost', { cause });
}

function originOf({ socket, headers }: IncomingMessage) {
  return { sourceIp: socket.remoteAddress ?? '', userAgent: headers['user-agent'] ?? '' };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const named = Object.entries(headers).filter(([name]) => !/^authorization$|security-token/.test(name));
  return Object.fromEntries(named.map(([name, value]) => [name, String(value)]));
}
