import { Fault } from '../fault';
import type { FcClient } from './fc-client';
import { unanswered } from './unanswered';

export type Functions = {
  /**
   * Hands an event to a function, to be run soon (asynchronous InvokeFunction). Throws `fc-unavailable` or `fc-refused`.
   * `taskId`: a letter or _ and up to 127 letters, digits, _ and -. Where the function is in task mode (asyncTask: true),
   * FC refuses an id that it knows from the last seven days (409); elsewhere an id means nothing.
   */
  invokeLater(name: string, event: string, taskId?: string): Promise<void>;
};

export function openFunctions(client: FcClient): Functions {
  return {
    async invokeLater(name, event, taskId) {
      const path = `/functions/${name}/invocations`;
      const headers = {
        'x-fc-invocation-type': 'Async',
        ...(taskId !== undefined && { 'x-fc-async-task-id': taskId }),
      };
      await client.request('POST', path, { qualifier: 'LATEST' }, event, headers).catch((error) => {
        throw fcFault(error);
      });
    },
  };
}

/** An error of the SDK, which tells the status in its message only; the message quotes the path and nothing secret. */
export function fcFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string };
  const status = Number(/failed with (\d{3})/.exec(message)?.[1] ?? 0);
  if (status === 0) {
    const { why = 'Function Compute does not answer as it should', detail } = unanswered(
      error,
      'Function Compute',
    );
    return new Fault('fc-unavailable', `Cannot invoke the function: ${why}`, detail);
  }
  const detail = `${status} ${code ?? ''}`.trim();
  if (status >= 400 && status < 500 && status !== 429)
    return new Fault('fc-refused', `Cannot invoke the function: Function Compute refused (${code})`, detail);
  return new Fault(
    'fc-unavailable',
    'Cannot invoke the function: Function Compute does not answer as it should',
    detail,
  );
}
