import { namedTask } from '../api/named-task';
import { type ApiOperation, jsonAnswer } from '../api/operation';
import { taskAnswer } from '../api/task-answer';

export const getAsyncTask: ApiOperation = (deployment, request) =>
  jsonAnswer(taskAnswer(deployment, namedTask(deployment, request), { withPayload: true }));
