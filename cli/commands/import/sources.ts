import { currentVersions } from '../../cloud/histories';
import { namesIn } from '../../files/list';
import { isLocation, readLocation, readVersionLocation, showLocation } from '../../files/location';
import type { Work } from '../../session/run';
import type { Session } from '../../session/session';
import { fromFile, fromObject, type Opened } from './opened';

/** One thing to import. */
export type Source = {
  /** For people. */
  name: string;
  /** Its key in the vault, after the prefix. */
  as: string;
  open(): Promise<Opened>;
};

/** What was asked for: names, a list of names, a prefix of a bucket. */
export type Asked = { names: string[]; list?: string | undefined; prefix?: string | undefined };

/** Everything that was asked for, one after the other: no more of a list than a piece, of a bucket than a page is held. */
export async function* sourcesOf(
  { interrupted }: Pick<Work, 'interrupted'>,
  session: Session,
  { names, list, prefix }: Asked,
): AsyncGenerator<Source> {
  for (const name of names) yield named(session, name, lastSegment);
  if (list !== undefined) {
    for await (const { name, wrong } of namesIn(list, interrupted)) {
      const source = named(session, name, wholePath);
      yield wrong ? { ...source, open: () => Promise.reject(wrong) } : source;
    }
  }
  if (prefix !== undefined) yield* objectsUnder(session, prefix);
}

/** Nothing is looked at before its turn: a wrong line in a list is one failure among others. */
function named(session: Session, name: string, as: (path: string) => string): Source {
  if (!isLocation(name)) return { name, as: as(name), open: () => fromFile(name) };
  const key = name.replace(/^oss:\/\/[^/]*\/?/, '').replace(/\?versionId=[\w.-]+$/, '');
  return { name, as: as(key), open: async () => fromObject(session, readVersionLocation(name)) };
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path keeps its folders; where they begin is not told. */
function wholePath(path: string): string {
  return path.replace(/^(\.?\/)+/, '');
}

/** The current versions; the empty objects that stand for folders are none. */
async function* objectsUnder(session: Session, url: string): AsyncGenerator<Source> {
  const { bucket, key: prefix } = readLocation(url);
  const above = prefix.lastIndexOf('/') + 1;
  for await (const { version } of currentVersions(session, { bucket, key: prefix })) {
    const { key, size, versionId } = version;
    if (size === 0 && key.endsWith('/')) continue;
    // A bucket without versions has this id in its listing only.
    const which = { bucket, key, versionId: versionId === 'null' ? undefined : versionId };
    const name = showLocation({ bucket, key });
    yield { name, as: key.slice(above), open: () => fromObject(session, which) };
  }
}
