import type { Reply } from '../../gateway/reply';
import { asyncOptions, isAsync } from '../api/body';
import { FcError } from '../api/errors';
import { logTail } from '../api/log-tail';
import { type ApiOperation, type ApiRequest, namedFunction } from '../api/operation';
import type { Deployment } from '../invocation/deployment';

/** Synchronous, or with `x-fc-invocation-type: Async` accepted for later. A function's failure is a 200. */
export const invokeFunction: ApiOperation = (deployment, request) => {
  namedFunction(deployment, request);
  return isAsync(request) ? accept(deployment, request) : invoke(deployment, request);
};

async function accept(
  deployment: Deployment,
  { functionName, requestId, headers, body }: ApiRequest,
): Promise<Reply> {
  const options = asyncOptions(headers);
  if (typeof options === 'string') throw new FcError('InvalidArgument', options);
  const accepted = await deployment.enqueue(functionName, body, { ...options, requestId });
  if (!accepted) throw new FcError('AsyncTaskAlreadyExists', `task '${options.taskId}' already exists`);
  return { status: 202, headers: {}, body: Buffer.alloc(0) };
}

async function invoke(deployment: Deployment, request: ApiRequest): Promise<Reply> {
  const { functionName, requestId, canceled, body: event, headers: asked } = request;
  if (deployment.isFull(functionName)) {
    throw new FcError('ResourceThrottled', 'The function has no instance left for this request.');
  }
  const invocation = await deployment.invoke(functionName, { requestId, event, canceled });
  const { body, failure, durationMs, maxMemoryBytes } = invocation;
  const headers = {
    'content-type': failure ? 'application/json' : 'application/octet-stream',
    'x-fc-invocation-duration': String(durationMs),
    'x-fc-max-memory-usage': (maxMemoryBytes / 1024 ** 2).toFixed(2),
    ...(failure && { 'x-fc-error-type': failure.kind }),
    ...(asked['x-fc-log-type'] === 'Tail' && { 'x-fc-log-result': logTail(invocation) }),
  };
  return { status: 200, headers, body };
}
