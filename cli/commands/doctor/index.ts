import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { S_YAML } from '../../session/release';
import { run, type Work } from '../../session/run';
import { Failure } from '../../terminal/failure';
import { PARTS } from './acts';
import { examineAll } from './examination';
import { createReport } from './report';

export function doctorCommand() {
  return new Command('doctor')
    .description(
      'what is wrong with the deployment that .env describes, and what to do about it; changes nothing',
    )
    .addOption(
      new Option('--as <part>', 'whom this identity is meant to be: it should do that part, and nothing else')
        .choices(PARTS)
        .default('me' as const),
    )
    .option('--probe', 'ask KMS for a data key and to unwrap one, too: its audit trail will show both')
    .option('--deep', 'list the whole inbox, not its first thousand')
    .option('--sample <n>', 'how many envelopes of the vault to look at', sampleSize, 5)
    .addOption(new Option('--s-yaml <file>', 'what was deployed').default(S_YAML, 'that of this release'))
    .addHelpText('after', '\nExample:\n  oss-envelope doctor\n  oss-envelope --local doctor --probe')
    .action((options, command) =>
      run(command, async (work) => {
        const report = createReport(work.output);
        const failure = await examineAll(
          await work.session(),
          { ...options, envFile: work.shared.env },
          report.add,
        );
        report.end();
        conclude(report.findings(), failure, work);
      }),
    );
}

function conclude(findings: number, failure: Failure | undefined, { interrupted }: Work): void {
  if (failure) throw failure;
  if (interrupted.aborted) throw new Failure('interrupted', 'Cannot finish: interrupted');
  if (findings === 0) return;
  throw new Failure('in-part', `Cannot call it healthy: ${findings} finding${findings === 1 ? '' : 's'}`, {
    todo: 'begin with the first finding, for it may explain others; then run the same command again',
  });
}

function sampleSize(text: string): number {
  const size = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= 1000) return size;
  throw new InvalidArgumentError('Give a whole number from 1 to 1000.');
}
