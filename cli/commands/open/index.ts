import { Command, Option } from '@commander-js/extra-typings';
import { outputFor } from '../../files/default-output';
import { STDOUT } from '../../files/deliver';
import { readOutput } from '../../files/stream-output';
import { FORMATS } from '../../formats/format';
import { checkKeyFile } from '../../formats/key-file';
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
  oss-envelope open old.enc --format kms-sample -o old.txt
  oss-envelope open secret.bin --format aes-siv --wrapped-key cipherkey -o secret.txt`;

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
      readOutput,
    )
    .option('--place <url>', 'the place that it was sealed for, oss://bucket/key')
    .addOption(trustKeyOption())
    .option('--force', 'replaces a file that is there')
    .addOption(
      new Option('--format <name>', 'what others wrote, by name').choices(FORMATS).conflicts('place'),
    )
    .option(
      '--wrapped-key <file>',
      'with --format aes-siv: the file or object that holds the wrapped data key',
    )
    .option('--accept-unauthenticated', 'with --format: opens what nothing proves to be what was written')
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
  const { format, wrappedKey } = wanted;
  if (format) return openForeign(work, file, { ...wanted, format, path });
  checkKeyFile({ wrappedKey, format });
  await openOwn(work, file, { ...wanted, path });
}
