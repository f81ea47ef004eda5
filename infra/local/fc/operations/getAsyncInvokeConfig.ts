import { asyncInvokeAnswer } from '../api/async-invoke-answer';
import { FcError } from '../api/errors';
import { type ApiOperation, jsonAnswer, namedFunction } from '../api/operation';

/** Throws AsyncConfigNotExists for a function that was deployed without one. */
export const getAsyncInvokeConfig: ApiOperation = (deployment, request) => {
  const spec = namedFunction(deployment, request);
  if (spec.asyncInvoke.isConfigured) return jsonAnswer(asyncInvokeAnswer(deployment, spec));
  throw new FcError('AsyncConfigNotExists', `async config of function '${spec.name}' does not exist`);
};
