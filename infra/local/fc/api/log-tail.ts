import type { Invocation } from '../instances/instance';

const MAX_BYTES = 4096;

/** What `X-Fc-Log-Type: Tail` asks for: the last 4 KB of the invocation's log, base64 (docs: "InvokeFunction"). */
export function logTail({ requestId, logs, durationMs, maxMemoryBytes, failure }: Invocation): string {
  const end = failure
    ? `FC Invoke End RequestId: ${requestId}, Error: ${failure.errorMessage}`
    : `FC Invoke End RequestId: ${requestId}`;
  const used = `Duration: ${durationMs} ms, Max Memory Used: ${(maxMemoryBytes / 1024 ** 2).toFixed(2)} MB`;
  const lines = [
    `FC Invoke Start RequestId: ${requestId}`,
    ...logs,
    end,
    '',
    `RequestId: ${requestId}, ${used}`,
  ];
  return Buffer.from(lines.join('\n')).subarray(-MAX_BYTES).toString('base64');
}
