import type { Bucket } from '../../../functions/cloud/oss-fault';
import { Fault } from '../../../functions/fault';
import type { Location } from '../../files/location';
import type { Session } from '../../session/session';
import { ageText, type Doubt } from './doubts';

const PAGE = 1000;
/** ms: what is younger may be on its way. */
const STALE = 86_400_000;

/** Multipart uploads that began more than a day ago; undefined where this identity may not list them. */
export async function unfinished(session: Session, place: Location, now: Date): Promise<Doubt[] | undefined> {
  const doubts: Doubt[] = [];
  try {
    for await (const { name, initiated } of uploads(session.oss(place.bucket))) {
      const age = now.getTime() - Date.parse(initiated);
      if (!name.startsWith(place.key) || age < STALE) continue;
      const why = `an upload began ${ageText(age)} ago and has not ended`;
      doubts.push({ bucket: place.bucket, key: name, what: 'unfinished', why });
    }
    return doubts;
  } catch (error) {
    if (error instanceof Fault && error.code === 'oss-refused') return undefined;
    throw error;
  }
}

async function* uploads(bucket: Bucket) {
  for (let marker = {}; ; ) {
    const query = { 'max-uploads': PAGE, 'encoding-type': 'url', ...marker } as const;
    const page = await bucket.call('list the unfinished uploads', (client) => client.listUploads(query));
    for (const upload of page.uploads) yield { ...upload, name: decodeURIComponent(upload.name) };
    if (!page.isTruncated) return;
    marker = {
      'key-marker': decodeURIComponent(page.nextKeyMarker ?? ''),
      'upload-id-marker': page.nextUploadIdMarker,
    };
  }
}
