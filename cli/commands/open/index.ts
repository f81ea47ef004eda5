import { Command, Option } from '@commander-js/extra-typings';
import { outputFor } from '../../files/default-output';
import { STDOUT } from '../../files/deliver';
import { FORMATS } from '../../formats/format';
import { run, type Work } from '../../session/run';
import { Failure } from '../../terminal/failure';
import { trustKeyOption } from '../../terminal/trust-key';
import { openForeign } from './foreign';
import { openOwn } from './own';
import type { Wanted } from './wanted';

const HELP = `
An envelope that was moved or renamed opens only where --place names what it was sealed for; so does one that comes by a pipe.
It opens under the deployment's keys (needs kms:DescribeKey on the one behind its alias), or those that --trust-key names.
Nothing is under the final name before the last byte has verified; to a pipe goes what has verified, chunk by chunk.

Examples:
  oss-envelope open report.pdf.sealed
  oss-envelope open oss://my-vault/report.pdf -o report.pdf
  oss-envelope open upload-me --place oss://my-vault/report.pdf -o - | less
  oss-envelope open old.enc --format kms-sample -o old.txt`;

const SUFFIX = '.sealed';

export function openCommand() {
  return new Command('open')
    .description(
      'opens an envelope (needs kms:Decrypt, and oss:GetObject for an object), or what others wrote',
    )
    .argument('<file>', 'a file, - for standard input, or oss://bucket/key[?versionId=ID]')
    .option(
      '-o, --output <file>',
      `where the plaintext goes, - for standard output (default: FILE without ${SUFFIX})`,
    )
    .option('--place <url>', 'the place that it was sealed for, oss://bucket/key')
    .addOption(trustKeyOption())
    .option('--force', 'replaces a file that is there')
    .addOption(new Option('--format <name>', 'what others wrote, by name').choices(FORMATS))
    .option(
      '--accept-unauthenticated',
      'opens formats in which nothing proves that the bytes are what was written',
    )
    .addHelpText('after', HELP)
    .action((file, options, command) => {
      const path = options.output ?? outputFor(file, SUFFIX);
      return run(command, (work) => open(work, file, { ...options, path }), { isTaken: path === STDOUT });
    });
}

async function open(
  work: Work,
  file: string,
  { path, ...wanted }: Omit<Wanted, 'path'> & { path: string | undefined },
): Promise<void> {
  if (path === undefined) {
    throw new Failure('usage-wrong', `Cannot open ${file}: nothing tells where its plaintext is to go`, {
      todo: `say it with -o, for a name that does not end in ${SUFFIX}`,
    });
  }
  const { format } = wanted;
  await (format
    ? openForeign(work, file, { ...wanted, format, path })
    : openOwn(work, file, { ...wanted, path }));
}
