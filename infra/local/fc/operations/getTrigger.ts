import { FcError } from '../api/errors';
import { type ApiOperation, jsonAnswer, namedFunction } from '../api/operation';
import { triggerAnswers } from '../api/trigger-answer';

/** Throws TriggerNotFound. */
export const getTrigger: ApiOperation = (deployment, request) => {
  const triggers = triggerAnswers(deployment, namedFunction(deployment, request));
  const found = triggers.find(({ triggerName }) => triggerName === request.name);
  if (found) return jsonAnswer(found);
  throw new FcError('TriggerNotFound', `trigger '${request.name}' does not exist`);
};
