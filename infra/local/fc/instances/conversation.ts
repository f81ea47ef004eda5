import type { ChildProcess } from 'node:child_process';
import type { FunctionSpec } from '../../../declared/function-spec';
import { peakMemory } from './memory';
import type { Failure, InvokeMessage, RuntimeMessage } from './runtime-messages';

export type Conversation = {
  spec: FunctionSpec;
  message: InvokeMessage;
  /** resolves when the process is gone */
  closed: Promise<void>;
  canceled: AbortSignal | undefined;
};

/** `isFatal`: the process is gone, or is of no use any more. */
export type End = {
  logs: string[];
  body: Buffer;
  failure?: Failure;
  maxMemoryBytes: number;
  cpuMs: number;
  isFatal: boolean;
};

const MEMORY_CHECK_MS = 20;

/**
 * Tells an instance's process to serve one request and waits for what comes first: its answer, its death, the
 * initializer's or the function's timeout, more memory than memorySize, or the caller hanging up. Ends nothing by
 * itself; never rejects.
 */
export async function converse(child: ChildProcess, conversation: Conversation): Promise<End> {
  const { spec, message, closed, canceled } = conversation;
  const logs: string[] = [];
  const deadline = timer();
  const memory = memoryOf(child, spec.memorySize);

  const end = await new Promise<Omit<End, 'logs'>>((resolve) => {
    const fail = (errorType: string, errorMessage: string) =>
      resolve({ ...unhandled(errorType, errorMessage), maxMemoryBytes: memory.peak(), cpuMs: 0 });
    const exceed = () => fail('FunctionOOMError', 'Process exited unexpectedly before completing request');
    const expireAfter = (seconds: number) =>
      deadline.set(seconds, () =>
        fail('FunctionTimeoutError', `Function timed out after ${seconds} seconds`),
      );
    const settle = (settled: Omit<End, 'logs'>) =>
      memory.isExceededBy(settled.maxMemoryBytes) ? exceed() : resolve(settled);

    child.on('message', (told: RuntimeMessage) => {
      if (told.type === 'log') logs.push(told.line);
      if (told.type === 'initialized') expireAfter(spec.timeout);
      if (told.type === 'result') settle({ ...told, body: Buffer.from(told.body), isFatal: false });
      if (told.type === 'failure') settle(failed(told));
    });
    memory.watch(exceed);
    closed.then(() =>
      fail('FunctionUnhandledError', 'Process exited unexpectedly before completing request'),
    );
    const hangUp = () => fail('InvocationCanceled', 'Invocation canceled by client');
    if (canceled?.aborted) return hangUp();
    canceled?.addEventListener('abort', hangUp, { once: true });
    expireAfter(spec.initializer?.timeout ?? spec.timeout);
    // A send that fails means that the process is gone, which `closed` reports.
    child.send(message, () => undefined);
  });

  deadline.clear();
  memory.clear();
  child.removeAllListeners('message');
  return { ...end, logs };
}

function failed({ failure, maxMemoryBytes, cpuMs }: RuntimeMessage & { type: 'failure' }): Omit<End, 'logs'> {
  const isFatal = failure.kind === 'InitializationError';
  return { body: Buffer.alloc(0), failure, maxMemoryBytes, cpuMs, isFatal };
}

function unhandled(errorType: string, errorMessage: string): Omit<End, 'logs' | 'maxMemoryBytes' | 'cpuMs'> {
  const failure: Failure = { kind: 'UnhandledInvocationError', errorType, errorMessage, stackTrace: [] };
  return { body: Buffer.alloc(0), failure, isFatal: true };
}

// In the cloud the kernel kills the process at the limit; here its mark is read now and then, and at the end.
function memoryOf({ pid = -1 }: ChildProcess, megabytes: number) {
  let running: NodeJS.Timeout | undefined;
  let seen = 0;
  const isExceededBy = (bytes: number) => bytes > megabytes * 1024 ** 2;
  function peak(): number {
    seen = Math.max(seen, peakMemory(pid));
    return seen;
  }
  function watch(exceed: () => void): void {
    running = setInterval(() => isExceededBy(peak()) && exceed(), MEMORY_CHECK_MS);
  }
  return { peak, watch, isExceededBy, clear: () => clearInterval(running) };
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
