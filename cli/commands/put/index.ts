import { Command } from '@commander-js/extra-typings';
import { PART_MIN, PREFERRED_MAX } from '../../../functions/envelope/layout';
import { showLocation } from '../../files/location';
import { namedInput } from '../../files/named-input';
import { run, type Work } from '../../session/run';
import { humanSpeed } from '../../terminal/human';
import { many, wholeNumber } from '../../terminal/whole-number';
import { checkBucket, placeFor } from './destination';
import { readLabels } from './labels';
import { putDirectly } from './put-directly';
import { putIntoInbox } from './put-into-inbox';
import type { PutOptions, Task } from './task';

const HELP = `
Into the inbox goes the plaintext, as any upload: the encrypt function seals it. A run that was broken off goes on when the
same command is given again, as long as the file is the same.

With --direct it is sealed here, and no bucket ever has the plaintext. Such a run cannot go on in another one: each has a data
key of its own. Of several uploads of one key the one with the latest sealedAt counts as the newest: where the vault has others,
that is put on top, which takes oss:ListObjectVersions, oss:GetObject and oss:GetObjectVersion on it.

Examples:
  oss-envelope put report.pdf oss://oss-envelope-inbox/2026/report.pdf --wait
  pg_dump books | oss-envelope put - oss://oss-envelope-vault/books.sql --direct`;

export function putCommand() {
  return new Command('put')
    .description('a file or a pipe into the inbox, or sealed here and straight into the vault')
    .argument('<file>', 'a file, or - for standard input')
    .argument(
      '<place>',
      'oss://inbox/key, with --direct oss://vault/key; one that ends with / takes the name of the file',
    )
    .option('--direct', 'seals here: takes kms:GenerateDataKey, and oss:PutObject on the vault')
    .option(
      '--key <key>',
      'with --direct: id, alias or ARN of the key in KMS (default: the alias of the deployment)',
    )
    .option('--content-type <type>', 'of the content; into the inbox by default what the name tells')
    .option('--meta <name=value>', 'user metadata, x-oss-meta-…; may be repeated', many)
    .option('--tag <name=value>', 'a tag of the object; may be repeated', many)
    .option('--wait [seconds]', 'returns when it is sealed (300)', wholeNumber(1, 86_400))
    .option('--part-bytes <n>', 'plaintext in a part', wholeNumber(PART_MIN, PREFERRED_MAX), 8_388_608)
    .option('--parallel <n>', 'parts at a time', wholeNumber(1, 64), 4)
    .option('--force', 'begins anew: an earlier run of the same command is not gone on with')
    .addHelpText('after', HELP)
    .action((file, place, options, command) => run(command, (work) => put(work, { file, place }, options)));
}

async function put(work: Work, named: { file: string; place: string }, options: PutOptions): Promise<void> {
  const { output, interrupted } = work;
  const labels = readLabels(options);
  const place = placeFor(named.place, named.file);
  const session = await work.session();
  checkBucket(session, place, options);
  const input = await namedInput(named.file, interrupted);
  const started = performance.now();
  const task: Task = { ...options, file: named.file, input, place, labels };
  try {
    const told = await (options.direct
      ? putDirectly(work, session, task)
      : putIntoInbox(work, session, task));
    const ms = Math.round(performance.now() - started);
    output.item({ file: named.file, place: showLocation(place), bytes: input.size, ...told.facts, ms });
    output.say(`${named.file} → ${showLocation(place)}: ${humanSpeed(input.size, ms)}`);
    for (const line of told.lines) output.say(`  ${line}`);
  } finally {
    await input.close();
  }
}
