import { Command } from '@commander-js/extra-typings';
import { isLocation, type Location, readLocation, showLocation } from '../../files/location';
import type { Deployment } from '../../session/deployment';
import { inOrder } from '../../session/in-order';
import { run, type Work } from '../../session/run';
import { Failure } from '../../terminal/failure';
import { shown } from '../../terminal/shown';
import { wholeNumber } from '../../terminal/whole-number';
import { type Entry, entriesIn, type Scope } from './entries';
import { createListing, type Sized } from './listing';
import { exactSize, sizeByLength } from './size';

const HELP = `
Without -r a name that goes on behind a slash is shown as its folder, dir/, if anything is current there. Sizes are of the
plaintext. Nobody sees in a listing how long a header is, so ~ stands before a size that may be up to 60 KiB smaller;
--exact reads the headers (4 KiB each; oss:GetObject on the vault, with --versions oss:GetObjectVersion, too).

Examples:
  oss-envelope ls -l 2026/
  oss-envelope ls -r --versions --json oss://my-vault/2026/ > vault.jsonl`;

export function lsCommand() {
  return new Command('ls')
    .description('the names in the vault, and with -l sizes of the plaintext and times')
    .argument('[prefix]', 'of keys of the vault, or oss://bucket/prefix')
    .option('-l, --long', 'sizes and times, too')
    .option('-r, --recursive', 'everything below, no folders')
    .option('--versions', 'all versions with their ids, and delete markers, as with -l')
    .option('--exact', 'read headers for the sizes, as with -l')
    .option('--parallel <n>', 'with --exact: headers that are read at once', wholeNumber(1, 64), 16)
    .addHelpText('after', HELP)
    .action((prefix, options, command) => run(command, (work) => list(work, prefix, options)));
}

type Options = Scope & { long?: true | undefined; exact?: true | undefined; parallel: number };

async function list({ output, session: open }: Work, prefix: string | undefined, options: Options) {
  const session = await open();
  const place = placeOf(session.deployment, prefix);
  const { exact, versions, long = exact ?? versions ?? false, parallel } = options;
  const listing = createListing(output, { isLong: long, versions });
  const sized = async (entry: Entry): Promise<Sized> => {
    if (!('version' in entry)) return entry;
    const { version } = entry;
    return {
      ...entry,
      size: exact ? await exactSize(session, place.bucket, version) : sizeByLength(version),
    };
  };
  const entries = entriesIn(session, place, options);
  for await (const entry of inOrder(entries, exact ? parallel : 1, sized)) listing.entry(entry);
  const { wrong, isEmpty } = listing.end();
  if (isEmpty && place.key !== '')
    throw new Failure('file-missing', `Cannot list ${shown(showLocation(place))}: nothing lies there`);
  if (exact && wrong > 0)
    throw new Failure('in-part', `Cannot tell every size: ${wrong} are no envelopes that can be read`, {
      todo: 'see oss-envelope reconcile',
    });
}

/** Throws `usage-wrong` where no envelopes lie. */
function placeOf({ inboxBucket, vaultBucket, downloadsBucket }: Deployment, prefix?: string): Location {
  if (prefix === '') throw new Failure('usage-wrong', 'Cannot list: the prefix is empty');
  const place =
    prefix !== undefined && isLocation(prefix)
      ? readLocation(prefix)
      : { bucket: vaultBucket, key: prefix ?? '' };
  if (place.bucket !== inboxBucket && place.bucket !== downloadsBucket) return place;
  throw new Failure('usage-wrong', `Cannot list ${place.bucket}: what lies there are no envelopes`, {
    todo: 'see oss-envelope status',
  });
}
