import { basename } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { PLAINTEXT_MAX } from '../../functions/envelope/layout';
import { defaultKey } from '../envelope/data-key';
import { placeOfFile } from '../envelope/place';
import { type FileSource, sealFile } from '../envelope/seal-file';
import { checkDestination, deliver, STDOUT, showDestination, showSource } from '../files/deliver';
import type { Input } from '../files/input';
import { type Location, readObjectLocation, showLocation } from '../files/location';
import { namedInput } from '../files/named-input';
import { readStdinOf, STDIN } from '../files/stdin';
import { readOutput, takesStream } from '../files/stream-output';
import { run, type Work } from '../session/run';
import { asFailure, Failure } from '../terminal/failure';
import { humanBytes } from '../terminal/human';
import { wholeNumber } from '../terminal/whole-number';

type Options = { output?: string; place?: string; key?: string; size?: number; force?: true };

const HELP = `
An envelope opens only as what it was sealed for: a file of its own name, unless --place says otherwise. What is sealed from
one pipe to another has no name: give --place. A pipe whose size is not known beforehand is kept aside first, sealed under a
key that nobody keeps; with --size it is not.

Examples:
  oss-envelope seal report.pdf
  pg_dump books | oss-envelope seal - -o books.sql.sealed
  oss-envelope seal report.pdf --key alias/archive --place oss://my-vault/report.pdf -o upload-me`;

export function sealCommand() {
  return new Command('seal')
    .description('seals a file or a pipe into an envelope (needs kms:GenerateDataKey and nothing else)')
    .argument('<file>', 'a file, or - for standard input')
    .option(
      '-o, --output <file>',
      'where the envelope goes, - for standard output (default: FILE.sealed)',
      readOutput,
    )
    .option('--place <url>', 'the only place as which it will open, oss://bucket/key (default: its own name)')
    .option('--key <key>', 'id, alias or ARN of the key in KMS (default: the alias of the deployment)')
    .option('--size <bytes>', 'of standard input, where it is known', wholeNumber(0, PLAINTEXT_MAX))
    .option('--force', 'replaces a file that is there')
    .addHelpText('after', HELP)
    .action((file, options, command) => {
      const path = options.output ?? (file === STDOUT ? STDOUT : `${file}.sealed`);
      return run(command, (work) => seal(work, file, { ...options, path }), { isTaken: path === STDOUT });
    });
}

type Wanted = Options & { path: string };

async function seal(work: Work, file: string, { path, force, output, ...options }: Wanted): Promise<void> {
  const place = placeOf(file, path, options.place);
  await checkDestination({ path, force });
  const session = await work.session();
  const { source, close } = await plaintextSource(work, file, options.size);
  try {
    const keyId = options.key ?? defaultKey(session);
    const { facts, size, keyArn, kmsRequestId, content } = await sealFile(session, source, { place, keyId });
    await deliver(work, content(), { path, force, output, label: 'seal', total: size });
    const { sealedAt } = facts;
    const bytes = { bytes: source.size, envelopeBytes: size };
    work.output.item({
      file,
      output: path,
      place: showLocation(place),
      ...bytes,
      keyArn,
      kmsRequestId,
      sealedAt,
    });
    work.output.say(`sealed ${showSource(file)}, ${humanBytes(source.size)}, ${showDestination(path)}`);
    if (options.place !== undefined) work.output.say(`opens only as ${showLocation(place)}`);
  } catch (error) {
    throw asFailure(error, { left: file === STDOUT ? 'everything' : `${file}; nothing was written` });
  } finally {
    await close();
  }
}

function placeOf(file: string, path: string, place: string | undefined): Location {
  if (place !== undefined) return readObjectLocation(place);
  if (!takesStream(path)) return placeOfFile(basename(path));
  if (file !== STDOUT) return placeOfFile(`${basename(file)}.sealed`);
  throw new Failure('usage-wrong', 'Cannot seal from one pipe to another: nothing tells its name', {
    todo: 'give the name that the envelope will have: --place oss://local-file/NAME',
  });
}

type Opened = { source: FileSource; close: () => Promise<void> };

async function plaintextSource(
  { interrupted }: Work,
  file: string,
  size: number | undefined,
): Promise<Opened> {
  if (file !== STDOUT && size !== undefined) {
    throw new Failure('usage-wrong', 'Cannot use --size: a file has the size that it has');
  }
  if (size !== undefined) {
    const content = () => readStdinOf(size, interrupted);
    return { source: { name: STDIN, size, modifiedAt: new Date(), content }, close: async () => {} };
  }
  const input = await namedInput(file, interrupted);
  return { source: sourceOf(input), close: input.close };
}

function sourceOf({ name, size, modifiedAt, read }: Input): FileSource {
  return { name, size, modifiedAt, content: () => read({ from: 0, to: size }) };
}
