import { readFileSync } from 'node:fs';

/** Whether the memory of another process can be seen here, and so a function's memorySize be enforced. */
export const isMemorySeen = process.platform === 'linux';

/**
 * The most memory that a process has held so far (the kernel's VmHWM), bytes; 0 where it cannot be seen. Unlike
 * getrusage() it does not begin with what the process's parent held.
 */
export function peakMemory(pid: number | 'self'): number {
  if (!isMemorySeen) return 0;
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
