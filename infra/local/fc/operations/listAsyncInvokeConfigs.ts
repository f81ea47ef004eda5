import { asyncInvokeAnswer } from '../api/async-invoke-answer';
import { type ApiOperation, jsonAnswer } from '../api/operation';
import { page } from '../api/paging';

/** Of all functions, or of the one that `functionName` names. */
export const listAsyncInvokeConfigs: ApiOperation = (deployment, { query }) => {
  const only = query.get('functionName') || undefined;
  const specs = [...deployment.functions.values()].filter(({ asyncInvoke }) => asyncInvoke.isConfigured);
  const { items, ...next } = page(
    specs.filter(({ name }) => only === undefined || name === only),
    query,
  );
  return jsonAnswer({ configs: items.map((spec) => asyncInvokeAnswer(deployment, spec)), ...next });
};
