import type { Invocation } from './instance';

/** What one invocation came to, for whoever watches. A line of `logs` is a line the function wrote. */
export type Report = {
  functionName: string;
  requestId: string;
  durationMs: number;
  /** the most that the instance has held so far; 0 when it was killed */
  maxMemoryBytes: number;
  /** CPU time of the instance in this invocation, all threads; 0 when it was killed */
  cpuMs: number;
  logs: string[];
  error?: { errorType: string; errorMessage: string };
};

export function report(functionName: string, invocation: Invocation): Report {
  const { requestId, durationMs, maxMemoryBytes, cpuMs, logs, failure } = invocation;
  const told = { functionName, requestId, durationMs, maxMemoryBytes, cpuMs, logs };
  if (!failure) return told;
  return { ...told, error: { errorType: failure.errorType, errorMessage: failure.errorMessage } };
}
