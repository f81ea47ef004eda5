import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem, type } from 'node:os';

export type Machine = {
  cpu: string;
  cores: number;
  memoryGB: number;
  system: string;
  node: string;
  openssl: string;
  date: string;
  commit: string;
  /** Of the minute before: above 0.5 somebody else was at work. */
  loadBefore: number;
};

/** Where and when this is measured, and what. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${type()} ${process.arch}`,
    node: process.version,
    openssl: process.versions.openssl,
    date: new Date().toISOString(),
    commit: commit(),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function commit(): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain') === '' ? '' : ', changed';
    return `${git('rev-parse', '--short', 'HEAD')}${changed}`;
  } catch {
    return 'unknown';
  }
}
