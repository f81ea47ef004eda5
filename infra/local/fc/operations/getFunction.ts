import { functionAnswer } from '../api/function-answer';
import { type ApiOperation, jsonAnswer, namedFunction } from '../api/operation';

export const getFunction: ApiOperation = (deployment, request) =>
  jsonAnswer(functionAnswer(deployment, namedFunction(deployment, request)));
