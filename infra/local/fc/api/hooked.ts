import type { IncomingMessage, ServerResponse } from 'node:http';
import { cutBody } from '../../gateway/cut-body';
import {
  type Call,
  type Effect,
  effectOf,
  type Hooks,
  type InjectedError,
  shownHeaders,
} from '../../gateway/hooks';
import type { AccessKeys } from '../../ram/credentials';

export type HookedAnswer = { status: number; headers: Record<string, string>; body: Buffer };

export type HookedRequest = {
  hooks: Hooks;
  call: Call;
  request: IncomingMessage;
  response: ServerResponse;
  respond(): Promise<HookedAnswer>;
  /** The service's own shape of an error. */
  refuse(error: Required<InjectedError>): HookedAnswer;
};

/** Answers a request as the hooks let it: whole, cut, with an error or not at all. */
export async function answerHooked(hooked: HookedRequest): Promise<void> {
  const { hooks, call, request, response } = hooked;
  const began = performance.now();
  const told = await answerOf(hooked).catch(() => undefined);
  if (told) await send(response, told).catch(() => request.socket.destroy());
  else request.socket.destroy();
  const code = told && codeOf(told.answer);
  const ms = Math.round(performance.now() - began);
  hooks.done?.(call, { status: told?.answer.status ?? 0, ...(code !== undefined && { code }), ms });
}

type Told = { answer: HookedAnswer; effect: Effect };

async function answerOf({ hooks, call, respond, refuse }: HookedRequest): Promise<Told> {
  const before = await effectOf(hooks.before, call);
  if (before.error) return { answer: refuse(whole(before.error)), effect: before };
  const answer = await respond();
  const effect = { ...before, ...(await effectOf(hooks.after, call)) };
  return { answer: effect.error ? refuse(whole(effect.error)) : answer, effect };
}

function whole({ code, status = 500, message = 'An injected fault.' }: InjectedError) {
  return { code, status, message };
}

async function send(response: ServerResponse, { answer, effect }: Told): Promise<void> {
  const { status, headers, body } = answer;
  const isHead = response.req.method === 'HEAD';
  response.writeHead(status, { ...headers, 'content-length': body.length });
  if (effect.cutBodyAt !== undefined && !isHead) return cutBody(response, [body], effect.cutBodyAt);
  response.end(isHead ? undefined : body);
}

// The API says it in a header or as ErrorCode, an HTTP trigger as Code.
function codeOf({ status, headers, body }: HookedAnswer): string | undefined {
  const type = headers['x-fc-error-type'];
  if (type !== undefined || status < 400) return type;
  return /"(?:Error)?Code":"([\w.]+)"/.exec(body.toString('utf8', 0, 4096))?.[1];
}

/** What a request to Function Compute is; the principal is who its signature names, checked or not. */
export function fcCall(
  { headers, url = '' }: IncomingMessage,
  { accessKeys, ...named }: Pick<Call, 'operation'> & { functionName?: string; accessKeys: AccessKeys },
): Call {
  return {
    service: 'fc',
    ...named,
    query: Object.fromEntries(new URLSearchParams(url.split(/\?(.*)/s)[1] ?? '')),
    headers: shownHeaders(headers),
    principal: claimedPrincipal(headers.authorization, accessKeys),
  };
}

/** The arn of whom a signature names; empty for nobody. */
export function claimedPrincipal(authorization: string | undefined, accessKeys: AccessKeys): string {
  const [, claimed = ''] = /^(?:FC |ACS3-HMAC-SHA256 Credential=)([^:,\s]+)/.exec(authorization ?? '') ?? [];
  return accessKeys.find(claimed)?.arn ?? '';
}
