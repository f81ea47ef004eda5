import type { IncomingHttpHeaders } from 'node:http';
import type { FunctionSpec } from '../../../declared/function-spec';
import type { Reply } from '../../gateway/reply';
import type { Deployment } from '../invocation/deployment';
import { FcError } from './errors';

/** One call of the API that has been let in. */
export type ApiRequest = {
  /** of the path; empty where it names none */
  functionName: string;
  /** of the path: a trigger's name or a task's id */
  name: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  requestId: string;
  /** aborted when the caller hangs up */
  canceled: AbortSignal;
};

/** Throws FcError. */
export type ApiOperation = (deployment: Deployment, request: ApiRequest) => Reply | Promise<Reply>;

export function jsonAnswer(content: object): Reply {
  const body = Buffer.from(JSON.stringify(content));
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

/** The function that a call names. Throws FunctionNotFound, and AliasNotFound for a qualifier other than LATEST. */
export function namedFunction({ functions }: Deployment, { functionName, query }: ApiRequest): FunctionSpec {
  const spec = functions.get(functionName);
  if (!spec) throw new FcError('FunctionNotFound', `function '${functionName}' does not exist`);
  const qualifier = query.get('qualifier') || 'LATEST';
  if (qualifier === 'LATEST') return spec;
  throw new FcError('AliasNotFound', `alias '${qualifier}' of function '${functionName}' does not exist`);
}
