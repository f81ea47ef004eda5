import { versionPages } from '../../../functions/cloud/versions';
import { objectAt } from '../../envelope/sealed-object';
import { namedSource, type Source } from '../../envelope/source';
import { namesIn } from '../../files/list';
import { readLocation, showLocation } from '../../files/location';
import type { Work } from '../../session/run';
import type { Session } from '../../session/session';

/** One thing to verify. */
export type Target = { name: string; open(): Promise<Source> };

/** What was asked for: names, a list of names, a prefix of a bucket. */
export type Asked = { names: string[]; list?: string; prefix?: string; versions?: true };

/** Everything that was asked for, one after the other: no more of a list or a bucket is held than a page. */
export async function* targetsOf(
  work: Work,
  { names, list, prefix, versions }: Asked,
): AsyncGenerator<Target> {
  for (const name of names) yield named(work, name);
  if (list !== undefined) {
    for await (const { name, wrong } of namesIn(list, work.interrupted)) {
      yield wrong ? { name, open: () => Promise.reject(wrong) } : named(work, name);
    }
  }
  if (prefix !== undefined) yield* objectsUnder(await work.session(), prefix, versions === true);
}

function named(work: Work, name: string): Target {
  return { name, open: () => namedSource(work, name) };
}

async function* objectsUnder(session: Session, url: string, all: boolean): AsyncGenerator<Target> {
  const place = readLocation(url);
  const { bucket } = place;
  for await (const { versions } of versionPages(session.oss(place.bucket), { prefix: place.key })) {
    for (const { key, versionId } of versions.filter(({ isCurrent }) => all || isCurrent)) {
      const name = showLocation({ bucket, key });
      const open = async () => ({
        input: await objectAt(session, { bucket, key, versionId }),
        place: { bucket, key },
      });
      yield { name: all ? `${name}?versionId=${versionId}` : name, open };
    }
  }
}
