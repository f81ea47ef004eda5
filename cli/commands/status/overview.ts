import type { Holding, Version } from '../../../functions/cloud/versions';
import { firstObjects, oldestOf } from '../../cloud/bucket-settings';
import { holdings } from '../../cloud/holdings';
import { type Letter, letterIn } from '../../cloud/letter';
import { deadLetterQueue } from '../../cloud/queue';
import { plaintextSizes } from '../../envelope/plaintext-sizes';
import { showLocation } from '../../files/location';
import type { Session } from '../../session/session';
import { humanBytes } from '../../terminal/human';
import { shown } from '../../terminal/shown';
import { type Times, type Waiting, waitingIn } from './reason';
import { ageOf, headed, itemOf, momentText, reasonLines, type Screen, section } from './screen';

export type Looking = { session: Session; times: Times; isDeep: boolean; downloadSeconds: number };

/** So many versions of a bucket are seen in ten calls. */
const MOST = 10_000;

/** Everything, counted, with the oldest of each kind. */
export async function overview(looking: Looking): Promise<Screen[]> {
  const letter = await frontOf(looking.session).catch(() => undefined);
  return Promise.all([
    section('inbox', () => inbox(looking, letter)),
    section('vault', () => vault(looking)),
    section('queue', () => queue(looking, letter)),
    section('downloads', () => downloads(looking)),
  ]);
}

/** The letter at the front of the queue: more cannot be seen without taking them from others. */
export async function frontOf(session: Session): Promise<Letter | undefined> {
  const message = await deadLetterQueue(session).peek();
  return message && letterIn(message);
}

type Seen = { count: number; bytes: number; oldest: Waiting };

async function inbox({ session, times, isDeep }: Looking, letter: Letter | undefined) {
  const place = { bucket: session.deployment.inboxBucket, key: '' };
  const kinds = new Map<string, Seen>();
  let versions = 0;
  let isAll = true;
  for await (const holding of holdings(session, place)) {
    for (const waiting of waitingIn({ times, letter }, holding)) note(kinds, waiting);
    versions += holding.versions.length;
    isAll = isDeep || versions + holding.markers.length < MOST;
    if (!isAll) break;
  }
  const seen = [...kinds.values()].sort((a, b) => b.oldest.age - a.oldest.age);
  const says = versions === 0 ? 'nothing waits' : `${count(versions, 'version')}${among(isAll)}`;
  return {
    items: seen.map(({ count, bytes, oldest }) => ({ ...itemOf(place.bucket, oldest), count, bytes })),
    lines: [
      headed('inbox', `${showLocation(place)}  ${says}`),
      ...seen.flatMap(({ count, oldest }) =>
        reasonLines(
          oldest,
          count === 1 ? shown(oldest.version.key) : `${count}, the oldest ${shown(oldest.version.key)}`,
        ),
      ),
    ],
  };
}

function note(kinds: Map<string, Seen>, waiting: Waiting): void {
  const { kind, code = '' } = waiting.reason;
  const seen = kinds.get(`${kind} ${code}`) ?? { count: 0, bytes: 0, oldest: waiting };
  const oldest = waiting.age > seen.oldest.age ? waiting : seen.oldest;
  const { count, bytes } = seen;
  kinds.set(`${kind} ${code}`, { count: count + 1, bytes: bytes + waiting.version.size, oldest });
}

async function vault({ session, isDeep }: Looking) {
  const place = { bucket: session.deployment.vaultBucket, key: '' };
  const total: Total = { versions: 0, envelopes: 0, hiddenKeys: 0, bytesAtLeast: 0, bytesAtMost: 0 };
  let [isAll, now] = [true, new Date(0)];
  for await (const holding of holdings(session, place)) {
    add(total, holding);
    now = holding.answeredAt;
    isAll = isDeep || total.versions < MOST;
    if (!isAll) break;
  }
  const { versions, envelopes, bytesAtLeast, bytesAtMost, newest } = total;
  const about = bytesAtLeast < bytesAtMost ? '~' : '';
  const when = newest ? `, the newest ${ageOf(newest, now)} old: ${shown(newest.key)}` : '';
  const says = `${count(envelopes, 'envelope')}, ${about}${humanBytes(bytesAtMost)}; below ${versions - envelopes}${when}`;
  return {
    items: [{ bucket: place.bucket, ...total, isAll }],
    lines: [headed('vault', `${showLocation(place)}  ${says}${among(isAll)}`)],
  };
}

type Dated = Pick<Version, 'key' | 'versionId' | 'lastModified'>;
/** `hiddenKeys`: below delete markers. Bytes are of plaintext, of what is current. */
type Total = Record<'versions' | 'envelopes' | 'hiddenKeys' | 'bytesAtLeast' | 'bytesAtMost', number> & {
  oldest?: Dated;
  newest?: Dated;
};

function add(total: Total, { versions }: Holding): void {
  total.versions += versions.length;
  const current = versions.find(({ isCurrent }) => isCurrent);
  if (!current) {
    total.hiddenKeys += versions.length > 0 ? 1 : 0;
    return;
  }
  const { key, versionId, lastModified, size } = current;
  const dated = { key, versionId, lastModified };
  const { least, most } = plaintextSizes(size) ?? { least: 0, most: 0 };
  total.envelopes++;
  total.bytesAtLeast += least;
  total.bytesAtMost += most;
  if (!total.oldest || lastModified < total.oldest.lastModified) total.oldest = dated;
  if (!total.newest || lastModified > total.newest.lastModified) total.newest = dated;
}

async function queue({ session }: Looking, letter: Letter | undefined) {
  const { name, counts } = deadLetterQueue(session);
  const { active, inactive } = await counts();
  const { id, code, keys, at } = letter ?? {};
  const says = active + inactive === 0 ? 'empty' : count(active + inactive, 'dead letter');
  return {
    items: [{ queue: name, active, inactive, ...(letter && { first: { id, code, keys, at } }) }],
    lines: [
      headed('queue', `${name}  ${says}`),
      ...(letter ? [`  the first: ${letter.code}, ${letter.keys.map(shown).join(', ')}`] : []),
      ...(active + inactive > 0 ? ['    to do: oss-envelope dead-letters list'] : []),
    ],
  };
}

/** Their names tell nothing of keys. They lie there until the sweep after their time is over. */
async function downloads({ session, downloadSeconds }: Looking) {
  const bucket = session.deployment.downloadsBucket;
  const { objects, isAll } = await firstObjects(session.oss(bucket));
  const plaintexts = objects.filter(({ name }) => !name.startsWith('state'));
  const bytes = plaintexts.reduce((sum, { size }) => sum + size, 0);
  const oldest = oldestOf(plaintexts);
  const until = oldest && new Date(oldest.getTime() + downloadSeconds * 1000);
  const says = until
    ? `${count(plaintexts.length, 'plaintext')}, ${humanBytes(bytes)}, the oldest until ${momentText(until)}`
    : 'no plaintext';
  const some = isAll ? '' : ' (of the first 1,000 objects)';
  return {
    items: [{ bucket, plaintexts: plaintexts.length, bytes, oldest, until, isAll }],
    lines: [headed('downloads', `${showLocation({ bucket, key: '' })}  ${says}${some}`)],
  };
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function among(isAll: boolean): string {
  return isAll ? '' : ' (of the first 10,000; --deep looks at all)';
}
