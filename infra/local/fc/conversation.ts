import type { ChildProcess } from 'node:child_process';
import type { FunctionSpec } from './function-spec';
import type { Failure, InvokeMessage, RuntimeMessage } from './runtime-messages';

export type Conversation = {
  spec: FunctionSpec;
  message: InvokeMessage;
  /** resolves when the process is gone */
  closed: Promise<void>;
  canceled: AbortSignal | undefined;
};

export type End = { logs: string[]; body: Buffer; failure?: Failure; maxMemoryBytes: number };

/**
 * Tells an instance's process to serve one request and waits for what comes first: its answer, its death, the
 * initializer's or the function's timeout, or the caller hanging up. Ends nothing by itself; never rejects.
 */
export async function converse(child: ChildProcess, conversation: Conversation): Promise<End> {
  const { spec, message, closed, canceled } = conversation;
  const logs: string[] = [];
  const deadline = timer();

  const end = await new Promise<Omit<End, 'logs'>>((resolve) => {
    const fail = (errorType: string, errorMessage: string) => resolve(unhandled(errorType, errorMessage));
    const expireAfter = (seconds: number) =>
      deadline.set(seconds, () => fail('FunctionTimeout', `Function timed out after ${seconds} seconds`));

    child.on('message', (told: RuntimeMessage) => {
      if (told.type === 'log') logs.push(told.line);
      if (told.type === 'initialized') expireAfter(spec.timeout);
      if (told.type === 'result') resolve({ ...told, body: Buffer.from(told.body) });
      if (told.type === 'failure') resolve({ ...told, body: Buffer.alloc(0) });
    });
    closed.then(() => fail('ProcessExited', 'Process exited unexpectedly before completing request'));
    const hangUp = () => fail('InvocationCanceled', 'Invocation canceled by client');
    if (canceled?.aborted) return hangUp();
    canceled?.addEventListener('abort', hangUp, { once: true });
    expireAfter(spec.initializer?.timeout ?? spec.timeout);
    // A send that fails means that the process is gone, which `closed` reports.
    child.send(message, () => undefined);
  });

  deadline.clear();
  child.removeAllListeners('message');
  return { ...end, logs };
}

function unhandled(errorType: string, errorMessage: string): Omit<End, 'logs'> {
  const failure: Failure = { kind: 'UnhandledInvocationError', errorType, errorMessage, stackTrace: [] };
  return { body: Buffer.alloc(0), failure, maxMemoryBytes: 0 };
}

function timer() {
  let running: NodeJS.Timeout | undefined;
  const clear = () => clearTimeout(running);
  function set(seconds: number, expire: () => void): void {
    clear();
    running = setTimeout(expire, seconds * 1000);
  }
  return { set, clear };
}
