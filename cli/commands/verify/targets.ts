import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { listVersions, type Page } from '../../../functions/cloud/versions';
import { openObject } from '../../envelope/sealed-object';
import { openSource, type Source } from '../../envelope/source';
import { STDOUT } from '../../files/deliver';
import { readLocation, showLocation } from '../../files/location';
import type { Work } from '../../session/run';
import type { Session } from '../../session/session';
import { asFailure } from '../../terminal/failure';

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
    for await (const name of linesOf(list, work.interrupted)) yield named(work, name);
  }
  if (prefix !== undefined) yield* objectsUnder(await work.session(), prefix, versions === true);
}

function named(work: Work, name: string): Target {
  return { name, open: () => openSource(work, name) };
}

async function* linesOf(list: string, interrupted: AbortSignal): AsyncGenerator<string> {
  const input: Readable = list === STDOUT ? process.stdin : createReadStream(list);
  addAbortSignal(interrupted, input);
  // The interface loses the errors of its input.
  const failure = new Promise<never>((_, failed) => {
    input.once('error', (error) => failed(asFailure(error, { doing: `read ${list}` })));
  });
  failure.catch(() => {});
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await Promise.race([lines.next(), failure]);
    if (done) return;
    if (value !== '') yield value;
  }
}

const PAGE = 1000;

async function* objectsUnder(session: Session, url: string, all: boolean): AsyncGenerator<Target> {
  const { bucket, key: prefix } = readLocation(url);
  let after: Page['next'];
  do {
    const page = await session.retry(async () =>
      listVersions(await session.oss(bucket), { prefix, after, maxKeys: PAGE }),
    );
    for (const { key, versionId, isCurrent } of page.versions) {
      if (!all && !isCurrent) continue;
      const name = all
        ? `${showLocation({ bucket, key })}?versionId=${versionId}`
        : showLocation({ bucket, key });
      const open = async () => ({
        input: await openObject(session, { bucket, key, versionId }),
        place: { bucket, key },
      });
      yield { name, open };
    }
    after = page.next;
  } while (after);
}
