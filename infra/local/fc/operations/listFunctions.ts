import { functionAnswer } from '../api/function-answer';
import { type ApiOperation, jsonAnswer } from '../api/operation';
import { page } from '../api/paging';

/** By name; `prefix` and `runtime` choose. */
export const listFunctions: ApiOperation = (deployment, { query }) => {
  const [prefix, runtime] = [query.get('prefix') ?? '', query.get('runtime') || 'nodejs20'];
  const named = [...deployment.functions.values()].filter(({ name }) => name.startsWith(prefix));
  const chosen = runtime === 'nodejs20' ? named.sort((a, b) => (a.name < b.name ? -1 : 1)) : [];
  const { items, ...next } = page(chosen, query);
  return jsonAnswer({ functions: items.map((spec) => functionAnswer(deployment, spec)), ...next });
};
