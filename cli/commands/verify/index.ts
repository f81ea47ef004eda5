import { Command } from '@commander-js/extra-typings';
import { inParallel } from '../../../functions/transfer/transfer';
import { run, type Work } from '../../session/run';
import { concernsAll } from '../../terminal/concerns-all';
import { asFailure, Failure } from '../../terminal/failure';
import { humanBytes } from '../../terminal/human';
import { shown } from '../../terminal/shown';
import { trustKeyOption } from '../../terminal/trust-key';
import { wholeNumber } from '../../terminal/whole-number';
import { type Thoroughness, verifyOne } from './check';
import { type Asked, type Target, targetsOf } from './targets';

const HELP = `
Each envelope is opened as what it lies there as, file or object, one KMS call each, and what comes of it is discarded. Told of
is what failed; with --json everything.

Examples:
  oss-envelope verify *.sealed
  oss-envelope verify --prefix oss://my-vault/2026/ --sample 5 --parallel 16
  find /backup -name '*.sealed' | oss-envelope verify --list - --json > report.jsonl`;

const PARALLEL = 4;
const MOST_SAMPLED = 100_000;

export function verifyCommand() {
  return new Command('verify')
    .description(
      'opens envelopes and discards what comes of them: are they whole, and does the key open them?',
    )
    .argument('[targets...]', 'files, or oss://bucket/key[?versionId=ID]')
    .option('--list <file>', 'a file of such names in UTF-8, one to a line, - for standard input')
    .option('--prefix <url>', 'every object under oss://bucket/prefix')
    .option('--versions', 'with --prefix: all versions, not only the current ones')
    .option(
      '--sample <n>',
      'of each only the first chunk, the last and n others',
      wholeNumber(0, MOST_SAMPLED),
    )
    .option('--parallel <n>', 'how many at a time', wholeNumber(1, 64), PARALLEL)
    .addOption(trustKeyOption())
    .addHelpText('after', HELP)
    .action((names, { sample, trustKey, parallel, ...options }, command) =>
      run(command, (work) => verify(work, { names, ...options }, { sample, trustKey, parallel })),
    );
}

type Tally = { ok: number; failed: number; bytes: number; last: Failure | undefined };

async function verify(work: Work, asked: Asked, how: Thoroughness & { parallel: number }): Promise<void> {
  if (asked.names.length === 0 && asked.list === undefined && asked.prefix === undefined) {
    throw new Failure('usage-wrong', 'Cannot verify: nothing is named', {
      todo: 'name files, --list or --prefix',
    });
  }
  // What is wrong with it is wrong for every envelope.
  await work.session();
  const tally: Tally = { ok: 0, failed: 0, bytes: 0, last: undefined };
  const next = (target: Target) => verifyNext(work, target, how, tally);
  await inParallel(targetsOf(work, asked), how.parallel, next).catch((error) => {
    throw asFailure(error, { left: showTally(tally) });
  });
  conclude(work, tally);
}

async function verifyNext(work: Work, target: Target, how: Thoroughness, tally: Tally): Promise<void> {
  try {
    const verified = await verifyOne(work, target, how);
    tally.ok++;
    tally.bytes += verified.bytes;
    work.output.item({ name: target.name, ok: true, ...verified });
  } catch (error) {
    const failure = asFailure(error);
    if (work.interrupted.aborted || concernsAll(failure)) throw failure;
    tally.failed++;
    tally.last = failure;
    const { code, message, detail } = failure;
    work.output.item({ name: target.name, ok: false, code, message, detail });
    work.output.say(
      `${work.output.styled('red', 'FAILED')} ${shown(target.name)}: ${shown(message)} (${code})`,
    );
  }
}

function conclude({ output }: Work, tally: Tally): void {
  const { ok, failed, bytes, last } = tally;
  const total = ok + failed;
  output.item({ total, ok, failed, bytes });
  if (total === 0) throw new Failure('file-missing', 'Cannot verify: nothing lies there');
  if (last && total === 1) throw last;
  output.say(showTally(tally));
  if (last) throw new Failure('in-part', `Cannot vouch for all: ${failed} of ${total} failed`);
}

function showTally({ ok, failed, bytes }: Tally): string {
  return `${ok} verified, ${humanBytes(bytes)}${failed > 0 ? `; ${failed} failed` : ''}`;
}
