import { type Stored, vaultIn } from '../../functions/cloud/vault';
import type { Version } from '../../functions/cloud/versions';
import type { Header, WrappedKey } from '../../functions/envelope/envelope';
import { KEY_ARN } from '../../functions/envelope/header';
import { Fault } from '../../functions/fault';
import { type Current, historyOf } from '../cloud/histories';
import { type Location, showLocation } from '../files/location';
import type { Session } from '../session/session';
import { Failure } from '../terminal/failure';
import { lookAtStart } from './look-at';
import { type Replaced, replaceVersion } from './rewrap-version';
import { settleKey } from './settle-after';
import { trustedKey } from './trusted-keys';
import { type Choice, choose, type Destination } from './wrapped-header';

export type RewrapOptions = {
  bucket: string;
  to: Destination;
  /** ARN or id of the key to take out, else the first that an envelope names. */
  from?: string | undefined;
  /** ARNs of keys to trust; undefined: the deployment's. One that `from` names by its ARN is trusted, too. */
  trustKey?: string[] | undefined;
  /** Deletes the version that was replaced, once the new one is verified and on top. */
  dropsOld?: boolean | undefined;
  /** Has KMS open the new version: its first chunk and its last. */
  opens?: boolean | undefined;
};

/**
 * `already`: it is under the key and its newest version. `other-key`: no wrapped key of it is under the one to take out.
 * `hidden`: a delete marker is on top.
 */
export type Rewrapped =
  | ({ outcome: 'rewrapped' } & Replaced)
  | { outcome: 'already' | 'other-key' | 'hidden' };

/** The current envelope of a key, and which of its wrapped keys is due. */
export type Envelope = {
  version: Version;
  stored: Stored;
  header: Header;
  choice: Exclude<Choice, object> | { due: WrappedKey };
};

/** How often a key may get a newer version while it is being rewrapped. */
const LOOKS = 5;

/**
 * Puts the current envelope of a key there anew with another wrapped key in its header, and everything else as it is. The
 * newest upload ends on top, whoever else writes the key meanwhile (functions/encrypt/PROTOCOL.md, "Rewrapping"). Throws
 * as `readEnvelope` does for what is no envelope of this place, and touches nothing of it.
 */
export async function rewrap(session: Session, options: RewrapOptions, found: Current): Promise<Rewrapped> {
  const place = { bucket: options.bucket, key: found.version.key };
  let current = found.isAlone ? found.version : await newest(session, place, options);
  let made: Replaced | undefined;
  for (let look = 0; look < LOOKS; look++) {
    if (!current) return { outcome: 'hidden' };
    const { choice, ...envelope } = await readEnvelope(session, options, current);
    if (made?.versionId === current.versionId) return { outcome: 'rewrapped', ...made };
    if (choice === 'already' || choice === 'other-key') return { outcome: choice };
    made = await replaceVersion(session, options, { ...envelope, ...choice });
    if (made?.isOvertaken === false) return { outcome: 'rewrapped', ...made };
    current = await newest(session, place, options);
  }
  throw new Failure('source-changed', `Cannot rewrap ${showLocation(place)}: it is written all the time`);
}

/** The current version, once the newest envelope is that. */
async function newest(
  session: Session,
  place: Location,
  { to, from }: RewrapOptions,
): Promise<Version | undefined> {
  const under = [to.arn, ...(from === undefined ? [] : [arnLike(to, from)])];
  await settleKey(session, place, { under });
  return (await historyOf(session, place)).current;
}

/** A key may be given by its id: of the same region and account then. */
function arnLike({ arn }: Destination, key: string): string {
  return key.includes(':') ? key : arn.replace(/[^/]*$/, key);
}

/**
 * Reads a version's header. Throws `format-unknown`, `input-truncated`, `cannot-open`, `place-differs`, `source-archived`,
 * `key-differs`, `keys-unknown`.
 */
export async function readEnvelope(
  session: Session,
  { bucket, to, from, trustKey }: RewrapOptions,
  version: Version,
): Promise<Envelope> {
  const place = { bucket, key: version.key };
  if (/Archive$/.test(version.storageClass))
    throw new Fault('source-archived', 'Cannot read the envelope: it is in an archive');
  const stored = await vaultIn(session.oss(bucket)).find(version.key, version.versionId);
  const { header } = lookAtStart(stored.start, { size: stored.size, name: showLocation(place) });
  checkOwn(header, place);
  const choice = choose(header, to, from);
  if (choice === 'already' || choice === 'other-key') return { version, stored, header, choice };
  const named = KEY_ARN.test(from ?? '') ? [from ?? '', ...(trustKey ?? [])] : trustKey;
  const due = await trustedKey(session, choice.due, { doing: `rewrap ${showLocation(place)}`, named });
  return { version, stored, header, choice: { due } };
}

function checkOwn({ facts }: Header, place: Location): void {
  if (facts.vault.bucket === place.bucket && facts.vault.key === place.key) return;
  throw new Failure(
    'place-differs',
    `Cannot rewrap ${showLocation(place)}: it was sealed for ${showLocation(facts.vault)}`,
    { todo: 'move it back to where it belongs, then run the same command again' },
  );
}
