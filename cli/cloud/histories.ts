import { type Version, versionPages } from '../../functions/cloud/versions';
import type { Location } from '../files/location';
import type { Buckets } from '../session/session';

/** The current version of a key; `isAlone`: it has no other. */
export type Current = { version: Version; isAlone: boolean };

/** All that a key had at one moment. */
export type History = {
  /** Undefined where a delete marker is on top, or nothing is there. */
  current: Version | undefined;
  /** Ids of versions and of delete markers. */
  versionIds: Set<string>;
  markerIds: Set<string>;
};

/** Of most keys there are few versions; other keys that begin alike may follow them in the listing. */
const VERSIONS_OF_ONE = 20;

/** The current versions of all keys under a prefix, in the order of keys. Holds a page in memory. */
export async function* currentVersions(session: Buckets, place: Location): AsyncGenerator<Current> {
  let held: Current | undefined;
  for await (const { versions } of versionPages(session.oss(place.bucket), { prefix: place.key })) {
    for (const version of versions) {
      if (held?.version.key === version.key) {
        held.isAlone = false;
        continue;
      }
      if (held) yield held;
      held = version.isCurrent ? { version, isAlone: true } : undefined;
    }
  }
  if (held) yield held;
}

/** What a key has now. A list of several pages counts as the moment of its first one. */
export async function historyOf(session: Buckets, place: Location): Promise<History> {
  const { key } = place;
  const history: History = { current: undefined, versionIds: new Set(), markerIds: new Set() };
  for await (const { versions, markers, next } of versionPages(session.oss(place.bucket), {
    prefix: key,
    maxKeys: VERSIONS_OF_ONE,
  })) {
    for (const version of versions.filter((one) => one.key === key)) {
      history.versionIds.add(version.versionId);
      if (version.isCurrent) history.current = version;
    }
    for (const marker of markers) if (marker.key === key) history.markerIds.add(marker.versionId);
    if (next && next.key !== key) break;
  }
  return history;
}
