import { functionAnswer } from '../function-answer';
import { type ApiOperation, jsonAnswer, namedFunction } from '../operation';

export const getFunction: ApiOperation = (deployment, request) =>
  jsonAnswer(functionAnswer(deployment, namedFunction(deployment, request)));
