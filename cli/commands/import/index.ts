import { Command, Option } from '@commander-js/extra-typings';
import { defaultKey } from '../../envelope/data-key';
import { type Location, readLocation } from '../../files/location';
import { FORMATS, type FormatName } from '../../formats/format';
import { readKeyFile } from '../../formats/key-file';
import { tellSkipped } from '../../formats/text';
import { run, type Work } from '../../session/run';
import { Failure } from '../../terminal/failure';
import { trustKeyOption } from '../../terminal/trust-key';
import { wholeNumber } from '../../terminal/whole-number';
import { createChooseFormat, terminalConfirm } from './choose-format';
import { importAll } from './import-all';
import { type Asked, type Source, sourcesOf } from './sources';

const HELP = `
A source goes to the prefix under its name; one of --list with its folders, one of --prefix with what follows the last / of
that. Without --format only what is recognised for certain is taken, on a terminal also what you confirm. Plaintext is in
memory only. Sources stay where they are; what the vault holds of the same source already is left alone, so the same command
again goes on.

Where nothing proves what was written (envelope-cbc, oss-cse), --accept-unauthenticated takes it all the same: the envelope
then carries the user metadata imported-unauthenticated, and so does each download. Of what does not hold its data key
(aes-siv), --wrapped-key names the one under which all sources are.

What others encrypted is seldom under a key of this deployment, and no file says which it is under: the refusal names the
key that KMS found, --trust-key takes it.

It takes kms:Decrypt on their keys and kms:GenerateDataKey; on objects oss:GetObject, oss:GetObjectTagging where they have
tags, oss:ListObjectVersions with --prefix, and oss:GetObjectVersion and oss:GetObjectVersionTagging where they have
versions; on the vault oss:GetObject, oss:PutObject and oss:AbortMultipartUpload, and to see to it that the newest of a key is
on top oss:ListObjectVersions and oss:GetObjectVersion.

Examples:
  oss-envelope import old/*.enc --to oss://oss-envelope-vault/old/ --format kms-sample
  oss-envelope import --prefix oss://my-old-bucket/2019/ --to oss://oss-envelope-vault/2019/ --dry-run
  find archive -name '*.enc' | oss-envelope import --list - --to oss://oss-envelope-vault/ --json > report.jsonl`;

type Options = Omit<Asked, 'names'> & {
  to: string;
  format?: FormatName;
  acceptUnauthenticated?: true;
  wrappedKey?: string;
  key?: string;
  trustKey?: string[];
  force?: true;
  dryRun?: true;
  parallel: number;
};

export function importCommand() {
  return new Command('import')
    .description('opens what others encrypted, and seals it into the vault')
    .argument('[sources...]', 'files, or oss://bucket/key[?versionId=ID]')
    .requiredOption('--to <url>', 'oss://vault/prefix/, of a single source also oss://vault/key')
    .option('--list <file>', 'a file of such sources in UTF-8, one to a line, - for standard input')
    .option('--prefix <url>', 'every object under oss://bucket/prefix')
    .addOption(new Option('--format <name>', 'what they are, by name').choices(FORMATS))
    .option(
      '--wrapped-key <file>',
      'with --format aes-siv: the file or object that holds their wrapped data key',
    )
    .option('--accept-unauthenticated', 'takes formats in which nothing proves the content')
    .option('--key <key>', 'id, ARN or alias to seal under (default: the alias of the deployment)')
    .addOption(trustKeyOption())
    .option('--force', 'where the vault has something else under the key, puts a new version on top')
    .option('--dry-run', 'recognises and looks into the vault, opens and writes nothing')
    .option('--parallel <n>', 'how many at a time', wholeNumber(1, 64), 4)
    .addHelpText('after', HELP)
    .action((names, options, command) => run(command, (work) => importThem(work, names, options)));
}

async function importThem(work: Work, names: string[], options: Options): Promise<void> {
  const { list, prefix, format, wrappedKey, parallel } = options;
  const asked = { names, list, prefix };
  const isSingle = names.length === 1 && list === undefined && prefix === undefined;
  const target = targetOf(options.to, asked, isSingle);
  const skipped = new Set<string>();
  const dataKey = await readKeyFile(work, { wrappedKey, format, others: [list] }, skipped);
  if (skipped.size > 0)
    work.output.item({ wrappedKey, ...tellSkipped(work.output, 'the wrapped key', skipped) });
  const session = await work.session();
  const how = {
    session,
    choose: createChooseFormat(format, terminalConfirm(work.interrupted)),
    acceptUnauthenticated: options.acceptUnauthenticated === true,
    force: options.force === true,
    dryRun: options.dryRun === true,
    keyId: options.key ?? defaultKey(session),
    wrappedKey: dataKey,
    trustKey: options.trustKey,
  };
  await importAll(work, how, { sources: sourcesOf(work, session, asked), target, isSingle, parallel });
}

function targetOf(
  to: string,
  { names, list, prefix }: Asked,
  isSingle: boolean,
): (source: Source) => Location {
  const { bucket, key } = readLocation(to);
  if (names.length === 0 && list === undefined && prefix === undefined) {
    throw new Failure('usage-wrong', 'Cannot import: nothing is named', {
      todo: 'name sources, --list or --prefix',
    });
  }
  const isPrefix = key === '' || key.endsWith('/');
  if (!isSingle && !isPrefix) {
    throw new Failure('usage-wrong', `Cannot import to ${to}: more than one source needs a prefix`, {
      todo: `end it with a /: ${to}/`,
    });
  }
  return ({ as }) => ({ bucket, key: isPrefix ? `${key}${as}` : key });
}
