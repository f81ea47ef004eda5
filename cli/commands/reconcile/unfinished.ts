import { unfinishedUploads } from '../../../functions/cloud/leftovers';
import { Fault } from '../../../functions/fault';
import type { Location } from '../../files/location';
import type { Buckets } from '../../session/session';
import { ageText, type Doubt } from './doubts';

/** ms: what is younger may be on its way. */
const STALE = 86_400_000;

/** Multipart uploads that began more than a day ago; undefined where this identity may not list them. */
export async function unfinished(session: Buckets, place: Location, now: Date): Promise<Doubt[] | undefined> {
  const doubts: Doubt[] = [];
  try {
    for await (const { key, begunAt } of unfinishedUploads(
      session.oss(place.bucket),
      'list the unfinished uploads',
    )) {
      const age = now.getTime() - begunAt.getTime();
      if (!key.startsWith(place.key) || age < STALE) continue;
      const why = `an upload began ${ageText(age)} ago and has not ended`;
      doubts.push({ bucket: place.bucket, key, what: 'unfinished', why });
    }
    return doubts;
  } catch (error) {
    if (error instanceof Fault && error.code === 'oss-refused') return undefined;
    throw error;
  }
}
