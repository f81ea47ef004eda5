import { Command } from '@commander-js/extra-typings';
import { PART_MIN, PREFERRED_MAX } from '../../../functions/envelope/layout';
import { checkDestination, STDOUT } from '../../files/deliver';
import { type Location, readVersionLocation, showLocation } from '../../files/location';
import { readOutput, takesStream, writeStream } from '../../files/stream-output';
import { run, type Work } from '../../session/run';
import type { Deployed, Session } from '../../session/session';
import { Failure } from '../../terminal/failure';
import { humanSpeed } from '../../terminal/human';
import { trustKeyOption } from '../../terminal/trust-key';
import { wholeNumber } from '../../terminal/whole-number';
import { directly } from './directly';
import { fileNameFor, save } from './save';
import type { Source, Wanted } from './source';
import { throughFunctions } from './through-functions';

type Options = {
  output?: string;
  version?: string;
  range?: string;
  direct?: true;
  trustKey?: string[];
  partBytes: number;
  parallel: number;
  force?: true;
};

export function getCommand() {
  return new Command('get')
    .description(
      'a plaintext out of the vault, through the functions or opened here; goes on where it stopped',
    )
    .argument('<envelope>', 'oss://vault/key[?versionId=ID]')
    .option(
      '-o, --output <file>',
      'where to, - is standard output; by default the last segment of the key',
      readOutput,
    )
    .option('--version <id>', 'an older version, instead of the current one')
    .option('--range <bytes>', 'bytes=0-99 (both are in), bytes=100-, bytes=-100')
    .option('--direct', 'opens here: takes oss:GetObject on the vault and kms:Decrypt, and no function')
    .addOption(trustKeyOption())
    .option(
      '--part-bytes <n>',
      'with --direct: plaintext in a part',
      wholeNumber(PART_MIN, PREFERRED_MAX),
      8_388_608,
    )
    .option('--parallel <n>', 'with --direct: parts at a time', wholeNumber(1, 64), 4)
    .option('--force', 'replaces the file, where it is there')
    .addHelpText('after', EXAMPLE)
    .action((envelope, options, command) => {
      const work = (tools: Work) => get(tools, envelope, options);
      return run(command, work, { isTaken: options.output === STDOUT });
    });
}

const EXAMPLE = `
A run that was broken off, by Ctrl-C or otherwise, goes on when the same command is given again.

Example:
  oss-envelope get oss://oss-envelope-vault/report.pdf -o report.pdf`;

async function get(work: Work, envelope: string, options: Options): Promise<void> {
  const { session, output } = work;
  const { range, force = false } = options;
  const wanted = { ...readWanted(envelope, options.version), range: checkedRange(range) };
  const path = options.output ?? fileNameFor(wanted.place);
  await checkDestination({ path, force });
  const started = performance.now();
  const source = await sourceOf(await session(), wanted, options);
  const way = options.direct ? 'direct' : 'functions';
  const before = takesStream(path)
    ? await pipe(source, path, work)
    : await save(source, { path, force, wanted, way, work });
  const { bytes, sealedAt } = source;
  const ms = Math.round(performance.now() - started);
  const facts = { versionId: source.versionId, sealedAt, bytes, range, bytesBefore: before, ms };
  output.item({ place: showLocation(wanted.place), file: path, way, ...facts });
  const again = before > 0 ? `, ${before} bytes of it in an earlier run` : '';
  output.say(`${showLocation(wanted.place)} → ${path}: ${humanSpeed(bytes, ms)}${again}`);
  output.say(`  version ${source.versionId}, sealed at ${sealedAt}`);
}

function readWanted(envelope: string, version: string | undefined): Pick<Wanted, 'place' | 'versionId'> {
  const { versionId, ...place } = readVersionLocation(envelope);
  if (versionId === undefined || version === undefined || version === versionId)
    return { place, versionId: versionId ?? version };
  throw new Failure('usage-wrong', `Cannot get ${envelope}: --version says another version`);
}

async function pipe(source: Source, path: string, { interrupted }: Work): Promise<number> {
  await writeStream(
    path,
    source.stream(() => {}),
    interrupted,
  );
  return 0;
}

function sourceOf(session: Session, wanted: Wanted, options: Options): Promise<Source> {
  if (options.direct) return directly(session, wanted, options);
  if (options.trustKey)
    throw new Failure('usage-wrong', 'Cannot use --trust-key without --direct: decrypt has its own list');
  checkVault(session, wanted.place);
  return throughFunctions(session, wanted);
}

/** The functions of a deployment open what is in its vault, whatever bucket the question names. */
function checkVault({ deployment }: Deployed, { bucket }: Location): void {
  const { vaultBucket } = deployment;
  if (bucket === vaultBucket) return;
  throw new Failure(
    'usage-wrong',
    `Cannot have ${bucket} opened by the functions: the vault of this deployment is ${vaultBucket}`,
    { todo: 'say which deployment with --env, or open it yourself with --direct' },
  );
}

function checkedRange(range: string | undefined): string | undefined {
  if (range === undefined || /^bytes=(\d{1,15}-\d{0,15}|-\d{1,15})$/.test(range)) return range;
  throw new Failure(
    'usage-wrong',
    `Cannot read the range ${range}: give bytes=0-99, bytes=100- or bytes=-100`,
  );
}
