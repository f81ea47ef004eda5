import { type ChildProcess, fork } from 'node:child_process';
import type { LocalDeployment } from '../../../infra/run/deployment';
import { INBOX, VAULT } from '../../../infra/run/deployment';
import { answerOf } from '../answer';
import type { Copy, Place } from './copy';

export type CopyOrder = { copies: Copy[] };
/** `peakBytes`: the most memory that the process has held so far. */
export type Copied = { durationsMs: number[]; cpuMs: number; peakBytes: number };

export type Copier = {
  /** One after the other. */
  copy(...copies: Copy[]): Promise<Copied>;
  close(): void;
};

/** A process that copies from inbox to vault. */
export async function startCopier(runtime: string, { cloud, owner }: LocalDeployment): Promise<Copier> {
  const child = fork(runtime);
  const place: Place = { ...owner, endpoint: cloud.oss.endpoint, from: INBOX, to: VAULT };
  child.send(place);
  await answerOf(child);
  return {
    copy: (...copies) => ordered(child, { copies }),
    close: () => child.disconnect(),
  };
}

async function ordered(child: ChildProcess, order: CopyOrder): Promise<Copied> {
  child.send(order);
  return (await answerOf(child)) as Copied;
}
