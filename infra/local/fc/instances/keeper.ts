import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends `child` when this process is gone, however it went. A child that is stopped (SIGSTOP) does not see its
 * parent disappear, so a shell waits for the end of a pipe that only this process holds.
 */
export function keep(child: ChildProcess): void {
  if (child.pid === undefined || process.platform === 'win32') return;
  const script = 'read _; kill -KILL "$0"';
  const keeper = spawn('/bin/sh', ['-c', script, String(child.pid)], { stdio: ['pipe', 'ignore', 'ignore'] });
  keeper.on('error', () => undefined);
  keeper.stdin?.on('error', () => undefined);
  // The number may soon be another process's.
  child.once('exit', () => keeper.kill('SIGKILL'));
}
