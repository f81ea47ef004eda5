import { setTimeout } from 'node:timers/promises';
import { vaultIn } from '../../../functions/cloud/vault';
import { versionsOf } from '../../../functions/cloud/versions';
import { type Facts, parseHeader } from '../../../functions/envelope/envelope';
import { Fault } from '../../../functions/fault';
import { type Letter, letterIn } from '../../cloud/letter';
import { deadLetterQueue } from '../../cloud/queue';
import { type Location, showLocation } from '../../files/location';
import type { Buckets, Session } from '../../session/session';
import { Failure } from '../../terminal/failure';

/** One version of an upload. */
export type Awaited = Location & { versionId: string };

/** `superseded`: a newer upload of the key was sealed instead. */
export type Sealing =
  | { outcome: 'sealed'; vaultVersionId: string; sealedAt: string }
  | { outcome: 'superseded' };

const LOOK_MS = { first: 100, most: 5000 };

/**
 * Waits until a version has left the inbox, and tells which envelope of the vault was made of it. Throws `dead-lettered` as
 * soon as that is seen, `not-sealed` after `seconds`, or where it has gone and nothing tells where to.
 */
export async function awaitSealing(session: Session, upload: Awaited, seconds: number): Promise<Sealing> {
  const until = performance.now() + seconds * 1000;
  const letter = deadLetterOf(session, upload);
  for (let wait = LOOK_MS.first; ; wait = Math.min(wait * 1.5, LOOK_MS.most)) {
    const waiting = await waitingVersion(session, upload);
    if (!waiting) return fateOf(session, upload);
    const dead = await letter(waiting.eTag);
    if (dead) throw deadLettered(upload, dead);
    if (performance.now() >= until) throw stillWaiting(upload, seconds);
    await setTimeout(wait, undefined, { signal: session.interrupted });
  }
}

async function waitingVersion(session: Buckets, { bucket, key, versionId }: Awaited) {
  const { versions } = await versionsOf(session.oss(bucket), key);
  return versions.find((version) => version.versionId === versionId);
}

/** Looked for in the newest versions only. */
const LOOKED_AT = 20;

async function fateOf(session: Session, upload: Awaited): Promise<Sealing> {
  const { vaultBucket } = session.deployment;
  const { versions } = await versionsOf(session.oss(vaultBucket), upload.key);
  let newer = false;
  for (const { versionId } of versions.slice(0, LOOKED_AT)) {
    const facts = await factsOf(session, { bucket: vaultBucket, key: upload.key, versionId });
    if (facts?.inbox.versionId === upload.versionId) {
      return { outcome: 'sealed', vaultVersionId: versionId, sealedAt: facts.sealedAt };
    }
    newer ||= facts?.inbox.bucket === upload.bucket;
  }
  if (newer) return { outcome: 'superseded' };
  throw new Failure(
    'not-sealed',
    `Cannot find ${showLocation(upload)} sealed: it has gone from the inbox, and no envelope tells of it`,
  );
}

/** Undefined where something else lies there. */
async function factsOf(session: Buckets, { bucket, key, versionId }: Awaited): Promise<Facts | undefined> {
  try {
    const { start } = await vaultIn(session.oss(bucket)).find(key, versionId);
    return parseHeader(start).facts;
  } catch (error) {
    if (error instanceof Fault && /^(cannot-open|envelope-missing)$/.test(error.code)) return undefined;
    throw error;
  }
}

/** A letter about the upload, as far as one look at the front of the queue can tell. OSS's events know no version id. */
function deadLetterOf(session: Session, { key }: Awaited) {
  let isAllowed = true;
  return async (eTag: string): Promise<Letter | undefined> => {
    if (!isAllowed) return undefined;
    const message = await deadLetterQueue(session)
      .peek()
      .catch(() => {
        isAllowed = false;
        return undefined;
      });
    const letter = message && letterIn(message);
    return letter?.keys.includes(key) && letter.event?.includes(eTag) ? letter : undefined;
  };
}

function deadLettered(upload: Awaited, { code }: Letter): Failure {
  return new Failure(
    'dead-lettered',
    `Cannot see ${showLocation(upload)} sealed: it is a dead letter, ${code}`,
    {
      left: `the upload waits in the inbox, version ${upload.versionId}`,
    },
  );
}

function stillWaiting(upload: Awaited, seconds: number): Failure {
  return new Failure(
    'not-sealed',
    `Cannot see ${showLocation(upload)} sealed: after ${seconds} seconds it is still in the inbox`,
    { left: `the upload waits in the inbox, version ${upload.versionId}` },
  );
}
