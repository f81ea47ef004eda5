import { functionArn } from '../invocation/arn';
import type { Deployment } from '../invocation/deployment';
import type { Task } from '../invocation/tasks';

/** A task as the API answers it (docs: "AsyncTask"); times and durations are ms. */
export function taskAnswer(deployment: Deployment, task: Task, { withPayload }: { withPayload: boolean }) {
  const { taskId, requestId, status, startedTime, endTime, retries, error, payload } = task;
  return {
    taskId,
    requestId,
    status,
    qualifier: 'LATEST',
    alreadyRetriedTimes: retries,
    functionArn: functionArn(deployment, task.functionName),
    ...(startedTime !== undefined && { startedTime }),
    ...(endTime !== undefined && { endTime, durationMs: endTime - (startedTime ?? endTime) }),
    ...(error !== undefined && { taskErrorMessage: error }),
    ...(withPayload && { taskPayload: Buffer.from(payload, 'base64').toString('utf8') }),
    events: task.events.map((event, index) => ({ eventId: index + 1, ...event })),
  };
}
