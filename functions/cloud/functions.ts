import { Fault } from '../fault';
import { type Calls, callsOf, type Service } from './calls';
import type { FcClient } from './fc-client';
import { unavailable } from './unanswered';

export type Functions = {
  /**
   * Hands an event to a function, to be run soon (asynchronous InvokeFunction). Throws `fc-unavailable` or `fc-refused`.
   * `taskId`: a letter or _ and up to 127 letters, digits, _ and -. Where the function is in task mode (asyncTask: true),
   * FC refuses an id that it knows from the last seven days (409); elsewhere an id means nothing.
   */
  invokeLater(name: string, event: string, taskId?: string): Promise<void>;
};

/** Function Compute as its ports reach it. */
export type Fc = Calls<FcClient>;

export function fcOf(service: Service<FcClient>): Fc {
  return callsOf(service, fcFault);
}

export function functionsAt(fc: Fc): Functions {
  return {
    async invokeLater(name, event, taskId) {
      const path = `/functions/${name}/invocations`;
      const headers = {
        'x-fc-invocation-type': 'Async',
        ...(taskId !== undefined && { 'x-fc-async-task-id': taskId }),
      };
      await fc.call(INVOKE, (client) =>
        client.request('POST', path, { qualifier: 'LATEST' }, event, headers),
      );
    },
  };
}

export const INVOKE = 'invoke the function';

/** An error of the SDK, which tells the status in its message only; the message quotes the path and nothing secret. */
function fcFault(doing: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string };
  const status = Number(/failed with (\d{3})/.exec(message)?.[1] ?? 0);
  if (status === 0) return unavailable('fc-unavailable', doing, { error, service: 'Function Compute' });
  const said = { doing, status, code: code ?? '' };
  if (status >= 400 && status < 500 && status !== 429)
    return new Fault('fc-refused', `Cannot ${doing}: Function Compute refused (${code})`, said);
  return new Fault('fc-unavailable', `Cannot ${doing}: Function Compute does not answer as it should`, said);
}
