import { namedTask } from '../named-task';
import { type ApiOperation, jsonAnswer } from '../operation';
import { taskAnswer } from '../task-answer';

export const getAsyncTask: ApiOperation = (deployment, request) =>
  jsonAnswer(taskAnswer(deployment, namedTask(deployment, request), { withPayload: true }));
