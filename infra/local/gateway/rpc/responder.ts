import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Handling, type Hooked, handle, hooked, type Progress } from '../handle';
import { type Call, type Hooks, shownHeaders } from '../hooks';
import type { Answerer } from '../listener';
import { type ErrorTable, injected, Refusal } from '../refusal';
import type { Reply } from '../reply';
import { readRequest, type SignedRequest } from './request';
import { type WireFormat, wireFormat, written } from './wire-format';

/** A call of a service in RPC style. `parameters` are its own, without the common ones. */
export type RpcCall = {
  /** Empty where none is named. */
  operation: string;
  parameters: Map<string, string>;
  principal: string;
  request: IncomingMessage;
};

/** What a service in RPC style is to its gateway. */
export type RpcService = {
  name: 'kms' | 'sts';
  region: string;
  now: () => number;
  hooks: Hooks;
  errors: ErrorTable;
  usualFormat: WireFormat;
  /** The root element of an answer in XML. */
  root: (operation: string | undefined) => string;
  /** What an error says beside Code, Message, RequestId and HostId. */
  extra?: (refusal: Refusal) => object;
  /** Who signed it. Throws Refusal. */
  authenticate: (signed: SignedRequest) => { arn: string };
  /** What is to be done for this caller. Throws Refusal where it may not be. */
  admit: (call: RpcCall) => () => Promise<object>;
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

/** Answers requests in RPC style: who signed it, may they, and what the operation says. */
export function rpcResponder(service: RpcService): Answerer {
  return (request, response) => handle({ request, response }, handling(service, request));
}

function handling(service: RpcService, request: IncomingMessage): Handling {
  const RequestId = randomUUID().toUpperCase();
  const call: Call = { service: service.name, operation: 'Unknown', query: {}, headers: {}, principal: '' };
  let format: WireFormat = service.usualFormat;

  function reply(status: number, root: string, document: object): Reply {
    const { type, text } = written(document, format, root);
    const headers = { date: new Date(service.now()).toUTCString(), 'content-type': type };
    return { status, headers, body: Buffer.from(text) };
  }

  async function answer(progress: Progress): Promise<Reply> {
    const signed = await readRequest(request);
    format = wireFormat(signed.parameters, service.usualFormat);
    const operation = signed.parameters.get('Action') ?? '';
    const parameters = new Map([...signed.parameters].filter(([name]) => !COMMON.has(name)));
    progress.call = {
      ...call,
      ...(operation && { operation }),
      query: Object.fromEntries(parameters),
      headers: shownHeaders(request.headers),
    };
    const { arn: principal } = service.authenticate(signed);
    progress.call = { ...progress.call, principal };
    const act = service.admit({ operation, parameters, principal, request });
    const hooks: Hooked = { hooks: service.hooks, injected: (error) => injected(error, service.errors) };
    const document = await hooked(hooks, progress, act);
    return reply(200, service.root(operation), { ...document, RequestId });
  }

  function refuse(error: unknown): Reply {
    if (!(error instanceof Refusal)) throw error;
    const { code, status, message } = error;
    const HostId = `${service.name}.${service.region}.aliyuncs.com`;
    const document = { Code: code, Message: message, RequestId, HostId, ...service.extra?.(error) };
    return { ...reply(status, service.root(undefined), document), code };
  }

  return { hooks: service.hooks, call, answer, refuse };
}
