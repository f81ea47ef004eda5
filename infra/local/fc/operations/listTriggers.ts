import { type ApiOperation, jsonAnswer, namedFunction } from '../api/operation';
import { page } from '../api/paging';
import { triggerAnswers } from '../api/trigger-answer';

/** By name; `prefix` chooses. */
export const listTriggers: ApiOperation = (deployment, request) => {
  const triggers = triggerAnswers(deployment, namedFunction(deployment, request));
  const prefix = request.query.get('prefix') ?? '';
  const { items, ...next } = page(
    triggers.filter(({ triggerName }) => triggerName.startsWith(prefix)),
    request.query,
  );
  return jsonAnswer({ triggers: items, ...next });
};
