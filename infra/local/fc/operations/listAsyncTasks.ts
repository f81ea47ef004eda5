import { FcError } from '../api/errors';
import { type ApiOperation, jsonAnswer, namedFunction } from '../api/operation';
import { page } from '../api/paging';
import { taskAnswer } from '../api/task-answer';
import type { Task } from '../invocation/tasks';

/** By the time they came in, the oldest first unless `sortOrderByTime` is desc. */
export const listAsyncTasks: ApiOperation = (deployment, request) => {
  const { query } = request;
  const { name } = namedFunction(deployment, request);
  const chosen = deployment.tasks.of(name).filter(chooses(query));
  const { items, ...next } = page(isDescending(query) ? chosen.reverse() : chosen, query);
  const withPayload = query.get('includePayload') === 'true';
  return jsonAnswer({ tasks: items.map((task) => taskAnswer(deployment, task, { withPayload })), ...next });
};

function chooses(query: URLSearchParams): (task: Task) => boolean {
  const [prefix, status] = [query.get('prefix') ?? '', query.get('status') || undefined];
  const begin = Number(query.get('startedTimeBegin') ?? 0);
  const end = Number(query.get('startedTimeEnd') ?? Number.POSITIVE_INFINITY);
  return ({ taskId, status: own, startedTime, at }) => {
    const time = startedTime ?? at;
    return taskId.startsWith(prefix) && (status ?? own) === own && time >= begin && time <= end;
  };
}

function isDescending(query: URLSearchParams): boolean {
  const order = query.get('sortOrderByTime') || 'asc';
  if (order === 'asc' || order === 'desc') return order === 'desc';
  throw new FcError('InvalidArgument', 'sortOrderByTime is neither asc nor desc');
}
