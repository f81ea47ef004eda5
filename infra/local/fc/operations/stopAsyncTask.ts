import { namedTask } from '../api/named-task';
import { type ApiOperation, jsonAnswer } from '../api/operation';

/** Answers once it has ended; one that had ended before stays as it is. */
export const stopAsyncTask: ApiOperation = async (deployment, request) => {
  await deployment.stopTask(namedTask(deployment, request));
  return jsonAnswer({});
};
