import type { Version } from '../../../functions/cloud/versions';
import { versionsOf } from '../../../functions/cloud/versions';
import { Fault } from '../../../functions/fault';
import { decryptFunctionOf } from '../../cloud/functions-decrypt';
import type { Letter } from '../../cloud/letter';
import { isLocation, type Location, readObjectLocation, showLocation } from '../../files/location';
import type { Deployment } from '../../session/deployment';
import { inOrder } from '../../session/in-order';
import type { Session } from '../../session/session';
import { Failure } from '../../terminal/failure';
import { humanBytes } from '../../terminal/human';
import { shown } from '../../terminal/shown';
import { frontOf, type Looking } from './overview';
import { waitingIn } from './reason';
import { ageOf, headed, itemOf, momentText, reasonLines, type Screen, section } from './screen';

/** All that lies under some keys in inbox and vault. Throws `usage-wrong` for what is in neither. */
export async function keysOf(looking: Looking, names: string[]): Promise<Screen[]> {
  const keys = names.map((name) => keyIn(looking.session.deployment, name));
  const letter = await frontOf(looking.session).catch(() => undefined);
  const screens: Screen[] = [];
  for (const key of keys) screens.push(...(await aboutKey(looking, key, letter)));
  return screens;
}

function keyIn({ inboxBucket, vaultBucket }: Deployment, name: string): string {
  if (name === '') throw new Failure('usage-wrong', 'Cannot look: the key is empty');
  if (!isLocation(name)) return name;
  const { bucket, key } = readObjectLocation(name);
  if (bucket === inboxBucket || bucket === vaultBucket) return key;
  const why = `it is neither in the inbox (${inboxBucket}) nor in the vault (${vaultBucket})`;
  throw new Failure('usage-wrong', `Cannot look at ${name}: ${why}`, { todo: 'give a key of theirs' });
}

async function aboutKey(looking: Looking, key: string, letter: Letter | undefined): Promise<Screen[]> {
  const screens = await Promise.all([
    section('inbox', () => inInbox(looking, key, letter)),
    section('vault', () => inVault(looking.session, key)),
  ]);
  if (screens.some(({ items }) => items.length > 0)) return screens;
  const why = `Cannot find ${shown(key)}: it is neither in the inbox nor in the vault`;
  const missing = new Failure('file-missing', why, { todo: 'check the name: oss-envelope ls' });
  return [{ items: [{ key, isMissing: true }], lines: [shown(`${key}: nothing`)], failures: [missing] }];
}

async function inInbox({ session, times }: Looking, key: string, letter: Letter | undefined) {
  const bucket = session.deployment.inboxBucket;
  const holding = { key, ...(await versionsOf(session.oss(bucket), key)) };
  const waiting = waitingIn({ times, letter }, holding);
  const line = ({ size, versionId }: Version) => `${humanBytes(size)}, version ${versionId}`;
  return {
    items: waiting.map((one) => itemOf(bucket, one)),
    lines: [
      heading('inbox', { bucket, key }, waiting.length),
      ...waiting.flatMap((one) => reasonLines(one, line(one.version))),
    ],
  };
}

/** Headers that are read at once. */
const AT_ONCE = 4;

async function inVault(session: Session, key: string) {
  const bucket = session.deployment.vaultBucket;
  const { versions, markers, answeredAt } = await versionsOf(session.oss(bucket), key);
  async function* each() {
    yield* versions;
  }
  const items: object[] = [];
  const lines = [heading('vault', { bucket, key }, versions.length)];
  for await (const { said, version } of inOrder(each(), AT_ONCE, (version) => described(session, version))) {
    const { versionId, isCurrent, lastModified, size } = version;
    items.push({ bucket, key, versionId, isCurrent, lastModified, envelopeBytes: size, ...said });
    const where = isCurrent ? 'current' : 'below';
    lines.push(`  ${where}, ${ageOf(version, answeredAt)} old, version ${versionId}`, `    ${textOf(said)}`);
  }
  const isHidden = versions.every(({ isCurrent }) => !isCurrent) && markers[0];
  if (isHidden) lines.push(`  hidden by a delete marker, ${ageOf(isHidden, answeredAt)} old`);
  return { items, lines };
}

type Said = { bytes: number; sealedAt: string; keyArns: string[] } | { code: string; wrong: string };

/** By the decrypt function: what the envelope says of itself, unproven. No key is asked for. */
async function described(session: Session, version: Version): Promise<{ version: Version; said: Said }> {
  try {
    const { facts, wrappedKeys } = await decryptFunctionOf(session).describe(version.key, version.versionId);
    const keyArns = wrappedKeys.map(({ keyArn }) => keyArn);
    return { version, said: { bytes: facts.inbox.size, sealedAt: facts.sealedAt, keyArns } };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { version, said: { code: error.code, wrong: error.message } };
  }
}

function textOf(said: Said): string {
  if ('wrong' in said) return `${shown(said.wrong)} (${said.code})`;
  const { bytes, sealedAt, keyArns } = said;
  return `${humanBytes(bytes)}, sealed at ${momentText(new Date(sealedAt))} under ${shown(keyArns.join(', '))}`;
}

function heading(name: string, place: Location, versions: number): string {
  return headed(name, `${shown(showLocation(place))}${versions === 0 ? '  nothing' : ''}`);
}
