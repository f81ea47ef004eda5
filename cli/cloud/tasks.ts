import { createHash } from 'node:crypto';
import { functionsAt } from '../../functions/cloud/functions';
import { type Announced, uploadEvent } from '../../functions/cloud/upload-event';
import { Fault } from '../../functions/fault';
import type { Session } from '../session/session';

/** What is asked of the encrypt function, to be done soon. `fc-unavailable` has been tried several times by then. */
export type EncryptTasks = {
  /** The function's name. */
  name: string;
  /** Hands it an event as it stands. Resolves once Function Compute has accepted it (202). */
  hand(event: string): Promise<void>;
  /** Hands it the event of a version of the inbox. `by`: who does it, in place of OSS's rule. */
  announce(version: Announced, by: string): Promise<void>;
  /**
   * The same under a task id. False where Function Compute, in task mode, knows the id from the last seven days: then it
   * has done that, or tried. Elsewhere (s.yaml: `asyncTask: false`) the id does nothing, and the event is handed over again.
   */
  announceOnce(version: Announced, by: string): Promise<boolean>;
};

export function encryptTasksOf(
  session: Pick<Session, 'deployment' | 'region' | 'fc' | 'accountId'>,
): EncryptTasks {
  const name = `${session.deployment.name}-encrypt`;
  const { region, deployment } = session;
  const bucket = deployment.inboxBucket;
  const { invokeLater } = functionsAt(session.fc());
  const hand = (event: string, taskId?: string) => invokeLater(name, event, taskId);
  const eventOf = async (version: Announced, by: string) =>
    uploadEvent(version, { bucket, region, accountId: await session.accountId(), by });
  return {
    name,
    hand: (event) => hand(event),
    announce: async (version, by) => hand(await eventOf(version, by)),
    async announceOnce(version, by) {
      try {
        await hand(await eventOf(version, by), taskId({ bucket, ...version }));
        return true;
      } catch (error) {
        if (isKnown(error)) return false;
        throw error;
      }
    },
  };
}

/** Docs, "Task deduplication": 409. */
function isKnown(error: unknown): boolean {
  return error instanceof Fault && error.code === 'fc-refused' && error.said?.status === 409;
}

/** The same for the same version of an object, whenever it is asked for: `b_` and 64 hexadecimal digits. */
export function taskId({
  bucket,
  key,
  versionId,
}: {
  bucket: string;
  key: string;
  versionId: string;
}): string {
  const hash = createHash('sha256').update(JSON.stringify([bucket, key, versionId]));
  return `b_${hash.digest('hex')}`;
}
