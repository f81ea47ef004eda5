import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { cutBody } from '../gateway/cut-body';
import { type Call, type Effect, effectOf, type Hooks, shownHeaders } from '../gateway/hooks';
import { KmsError } from '../kms/wire/errors';
import { readRequest, type SignedRequest } from '../kms/wire/parameters';
import { written } from '../kms/wire/wire-format';
import { type AuthenticationOptions, authentication } from './authentication';
import { injectedError, StsError } from './errors';
import { findOperation } from './operations';

export type ResponderOptions = AuthenticationOptions & { accountId: string; region: string; hooks?: Hooks };

/** What is known of a request so far, and how its answer goes out. */
type Progress = { call: Call; root: string; isJson: boolean; cutBodyAt?: number };
type Told = { status: number; code?: string; answer: Record<string, unknown> };

/** Returns what answers a request: who signed it, and what the operation says. */
export function responder({ hooks = {}, ...options }: ResponderOptions) {
  const authenticate = authentication(options);

  async function perform(request: IncomingMessage, progress: Progress) {
    const signed = await readRequest(request).catch(asStsError);
    describe(signed, request, progress);
    const { arn } = authenticate(signed);
    progress.call.principal = arn;
    const action = signed.parameters.get('Action');
    const operation = findOperation(action);
    progress.root = `${action}Response`;
    heed(await effectOf(hooks.before, progress.call), progress);
    const answer = operation({ accountId: options.accountId, arn, parameters: signed.parameters });
    heed(await effectOf(hooks.after, progress.call), progress);
    return answer;
  }

  async function answerTo(request: IncomingMessage, progress: Progress): Promise<Told | 'lost'> {
    const RequestId = randomUUID().toUpperCase();
    try {
      return { status: 200, answer: { ...(await perform(request, progress)), RequestId } };
    } catch (error) {
      if (!(error instanceof StsError)) return 'lost';
      const { status, code, message: Message } = error;
      progress.root = 'Error';
      const HostId = `sts.${options.region}.aliyuncs.com`;
      return { status, code, answer: { RequestId, HostId, Code: code, Message } };
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call: Call = { service: 'sts', operation: 'Unknown', query: {}, headers: {}, principal: '' };
    const progress: Progress = { call, root: 'Error', isJson: false };
    const began = performance.now();
    const told = await answerTo(request, progress);
    if (told === 'lost') request.socket.destroy();
    else
      await send(response, told, { ...progress, now: options.now() }).catch(() => request.socket.destroy());
    const { status, code } = told === 'lost' ? { status: 0 } : told;
    const ms = Math.round(performance.now() - began);
    hooks.done?.(progress.call, { status, ...(code !== undefined && { code }), ms });
  };
}

function describe({ parameters }: SignedRequest, request: IncomingMessage, progress: Progress): void {
  // Docs, "Request syntax": XML unless JSON is asked for; the newer SDKs ask for it in a header.
  const format = parameters.get('Format') ?? 'XML';
  progress.isJson = format.toLowerCase() === 'json';
  progress.call = {
    ...progress.call,
    operation: parameters.get('Action') ?? 'Unknown',
    headers: shownHeaders(request.headers),
  };
}

function heed({ error, cutBodyAt }: Effect, progress: Progress): void {
  if (cutBodyAt !== undefined) progress.cutBodyAt = cutBodyAt;
  if (error) throw injectedError(error);
}

/** The request is read as KMS reads it; its words for what cannot be read are the gateway's own. */
function asStsError(error: unknown): never {
  if (!(error instanceof KmsError)) throw error;
  const { code, status, message } = error;
  throw injectedError({ code, status, message });
}

async function send(
  response: ServerResponse,
  { status, answer }: Told,
  { root, isJson, cutBodyAt, now }: Progress & { now: number },
): Promise<void> {
  const { type, text } = written(answer, isJson ? 'json' : 'xml', root);
  const body = Buffer.from(text);
  const date = new Date(now).toUTCString();
  response.writeHead(status, { date, 'content-type': type, 'content-length': body.length });
  if (cutBodyAt !== undefined) return cutBody(response, [body], cutBodyAt);
  response.end(body);
}
